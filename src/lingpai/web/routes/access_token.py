"""The kept access_token for backends: `GET /v1/{app}/access-token`, and saying that it failed."""

from typing import Annotated, Final

import msgspec

from lingpai.errors import Words
from lingpai.errors.catalogue import (
    APP_UNKNOWN,
    BODY_TOO_LARGE,
    CLIENT_INVALID,
    INVALID_REQUEST,
    SCOPE_MISSING,
    STORAGE_UNAVAILABLE,
)
from lingpai.errors.catalogue_wechat import (
    WECHAT_BUSY,
    WECHAT_CREDENTIALS,
    WECHAT_IP_NOT_ALLOWED,
    WECHAT_QUOTA,
    WECHAT_RATE_LIMITED,
)
from lingpai.keeper import ReportOutcome, insist
from lingpai.web.answering import Answer, json_answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.reading import JsonReader
from lingpai.web.rooms import Rooms
from lingpai.web.service_caller import service_caller
from lingpai.web.shapes import Unprinted

_LARGEST: Final = (1 << 63) - 1


class AccessTokenAnswer(Unprinted, frozen=True, kw_only=True):
    """An access_token of WeChat that works now."""

    access_token: str
    expires_in: int
    """Seconds left. Ask again for every call or keep it for a minute, never to its end."""
    generation: int
    """What to report when WeChat refuses the token."""


class ReportRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which token failed, and what WeChat said."""

    generation: Annotated[int, msgspec.Meta(ge=0, le=_LARGEST)]
    errcode: Annotated[
        int, msgspec.Meta(ge=-(1 << 31), lt=1 << 31, description="WeChat's errcode: 40001, 40014 or 42001")
    ]


class ReportAnswer(Unprinted, frozen=True, kw_only=True):
    """The token to go on with."""

    access_token: str
    expires_in: int
    generation: int
    outcome: ReportOutcome
    """`replaced`: there was a newer one. `renewed`: it was dead. `good`: WeChat takes it, look at your call."""


_PROBLEMS: Final = (
    CLIENT_INVALID,
    SCOPE_MISSING,
    APP_UNKNOWN,
    WECHAT_BUSY,
    WECHAT_RATE_LIMITED,
    WECHAT_QUOTA,
    WECHAT_CREDENTIALS,
    WECHAT_IP_NOT_ALLOWED,
    STORAGE_UNAVAILABLE,
)


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""
    routes = _AccessTokenRoutes(rooms)
    return [
        Endpoint(
            method="GET",
            path="/v1/{app}/access-token",
            handle=routes.show,
            hot=True,
            auth="service_key",
            summary=Words("WeChat's access_token of an app", "获取应用的微信 access_token"),
            answer=AccessTokenAnswer,
            problems=_PROBLEMS,
        ),
        Endpoint(
            method="POST",
            path="/v1/{app}/access-token/report",
            handle=routes.report,
            auth="service_key",
            summary=Words(
                "Say that a token failed, and get the one to go on with",
                "上报失效的 token 并取得可用的 token",
            ),
            body=ReportRequest,
            answer=ReportAnswer,
            problems=(INVALID_REQUEST, BODY_TOO_LARGE, *_PROBLEMS),
        ),
    ]


class _AccessTokenRoutes:
    def __init__(self, rooms: Rooms) -> None:
        self._rooms: Final = rooms
        self._read_report: Final = JsonReader(ReportRequest, limit=1_024).read

    async def show(self, call: Call) -> Answer:
        rooms = self._rooms
        name = call.params["app"]
        key = await service_caller(rooms, call)
        app = rooms.directory.known(name) or await rooms.directory.get(name)
        insist(key, "access_token", app.app.appid)
        rooms.gate.backend(key.id)
        token = rooms.tokens.known(app) or await rooms.tokens.get(app)
        rooms.service_keys.use(key, "access_token", app.app.appid, token.generation)
        return json_answer(
            AccessTokenAnswer(
                access_token=token.value.reveal(), expires_in=token.expires_in, generation=token.generation
            )
        )

    async def report(self, call: Call) -> Answer:
        rooms = self._rooms
        key = await service_caller(rooms, call)
        app = await rooms.directory.get(call.params["app"])
        insist(key, "access_token", app.app.appid)
        rooms.gate.backend(key.id)
        body = await self._read_report(call)
        report = await rooms.tokens.report(app, body.generation, body.errcode, by=key.id)
        token = report.token
        rooms.service_keys.use(key, "access_token", app.app.appid, token.generation)
        return json_answer(
            ReportAnswer(
                access_token=token.value.reveal(),
                expires_in=token.expires_in,
                generation=token.generation,
                outcome=report.outcome,
            )
        )
