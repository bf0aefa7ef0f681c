"""`/v1/admin/users` and their sessions, for programs of operators."""

from typing import Annotated, Final

import msgspec

from lingpai.accounts import PersonExport
from lingpai.admin.operators import KeyHolder
from lingpai.errors import Words
from lingpai.errors.catalogue import BODY_TOO_LARGE, INVALID_REQUEST, STORAGE_UNAVAILABLE
from lingpai.errors.catalogue_accounts import AVATAR_STORE_UNAVAILABLE
from lingpai.errors.catalogue_console import PERMISSION_MISSING
from lingpai.errors.catalogue_operators import OPERATOR_KEY_INVALID, RECORD_UNKNOWN
from lingpai.model import Merge
from lingpai.web.admin_shapes import (
    EndedAnswer,
    ErasedUserAnswer,
    MergeAnswer,
    MergeRequest,
    PersonAnswer,
    UsersAnswer,
    admin_user,
    person_answer,
)
from lingpai.web.answering import Answer, json_answer, no_content
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint, QueryParameter
from lingpai.web.operator_caller import for_operators, missing
from lingpai.web.query import read_query
from lingpai.web.reading import JsonReader
from lingpai.web.rooms import Rooms

_ALWAYS: Final = (OPERATOR_KEY_INVALID, PERMISSION_MISSING, STORAGE_UNAVAILABLE)
_ONE: Final = (*_ALWAYS, RECORD_UNKNOWN)
_USERS: Final = "/v1/admin/users"
_USER: Final = "/v1/admin/users/{user}"
PAGING: Final = (
    QueryParameter(
        "limit", {"type": "integer"}, Words("how many, 1 to 200; 50 by default", "条数，1 到 200，默认 50")
    ),
    QueryParameter("before", {"type": "string"}, Words("the last one of the page before", "上一页最后一条")),
)
_FIND: Final = QueryParameter(
    "find",
    {"type": "string"},
    Words(
        "only: this id, openid or unionid, or a nickname that starts so",
        "只查：此 id、openid 或 unionid，或以此开头的昵称",
    ),
)


class UsersQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which page of users."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50
    before: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    find: Annotated[str, msgspec.Meta(max_length=200)] = ""


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""
    routes = _PeopleRoutes(rooms)
    return [*_of_one(rooms, routes), *_between_people(rooms, routes)]


def _of_one(rooms: Rooms, routes: "_PeopleRoutes") -> list[Endpoint]:
    return [
        Endpoint(
            method="GET",
            path=_USERS,
            handle=for_operators(rooms, "look", routes.page),
            auth="operator_key",
            needs="look",
            summary=Words("Users, newest first", "列出用户，新的在前"),
            query=(*PAGING, _FIND),
            answer=UsersAnswer,
            problems=(*_ALWAYS, INVALID_REQUEST),
        ),
        Endpoint(
            method="GET",
            path=_USER,
            handle=for_operators(rooms, "look", routes.show),
            auth="operator_key",
            needs="look",
            summary=Words("One person: identities and sessions", "查询一个用户：身份与会话"),
            answer=PersonAnswer,
            problems=_ONE,
        ),
        Endpoint(
            method="GET",
            path=f"{_USER}/export",
            handle=for_operators(rooms, "run", routes.export),
            auth="operator_key",
            needs="run",
            summary=Words("Everything about one person", "导出一个用户的全部数据"),
            answer=PersonExport,
            problems=(*_ONE, AVATAR_STORE_UNAVAILABLE),
        ),
        Endpoint(
            method="DELETE",
            path=_USER,
            handle=for_operators(rooms, "run", routes.erase),
            auth="operator_key",
            needs="run",
            summary=Words("Erase one person for good", "彻底删除一个用户"),
            answer=ErasedUserAnswer,
            problems=_ONE,
        ),
    ]


