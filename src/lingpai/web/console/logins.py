"""The flight recorder: a list to search, one attempt step by step, and a report of it to share."""

from typing import Final
from urllib.parse import urlencode

import msgspec

from lingpai.clock import DAY, HOUR
from lingpai.errors import CATALOGUE, Problem
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.model import LOGIN_KINDS, AttemptSearch
from lingpai.web.answering import NO_STORE, Answer
from lingpai.web.call import Call
from lingpai.web.console.flight_path import SCALE, bars, milliseconds, total
from lingpai.web.console.flight_report import entries_of, report
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.console.seen import Seen
from lingpai.web.pages.reader import language_of, query
from lingpai.web.rooms import Rooms

ROWS: Final = 50
_PATH: Final = "/console/logins"
_LONGEST: Final = 200
_FIELDS: Final = ("q", "app", "kind", "result", "code", "since")
_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "login": LOGIN_KINDS,
    "refresh": ("refresh",),
    "profile": ("profile",),
    "phone": ("phone",),
    "decrypt": ("decrypt",),
}
_RESULTS: Final = ("refused", "signed_in", "given_again")
_SINCE: Final = {"hour": HOUR, "day": DAY, "week": 7 * DAY}
_LARGEST_ERRCODE: Final = 9
_PLAIN: Final = (
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    NO_STORE,
)


class Logins:
    """`/console/logins` and what lies below it."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._attempts: Final = rooms.attempts
        self._apps: Final = rooms.apps

    def routes(self) -> list[ConsoleRoute]:
        return [
            ConsoleRoute("GET", _PATH, "look", self.list),
            ConsoleRoute("GET", f"{_PATH}/{{id}}", "look", self.show),
            ConsoleRoute("GET", f"{_PATH}/{{id}}/report.txt", "look", self.report),
        ]

    async def list(self, call: Call, visitor: Visitor) -> Answer:
        """`GET /console/logins`: with filters in the query; what no filter knows finds nothing."""
        given = query(call)
        wanted = {name: given.get(name, "")[:_LONGEST].strip() for name in _FIELDS}
        before = given.get("before", "")[:_LONGEST] or None
        search = await self._search(wanted, before)
        found = await self._attempts.search(search, ROWS)
        apps = await self._apps.all()
        seen = Seen(apps, self._frame.clock.now())
        kept = {name: value for name, value in wanted.items() if value}
        return self._frame.page(
            call,
            visitor,
            "logins.html",
            here="logins",
            wanted=wanted,
            filtered=bool(kept),
            here_now=_link(kept),
            live=before is None,
            apps=apps,
            kinds=list(_KINDS),
            results=_RESULTS,
            spans=list(_SINCE),
            codes=sorted(CATALOGUE),
            logins=[seen.login(event) for event in found.lines],
            names=found.names,
            older=_link({**kept, "before": found.before}) if found.before else None,
            newest=_link(kept) if before else None,
        )

    async def show(self, call: Call, visitor: Visitor) -> Answer:
        """`GET /console/logins/{id}`. Raises Problem not_found."""
        found = await self._attempts.show(call.params["id"][:_LONGEST])
        if found is None:
            raise Problem(NOT_FOUND)
        event, timeline = found.line, found.timeline
        app = Seen(await self._apps.all(), self._frame.clock.now()).login(event)
        same = {"app": event.appid, "code": event.result}
        return self._frame.page(
            call,
            visitor,
            "flight.html",
            here="logins",
            row=app,
            entries=entries_of(event),
            timeline=timeline,
            bars=[] if timeline is None else bars(timeline),
            scale=SCALE,
            total=None if timeline is None else milliseconds(total(timeline)),
            name=found.name,
            same=_link({name: value for name, value in same.items() if value}),
            report=report(found, language_of(call), self._frame.version),
        )

    async def report(self, call: Call, _visitor: Visitor) -> Answer:
        """`GET /console/logins/{id}/report.txt`. Raises Problem not_found."""
        found = await self._attempts.show(call.params["id"][:_LONGEST])
        if found is None:
            raise Problem(NOT_FOUND)
        return Answer(200, report(found, language_of(call), self._frame.version).encode(), _PLAIN)

    async def _search(self, wanted: dict[str, str], before: str | None) -> AttemptSearch:
        meant = await self._attempts.meant(wanted["q"]) if wanted["q"] else AttemptSearch()
        code, result, span = wanted["code"], wanted["result"], _SINCE.get(wanted["since"])
        errcode = int(code) if code.lstrip("-").isdecimal() and len(code) <= _LARGEST_ERRCODE else None
        exact = code if code and errcode is None else None
        return msgspec.structs.replace(
            meant,
            before=before,
            appid=wanted["app"] or None,
            kinds=_KINDS.get(wanted["kind"], ()),
            refused=result == "refused",
            result=exact or (result if result in _RESULTS[1:] else None),
            errcode=errcode,
            since=None if span is None else self._frame.clock.now() - span,
        )


def _link(values: dict[str, str]) -> str:
    return f"{_PATH}?{urlencode(values)}" if values else _PATH
