"""Today: how it goes now. Read every two seconds by whoever looks at it, so each part of it is cheap."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from lingpai.admin.alarms import Alarm, alarms_of
from lingpai.admin.apps import ShownApp
from lingpai.admin.budgets import Used
from lingpai.admin.held_tokens import ShownToken
from lingpai.model import Minute
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.console.plots import Plot, plot, since
from lingpai.web.console.seen import Seen
from lingpai.web.rooms import Rooms

ROWS: Final = 20
_MOST_APPS: Final = 100
_SPARK: Final = 30


class AppToday(msgspec.Struct, frozen=True, kw_only=True):
    """An app's line."""

    app: ShownApp
    spark: Plot
    tokens: list[ShownToken]
    phones: Used | None


class Today:
    """`/console`."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._rooms: Final = rooms
        self._desk: Final = rooms.desk

    def routes(self) -> list[ConsoleRoute]:
        return [ConsoleRoute("GET", "/console", "look", self.show)]

    async def show(self, call: Call, visitor: Visitor) -> Answer:
        """`GET /console`."""
        now = self._frame.clock.now()
        apps = await self._rooms.apps.all()
        minutes = await self._rooms.attempts.per_minute(since(now))
        lines, alarms = await self._lines(apps[:_MOST_APPS], minutes, now)
        seen = Seen(apps, now)
        logins = [seen.login(event) for event in await self._rooms.people.latest_logins(ROWS)]
        people = [login.event.user_id for login in logins if login.event.user_id is not None]
        values: dict[str, Any] = {
            "rows": ROWS,
            "counts": await self._desk.figures.counts(),
            "alarms": alarms,
            "hour": plot(minutes, now),
            "lines": lines,
            "logins": logins,
            "names": await self._rooms.people.nicknames(people),
        }
        return self._frame.page(call, visitor, "today.html", here="today", **values)

    async def _lines(
        self, apps: Sequence[ShownApp], minutes: Sequence[Minute], now: int
    ) -> tuple[list[AppToday], list[Alarm]]:
        tokens = await self._desk.held_tokens.every()
        phones = await self._desk.budgets.phones([app.appid for app in apps])
        lines: list[AppToday] = []
        alarms: list[Alarm] = []
        for app in apps:
            own = [one for one in minutes if one.appid == app.appid]
            held, used = tokens.get(app.appid, []), phones.get(app.appid)
            lines.append(AppToday(app=app, spark=plot(own, now, height=_SPARK), tokens=held, phones=used))
            leaked_at = self._rooms.leaked.last(app.appid, app.secret_version)
            alarms += alarms_of(app, held, used, leaked_at)
        return lines, sorted(alarms, key=lambda alarm: alarm.finding.level != "fault")
