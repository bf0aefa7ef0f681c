"""Today: how it goes now. Read every two seconds by whoever looks at it, so each part of it is cheap."""

from typing import Final

from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.console.seen import Seen
from lingpai.web.rooms import Rooms

ROWS: Final = 20


class Today:
    """`/console`."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._people: Final = rooms.people
        self._apps: Final = rooms.apps
        self._leaked: Final = rooms.leaked

    def routes(self) -> list[ConsoleRoute]:
        return [ConsoleRoute("GET", "/console", "look", self.show)]

    async def show(self, call: Call, visitor: Visitor) -> Answer:
        """`GET /console`."""
        apps = await self._apps.all()
        overview = await self._people.overview(ROWS)
        seen = Seen(apps, self._frame.clock.now())
        return self._frame.page(
            call,
            visitor,
            "today.html",
            here="today",
            rows=ROWS,
            apps=apps,
            leaked=[
                (app, at)
                for app in apps
                if (at := self._leaked.last(app.appid, app.secret_version)) is not None
            ],
            overview=overview,
            logins=[seen.login(event) for event in overview.logins],
            names={user.id: user.nickname for user in overview.users},
        )
