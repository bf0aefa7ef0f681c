"""Webhooks and WeChat's events: who is told what, how far that has come, what became of each event."""

from typing import Final

from lingpai.errors import Problem
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.forms import read_form
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.console.seen import Seen
from lingpai.web.rooms import Rooms

ROWS: Final = 50
_PATH: Final = "/console/webhooks"


class Webhooks:
    """`/console/webhooks`."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._webhooks: Final = rooms.webhooks
        self._pushes: Final = rooms.pushes
        self._apps: Final = rooms.apps

    def routes(self) -> list[ConsoleRoute]:
        return [
            ConsoleRoute("GET", _PATH, "look", self.show),
            ConsoleRoute("POST", f"{_PATH}/test", "run", self.test),
            ConsoleRoute("POST", f"{_PATH}/redeliver", "run", self.redeliver),
        ]

    async def show(self, call: Call, visitor: Visitor) -> Answer:
        """`GET /console/webhooks`."""
        apps = await self._apps.all()
        webhooks = await self._webhooks.all()
        waiting, dead = await self._webhooks.waiting()
        seen = Seen(apps, self._frame.clock.now())
        events = await self._pushes.events(None, ROWS) or []
        return self._frame.page(
            call,
            visitor,
            "webhooks.html",
            here="webhooks",
            rows=ROWS,
            webhooks=webhooks,
            urls={each.id: each.url for each in webhooks},
            waiting=waiting,
            dead=dead,
            deliveries=await self._webhooks.deliveries(ROWS),
            events=[(seen.app(event.app), event) for event in events],
            pushes=[push for app in apps if (push := await self._pushes.show(app.appid)) is not None],
        )

    async def test(self, call: Call, visitor: Visitor) -> Answer:
        """`POST /console/webhooks/test`: send a test message."""
        del visitor  # admitted; a test changes nothing
        form = await read_form(call)
        if await self._webhooks.test(form.text("webhook")) is None:
            raise Problem(NOT_FOUND)
        return self._frame.go(_PATH, "webhook_tested")

    async def redeliver(self, call: Call, visitor: Visitor) -> Answer:
        """`POST /console/webhooks/redeliver`: send a message again."""
        form = await read_form(call)
        sent = await self._webhooks.redeliver(form.text("webhook"), form.text("message"), by=visitor.actor)
        if not sent:
            raise Problem(NOT_FOUND)
        return self._frame.go(_PATH, "redelivered")
