"""What does WeChat say about the person behind a code? (``/sns/*``)"""

from typing import Annotated, ClassVar

from msgspec import Meta
from msgspec.structs import force_setattr

from lingpai.wechat._endpoint import Endpoint, Wire

OpenId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{1,128}\Z")]
UnionId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{0,128}\Z")]
# 16 bytes in base64: 22 characters, the last of which carries only two bits, and "==".
SessionKey = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9+/]{21}[AQgw]==\Z")]


class JsCode2SessionRequest(Wire, frozen=True):
    """``js_code`` comes from ``wx.login``, lives five minutes and can be used once."""

    hidden: ClassVar[frozenset[str]] = frozenset({"secret", "js_code"})

    appid: str
    secret: str
    js_code: str
    grant_type: str = "authorization_code"


class JsCode2Session(Wire, frozen=True):
    """Who the person is to this app, and the key WeChat signs and encrypts their data with.

    ``session_key``: 16 bytes as base64 text; it must never leave the server.
    ``openid``: 1 to 128 of ``A-Za-z0-9_-``, unique per person and app.
    ``unionid``: same alphabet, unique per person and Open Platform account; None when the app is
    not bound to one (WeChat then leaves it out; an empty one counts as absent).
    """

    hidden: ClassVar[frozenset[str]] = frozenset({"session_key"})

    session_key: SessionKey
    openid: OpenId
    unionid: UnionId | None = None

    def __post_init__(self) -> None:
        if self.unionid == "":
            force_setattr(self, "unionid", None)


# https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_code2session
# Refusals to expect: 40029, 40163 (code), 40226 (blocked), 45011 (per person and minute),
# 40013, 40125 (credentials), -1. The answer to a success has no errcode.
SNS_JSCODE2SESSION = Endpoint(
    method="GET",
    path="/sns/jscode2session",
    request=JsCode2SessionRequest,
    answer=JsCode2Session,
)