def _between_people(rooms: Rooms, routes: "_PeopleRoutes") -> list[Endpoint]:
    return [
        Endpoint(
            method="POST",
            path=f"{_USER}/merge",
            handle=for_operators(rooms, "run", routes.merge),
            auth="operator_key",
            needs="run",
            summary=Words(
                "Make one user of two; for 30 days it can be undone", "合并两个用户，30 天内可撤销"
            ),
            body=MergeRequest,
            answer=MergeAnswer,
            problems=(*_ALWAYS, INVALID_REQUEST, BODY_TOO_LARGE),
        ),
        Endpoint(
            method="POST",
            path=f"{_USER}/split",
            handle=for_operators(rooms, "run", routes.split),
            auth="operator_key",
            needs="run",
            summary=Words("Undo a merge of the last 30 days", "撤销 30 天内的合并"),
            answer=MergeAnswer,
            problems=(*_ALWAYS, INVALID_REQUEST),
        ),
        Endpoint(
            method="DELETE",
            path=f"{_USER}/sessions",
            handle=for_operators(rooms, "run", routes.end_all),
            auth="operator_key",
            needs="run",
            summary=Words("End every session of a user", "结束一个用户的全部会话"),
            answer=EndedAnswer,
            problems=_ONE,
        ),
        Endpoint(
            method="DELETE",
            path=f"{_USER}/sessions/{{session}}",
            handle=for_operators(rooms, "run", routes.end),
            auth="operator_key",
            needs="run",
            summary=Words("End one session of a user", "结束用户的一个会话"),
            status=204,
            problems=_ONE,
        ),
    ]


class _PeopleRoutes:
    def __init__(self, rooms: Rooms) -> None:
        self._people: Final = rooms.people
        self._requests: Final = rooms.desk.requests
        self._sessions: Final = rooms.desk.sessions
        self._ending: Final = rooms.ending
        self._read_merge: Final = JsonReader(MergeRequest).read

    async def page(self, call: Call, _holder: KeyHolder) -> Answer:
        asked = read_query(call, UsersQuery)
        users = (
            await self._people.find(asked.find, asked.limit)
            if asked.find
            else await self._people.page(asked.limit, before=asked.before)
        )
        return json_answer(UsersAnswer([admin_user(user) for user in users]))

    async def show(self, call: Call, _holder: KeyHolder) -> Answer:
        person = await self._people.show(call.params["user"])
        if person is None:
            raise _nobody()
        return json_answer(person_answer(person))

    async def export(self, call: Call, holder: KeyHolder) -> Answer:
        document = await self._requests.export(call.params["user"], by=holder.actor)
        if document is None:
            raise _nobody()
        return json_answer(document)

    async def erase(self, call: Call, holder: KeyHolder) -> Answer:
        receipt = await self._requests.erase(call.params["user"], by=holder.actor)
        if receipt is None:
            raise _nobody()
        self._ending.erased(receipt.sessions)
        return json_answer(ErasedUserAnswer(audit_id=receipt.erasure.id, erased_at=receipt.erasure.at))

    async def merge(self, call: Call, holder: KeyHolder) -> Answer:
        body = await self._read_merge(call)
        return _merged(await self._people.merge(call.params["user"], body.other, by=holder.actor))

    async def split(self, call: Call, holder: KeyHolder) -> Answer:
        return _merged(await self._people.split(call.params["user"], by=holder.actor))

    async def end_all(self, call: Call, holder: KeyHolder) -> Answer:
        ended = await self._sessions.end_all(call.params["user"], by=holder.actor)
        if ended is None:
            raise _nobody()
        return json_answer(EndedAnswer(ended))

    async def end(self, call: Call, holder: KeyHolder) -> Answer:
        if not await self._sessions.end(call.params["user"], call.params["session"], by=holder.actor):
            raise missing("session of this user", "该用户的会话")
        return no_content()


def _merged(merge: Merge) -> Answer:
    return json_answer(MergeAnswer(winner=merge.winner, loser=merge.loser))


def _nobody() -> Exception:
    return missing("user", "用户")
