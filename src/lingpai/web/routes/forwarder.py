"""Calling WeChat through us: `/wechat/{app}/…` adds the access_token, so that it never leaves this server."""

from typing import Final

from lingpai.errors import Words
from lingpai.errors.catalogue import (
    APP_UNKNOWN,
    BODY_TOO_LARGE,
    CLIENT_INVALID,
    INVALID_REQUEST,
    PATH_NOT_FORWARDED,
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
from lingpai.web.answering import NO_STORE, Answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.rooms import Rooms
from lingpai.web.service_caller import caller_for
from lingpai.wechat import RawReply, RawRequest

_LIMIT: Final = 2 * 1024 * 1024
_PATH: Final = "/wechat/{app}/{path:path}"
_PROBLEMS: Final = (
    INVALID_REQUEST,
    CLIENT_INVALID,
    SCOPE_MISSING,
    PATH_NOT_FORWARDED,
    APP_UNKNOWN,
    BODY_TOO_LARGE,
    WECHAT_BUSY,
    WECHAT_RATE_LIMITED,
    WECHAT_QUOTA,
    WECHAT_CREDENTIALS,
    WECHAT_IP_NOT_ALLOWED,
    STORAGE_UNAVAILABLE,
)
_SUMMARY: Final = Words(
    "Call WeChat with the kept access_token; status and body are WeChat's",
    "用统一维护的 access_token 调用微信，原样返回微信的状态码和内容",
)


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""

    async def forward(call: Call) -> Answer:
        app = await rooms.directory.get(call.params["app"])
        key = await caller_for(rooms, call, "wechat", app.app.appid)
        body = await call.body(_LIMIT)
        rooms.service_keys.use(key, "wechat", app.app.appid)
        request = RawRequest(
            "POST" if call.method == "POST" else "GET",
            "/" + call.params["path"],
            call.query.decode("latin-1"),
            body,
            (call.header(b"content-type") or b"application/json").decode("latin-1"),
        )
        return _answer(await rooms.forwarding.forward(app, request, by=key.id))

    return [
        Endpoint(
            method=method,
            path=_PATH,
            handle=forward,
            auth="service_key",
            summary=_SUMMARY,
            media_type="*/*",
            problems=_PROBLEMS,
        )
        for method in ("GET", "POST")
    ]


def _answer(reply: RawReply) -> Answer:
    headers = (
        (b"content-type", reply.content_type.encode("latin-1")),
        NO_STORE,
        (b"x-content-type-options", b"nosniff"),
        # What WeChat sends is data for a backend, whatever it says of itself.
        (b"content-security-policy", b"sandbox; default-src 'none'"),
    )
    return Answer(reply.status, reply.body, headers)
