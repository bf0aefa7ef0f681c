"""Taking one's data along, and having one's account erased."""

from typing import Final

import msgspec

from lingpai.accounts import PersonExport, gone
from lingpai.clock import rfc3339
from lingpai.errors import Words
from lingpai.errors.catalogue import SESSION_INVALID, STORAGE_UNAVAILABLE
from lingpai.errors.catalogue_accounts import AVATAR_STORE_UNAVAILABLE, LOGIN_TOO_OLD
from lingpai.sessions import require_fresh
from lingpai.web.answering import NO_STORE, Answer, encode_json, json_answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.rooms import Rooms
from lingpai.web.signed_in import signed_in

_A_FILE: Final = (
    (b"content-type", b"application/json"),
    (b"content-disposition", b'attachment; filename="account.json"'),
    NO_STORE,
    (b"x-content-type-options", b"nosniff"),
)


class ErasedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The account is gone; this is all that is left of it."""

    audit_id: str
    erased_at: str


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""
    routes = _LeavingRoutes(rooms)
    of_a_person = (SESSION_INVALID, STORAGE_UNAVAILABLE)
    return [
        Endpoint(
            method="DELETE",
            path="/v1/me",
            handle=routes.erase,
            auth="access_token",
            summary=Words(
                "Erase one's account; the session has to be at most 5 minutes old",
                "注销账号，会话须在 5 分钟内建立",
            ),
            answer=ErasedAnswer,
            problems=(LOGIN_TOO_OLD, *of_a_person),
        ),
        Endpoint(
            method="GET",
            path="/v1/me/export",
            handle=routes.export,
            auth="access_token",
            summary=Words(
                "Everything about oneself as one file; the session has to be at most 5 minutes old",
                "导出自己的全部数据，会话须在 5 分钟内建立",
            ),
            answer=PersonExport,
            problems=(LOGIN_TOO_OLD, AVATAR_STORE_UNAVAILABLE, *of_a_person),
        ),
    ]


class _LeavingRoutes:
    def __init__(self, rooms: Rooms) -> None:
        self._rooms: Final = rooms

    async def erase(self, call: Call) -> Answer:
        who = await signed_in(self._rooms, call)
        now = self._rooms.clock.now()
        require_fresh(who.session, now)
        receipt = await self._rooms.erasing.erase(who.user.id, "self")
        if receipt is None:
            raise gone()
        self._rooms.ending.erased(receipt.sessions)
        return json_answer(ErasedAnswer(audit_id=receipt.erasure.id, erased_at=rfc3339(receipt.erasure.at)))

    async def export(self, call: Call) -> Answer:
        who = await signed_in(self._rooms, call)
        require_fresh(who.session, self._rooms.clock.now())
        document = await self._rooms.exports.of(who.user.id, "self")
        if document is None:
            raise gone()
        return Answer(200, encode_json(document), _A_FILE)
