"""The signature a page needs before WeChat lets it use the JS-SDK."""

import hashlib
from typing import Annotated, Final

import msgspec

from lingpai.clock import SECOND
from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import APP_KIND_WRONG, APP_UNKNOWN, INVALID_REQUEST, STORAGE_UNAVAILABLE
from lingpai.errors.catalogue_browser import RETURN_TO_NOT_ALLOWED
from lingpai.errors.catalogue_wechat import (
    WECHAT_BUSY,
    WECHAT_CREDENTIALS,
    WECHAT_IP_NOT_ALLOWED,
    WECHAT_QUOTA,
)
from lingpai.logins.oauth import target_of
from lingpai.secret import random_bytes
from lingpai.web.answering import Answer, json_answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint, QueryParameter
from lingpai.web.query import read_query
from lingpai.web.rooms import Rooms

_URL: Final = QueryParameter(
    "url",
    {"type": "string", "format": "uri"},
    Words(
        "the page's address; on iOS the one it was entered by, on Android the present one. What stands behind `#` is ignored",
        "页面地址：iOS 用进入时的地址，Android 用当前地址；`#` 之后的部分会被忽略",
    ),
)


class JsSdkQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which page."""

    url: Annotated[str, msgspec.Meta(max_length=2_000)]


class JsSdkAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What `wx.config` wants, in WeChat's spelling."""

    appId: str  # noqa: N815
    timestamp: int
    nonceStr: str  # noqa: N815
    signature: str


def signature(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """Lower-case hex of the SHA-1 that WeChat computes, too; `url` without its fragment.

    https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html, appendix 1.
    """
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}"
    return hashlib.sha1(text.encode()).hexdigest()  # noqa: S324  WeChat's choice


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""

    async def js_sdk(call: Call) -> Answer:
        name = call.params["app"]
        app = rooms.directory.known(name) or await rooms.directory.get(name)
        if app.app.kind != "official_account":
            raise Problem(APP_KIND_WRONG, facts={"app": app.app.appid, "kind": app.app.kind})
        url = target_of(read_query(call, JsSdkQuery).url, app.app.settings.origins).before_fragment
        ticket = (await rooms.tickets.get(app)).value
        nonce = random_bytes(16).hex()
        timestamp = rooms.clock.now() // SECOND
        return json_answer(
            JsSdkAnswer(
                appId=app.app.appid,
                timestamp=timestamp,
                nonceStr=nonce,
                signature=signature(ticket.reveal(), nonce, timestamp, url),
            )
        )

    return [
        Endpoint(
            method="GET",
            path="/v1/{app}/js-sdk",
            handle=js_sdk,
            pages=True,
            summary=Words("The signature for wx.config", "JS-SDK 签名"),
            query=(_URL,),
            answer=JsSdkAnswer,
            problems=(
                INVALID_REQUEST,
                RETURN_TO_NOT_ALLOWED,
                APP_UNKNOWN,
                APP_KIND_WRONG,
                WECHAT_CREDENTIALS,
                WECHAT_IP_NOT_ALLOWED,
                WECHAT_BUSY,
                WECHAT_QUOTA,
                STORAGE_UNAVAILABLE,
            ),
        )
    ]
