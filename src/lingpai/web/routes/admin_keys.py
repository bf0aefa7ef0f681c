"""`/v1/admin/service-keys`, `/v1/admin/signing-keys`, `/v1/admin/audit`, for programs of operators."""

from typing import Annotated, Final

import msgspec

from lingpai.admin.keys import ShownKey
from lingpai.admin.operators import KeyHolder
from lingpai.errors import Words
from lingpai.errors.catalogue import BODY_TOO_LARGE, INVALID_REQUEST, STORAGE_UNAVAILABLE
from lingpai.errors.catalogue_console import PERMISSION_MISSING
from lingpai.errors.catalogue_operators import NAME_TAKEN, OPERATOR_KEY_INVALID, RECORD_UNKNOWN
from lingpai.web.admin_shapes import (
    AddServiceKeyRequest,
    AuditAnswer,
    NewServiceKeyAnswer,
    RotateKeysRequest,
    ServiceKeysAnswer,
    SigningKeysAnswer,
)
from lingpai.web.answering import Answer, json_answer, no_content
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint, QueryParameter
from lingpai.web.operator_caller import for_operators, missing
from lingpai.web.query import read_query
from lingpai.web.reading import JsonReader
from lingpai.web.rooms import Rooms

_ALWAYS: Final = (OPERATOR_KEY_INVALID, PERMISSION_MISSING, STORAGE_UNAVAILABLE)
_WRITES: Final = (*_ALWAYS, INVALID_REQUEST, BODY_TOO_LARGE)
_SERVICE: Final = "/v1/admin/service-keys"
_SIGNING: Final = "/v1/admin/signing-keys"
_PAGING: Final = (
    QueryParameter(
        "limit", {"type": "integer"}, Words("how many, 1 to 200; 50 by default", "条数，1 到 200，默认 50")
    ),
    QueryParameter(
        "before", {"type": "integer"}, Words("the last position of the page before", "上一页最后一条的序号")
    ),
)


class AuditQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which page of the audit log."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50
    before: Annotated[int, msgspec.Meta(ge=1, le=9_007_199_254_740_991)] | None = None


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""
    routes = _KeyRoutes(rooms)
    return [*_of_service_keys(rooms, routes), *_of_signing_and_audit(rooms, routes)]


def _of_service_keys(rooms: Rooms, routes: "_KeyRoutes") -> list[Endpoint]:
    return [
        Endpoint(
            method="GET",
            path=_SERVICE,
            handle=for_operators(rooms, "look", routes.service_keys),
            auth="operator_key",
            needs="look",
            summary=Words(
                "Every service key; of its text the last four characters", "列出服务密钥，只显示后四位"
            ),
            answer=ServiceKeysAnswer,
            problems=_ALWAYS,
        ),
        Endpoint(
            method="POST",
            path=_SERVICE,
            handle=for_operators(rooms, "secure", routes.add_service_key),
            auth="operator_key",
            needs="secure",
            summary=Words("Make a service key; it is answered this once", "创建服务密钥，只返回这一次"),
            body=AddServiceKeyRequest,
            answer=NewServiceKeyAnswer,
            status=201,
            problems=(*_WRITES, NAME_TAKEN),
        ),
        Endpoint(
            method="DELETE",
            path=f"{_SERVICE}/{{name}}",
            handle=for_operators(rooms, "secure", routes.revoke_service_key),
            auth="operator_key",
            needs="secure",
            summary=Words("Refuse a service key from now on", "撤销服务密钥"),
            status=204,
            problems=(*_ALWAYS, RECORD_UNKNOWN),
        ),
    ]


def _of_signing_and_audit(rooms: Rooms, routes: "_KeyRoutes") -> list[Endpoint]:
    return [
        Endpoint(
            method="GET",
            path=_SIGNING,
            handle=for_operators(rooms, "look", routes.signing_keys),
            auth="operator_key",
            needs="look",
            summary=Words("Every signing key, newest first", "列出签名密钥，新的在前"),
            answer=SigningKeysAnswer,
            problems=_ALWAYS,
        ),
        Endpoint(
            method="POST",
            path=_SIGNING,
            handle=for_operators(rooms, "secure", routes.rotate),
            auth="operator_key",
            needs="secure",
            summary=Words("Make a new signing key", "轮换签名密钥"),
            body=RotateKeysRequest,
            answer=ShownKey,
            status=201,
            problems=_WRITES,
        ),
        Endpoint(
            method="GET",
            path="/v1/admin/audit",
            handle=for_operators(rooms, "look", routes.audit),
            auth="operator_key",
            needs="look",
            summary=Words("The audit log, newest first", "审计日志，新的在前"),
            query=_PAGING,
            answer=AuditAnswer,
            problems=(*_ALWAYS, INVALID_REQUEST),
        ),
    ]


class _KeyRoutes:
    def __init__(self, rooms: Rooms) -> None:
        self._clients: Final = rooms.desk.clients
        self._signing: Final = rooms.desk.signing_keys
        self._audit: Final = rooms.desk.audit
        self._read_key: Final = JsonReader(AddServiceKeyRequest).read
        self._read_rotation: Final = JsonReader(RotateKeysRequest).read

    async def service_keys(self, _call: Call, _holder: KeyHolder) -> Answer:
        return json_answer(ServiceKeysAnswer(await self._clients.all()))

    async def add_service_key(self, call: Call, holder: KeyHolder) -> Answer:
        body = await self._read_key(call)
        shown, key = await self._clients.add(body.name, tuple(body.scopes), by=holder.actor)
        made = NewServiceKeyAnswer(name=shown.name, scopes=list(shown.scopes), service_key=key.reveal())
        return json_answer(made, status=201)

    async def revoke_service_key(self, call: Call, holder: KeyHolder) -> Answer:
        if not await self._clients.revoke(call.params["name"], by=holder.actor):
            raise missing("running service key", "有效的服务密钥")
        return no_content()

    async def signing_keys(self, _call: Call, _holder: KeyHolder) -> Answer:
        return json_answer(SigningKeysAnswer(await self._signing.all()))

    async def rotate(self, call: Call, holder: KeyHolder) -> Answer:
        body = await self._read_rotation(call)
        return json_answer(await self._signing.rotate(at_once=body.at_once, by=holder.actor), status=201)

    async def audit(self, call: Call, _holder: KeyHolder) -> Answer:
        asked = read_query(call, AuditQuery)
        return json_answer(AuditAnswer(await self._audit.page(asked.limit, before=asked.before)))
