"""The audit log: what was done, by whom; whether it is as it was written; all of it as a file."""

from collections.abc import AsyncIterator
from typing import Any, Final
from urllib.parse import urlencode

from starlette.types import Send

from lingpai.admin.audit import ShownEntry
from lingpai.admin.audit_checking import Verdict
from lingpai.admin.audit_search import AuditFilter, AuditSearch
from lingpai.web.answering import NO_STORE, Answer, encode_json
from lingpai.web.call import Call
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.pages.reader import query
from lingpai.web.rooms import Rooms

_PATH: Final = "/console/audit"
_ROWS: Final = 50
_LONGEST: Final = 100
_LONGEST_NUMBER: Final = 18
_MOST_BROKEN: Final = 50
_CHUNK: Final = 65_536


class Flow(Answer, frozen=True):
    """An answer that is written while it is read; its length is not known before."""

    rows: Any = None
    """An async iterator of entries."""

    async def send(self, call: Call, send: Send) -> None:
        headers = [*self.headers, (b"x-request-id", call.request_id.encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        waiting = bytearray()
        async for row in self.rows:
            waiting += encode_json(row) + b"\n"
            if len(waiting) >= _CHUNK:
                await send({"type": "http.response.body", "body": bytes(waiting), "more_body": True})
                waiting.clear()
        await send({"type": "http.response.body", "body": bytes(waiting)})


class AuditPages:
    """`/console/audit`."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._log: Final = rooms.desk.audit
        self._checking: Final = rooms.desk.audit_checking
        self._search: Final = AuditSearch(rooms.desk.audit)

    def routes(self) -> list[ConsoleRoute]:
        return [
            ConsoleRoute("GET", _PATH, "look", self.listed),
            ConsoleRoute("POST", f"{_PATH}/verify", "look", self.verify),
            ConsoleRoute("POST", f"{_PATH}/export", "look", self.export),
        ]

    async def listed(self, call: Call, visitor: Visitor) -> Answer:
        """`GET /console/audit`."""
        return await self._page(call, visitor)

    async def verify(self, call: Call, visitor: Visitor) -> Answer:
        """`POST …/verify`: the page with what the check found."""
        return await self._page(call, visitor, verdict=await self._checking.verify())

    async def export(self, _call: Call, visitor: Visitor) -> Answer:
        """`POST …/export`: every row as NDJSON, oldest first, as `lingpai audit export` writes it."""
        await self._log.note(visitor.actor, "audit.exported")
        rows: AsyncIterator[ShownEntry] = self._log.everything()
        headers = (
            (b"content-type", b"application/x-ndjson"),
            (b"content-disposition", b'attachment; filename="audit.ndjson"'),
            (b"x-content-type-options", b"nosniff"),
            NO_STORE,
        )
        return Flow(200, headers=headers, rows=rows)

    async def _page(self, call: Call, visitor: Visitor, *, verdict: Verdict | None = None) -> Answer:
        asked = query(call)
        given = {name: asked.get(name, "").strip()[:_LONGEST] for name in ("who", "action", "about")}
        before = _position(asked.get("before", ""))
        page = await self._search.page(AuditFilter(**given), _ROWS, before)
        kept = {name: value for name, value in given.items() if value}
        older = f"{_PATH}?{urlencode({**kept, 'before': page.before})}" if page.before else None
        return self._frame.page(
            call,
            visitor,
            "audit.html",
            here="audit",
            entries=page.entries,
            looked=page.looked_through,
            given=given,
            filtered=bool(kept),
            older=older,
            first=f"{_PATH}?{urlencode(kept)}" if before else None,
            verdict=verdict,
            broken=verdict.broken[:_MOST_BROKEN] if verdict else [],
            head=f"{verdict.head.position}:{verdict.head.hash.hex()}" if verdict else "",
        )


def _position(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None
