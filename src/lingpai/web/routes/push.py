"""`/wechat/{app}/push`: where WeChat sends the events of an app. The contract is WeChat's, so is every word answered.

https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html
"""

from typing import Annotated, Final

import msgspec

from lingpai.errors import Words
from lingpai.errors.catalogue import APP_UNKNOWN, BODY_TOO_LARGE, INVALID_REQUEST, STORAGE_UNAVAILABLE
from lingpai.errors.catalogue_push import PUSH_NOT_SET_UP, PUSH_REFUSED
from lingpai.push import Signed
from lingpai.web.answering import NO_STORE, Answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.query import read_query
from lingpai.web.rooms import Rooms
from lingpai.web.shapes import Unprinted

_LIMIT: Final = 64 * 1024
_PATH: Final = "/wechat/{app}/push"
_PROBLEMS: Final = (
    INVALID_REQUEST,
    APP_UNKNOWN,
    PUSH_NOT_SET_UP,
    PUSH_REFUSED,
    BODY_TOO_LARGE,
    STORAGE_UNAVAILABLE,
)
_HEADERS: Final = (
    (b"content-type", b"text/plain; charset=utf-8"),
    NO_STORE,
    (b"x-content-type-options", b"nosniff"),
    # What is echoed is a stranger's text.
    (b"content-security-policy", b"sandbox; default-src 'none'"),
)

Part = Annotated[str, msgspec.Meta(max_length=128)]


class Greeting(Unprinted, frozen=True, kw_only=True):
    """What WeChat asks with when the address is entered."""

    signature: Part
    timestamp: Part
    nonce: Part
    echostr: Annotated[str, msgspec.Meta(max_length=1024)]


class Pushed(Unprinted, frozen=True, kw_only=True):
    """What stands beside an event; `openid` and `encrypt_type` prove nothing and are not looked at."""

    timestamp: Part
    nonce: Part
    signature: Part = ""
    msg_signature: Part = ""


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""

    async def greet(call: Call) -> Answer:
        app = await rooms.directory.get(call.params["app"])
        asked = read_query(call, Greeting)
        signed = Signed(timestamp=asked.timestamp, nonce=asked.nonce, signature=asked.signature)
        await rooms.receiving.greet(app, signed)
        return Answer(200, asked.echostr.encode("utf-8", "replace"), _HEADERS)

    async def receive(call: Call) -> Answer:
        app = await rooms.directory.get(call.params["app"])
        given = read_query(call, Pushed)
        signed = Signed(
            timestamp=given.timestamp,
            nonce=given.nonce,
            signature=given.signature,
            msg_signature=given.msg_signature,
        )
        await rooms.receiving.receive(app, signed, await call.body(_LIMIT))
        return Answer(200, b"success", _HEADERS)

    return [
        Endpoint(
            method="GET",
            path=_PATH,
            handle=greet,
            summary=Words("WeChat asks whether this address is ours", "微信验证推送地址"),
            media_type="text/plain",
            problems=_PROBLEMS,
        ),
        Endpoint(
            method="POST",
            path=_PATH,
            handle=receive,
            summary=Words("WeChat pushes an event", "接收微信推送的事件"),
            media_type="text/plain",
            problems=_PROBLEMS,
        ),
    ]
