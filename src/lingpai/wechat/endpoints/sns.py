"""What does WeChat say about the person behind a code? (``/sns/*``)"""

from typing import Annotated, ClassVar

from msgspec import Meta
from msgspec.structs import force_setattr

from lingpai.wechat._endpoint import Endpoint, Wire

OpenId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{1,128}\Z")]
UnionId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{0,128}\Z")]
UserToken = Annotated[str, Meta(pattern=r"\A[ -~]{1,1024}\Z")]
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


class OAuth2AccessTokenRequest(Wire, frozen=True):
    """``code`` came back from ``connect/oauth2/authorize`` or ``connect/qrconnect``; it works once."""

    hidden: ClassVar[frozenset[str]] = frozenset({"secret", "code"})

    appid: str
    secret: str
    code: str
    grant_type: str = "authorization_code"


class OAuth2AccessToken(Wire, frozen=True):
    """Who the person is to this app, and the tokens their consent gave.

    ``expires_in`` in seconds. ``scope`` as granted. ``unionid``: None for ``snsapi_base``, and when the
    app is bound to no Open Platform account. ``is_snapshotuser`` is 1 for the virtual person of a
    snapshot page and left out otherwise: then openid and unionid are nobody's.
    """

    hidden: ClassVar[frozenset[str]] = frozenset({"access_token", "refresh_token"})

    access_token: UserToken
    expires_in: int
    refresh_token: UserToken
    openid: OpenId
    scope: str = ""
    unionid: UnionId | None = None
    is_snapshotuser: int = 0

    def __post_init__(self) -> None:
        if self.unionid == "":
            force_setattr(self, "unionid", None)


# https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html
# Refusals to expect: 40029, 40163 (code), 41008, 40013, 40125 (credentials), 50002, -1.
SNS_OAUTH2_ACCESS_TOKEN = Endpoint(
    method="GET",
    path="/sns/oauth2/access_token",
    request=OAuth2AccessTokenRequest,
    answer=OAuth2AccessToken,
)


class OAuth2RefreshTokenRequest(Wire, frozen=True):
    """``refresh_token`` lives 30 days from the consent; no AppSecret is asked for."""

    hidden: ClassVar[frozenset[str]] = frozenset({"refresh_token"})

    appid: str
    refresh_token: str
    grant_type: str = "refresh_token"


class OAuth2RefreshToken(Wire, frozen=True):
    """The same access_token with a longer life while it lives, a new one afterwards. Never a unionid."""

    hidden: ClassVar[frozenset[str]] = frozenset({"access_token", "refresh_token"})

    access_token: UserToken
    expires_in: int
    refresh_token: UserToken
    openid: OpenId
    scope: str = ""


# Refusals to expect: 40030, 42002 (refresh_token), 42007 (password changed), 41003, 40013.
SNS_OAUTH2_REFRESH_TOKEN = Endpoint(
    method="GET",
    path="/sns/oauth2/refresh_token",
    request=OAuth2RefreshTokenRequest,
    answer=OAuth2RefreshToken,
)


class UserInfoRequest(Wire, frozen=True):
    """``lang``: ``zh_CN``, ``zh_TW`` or ``en``; in which language places are told."""

    hidden: ClassVar[frozenset[str]] = frozenset({"access_token"})

    access_token: str
    openid: str
    lang: str


class UserInfo(Wire, frozen=True):
    """The person's nickname and avatar; ``headimgurl`` is empty when there is none.

    Since 2021-10 ``sex`` is 0 and the places are empty.
    """

    openid: OpenId
    nickname: str = ""
    headimgurl: str = ""
    sex: int = 0
    language: str = ""
    city: str = ""
    province: str = ""
    country: str = ""
    unionid: UnionId | None = None

    def __post_init__(self) -> None:
        if self.unionid == "":
            force_setattr(self, "unionid", None)


# Refusals to expect: 48001 (snsapi_base), 40001, 42001 (access_token), 40003 (openid), 42007, -1.
SNS_USERINFO = Endpoint(
    method="GET",
    path="/sns/userinfo",
    request=UserInfoRequest,
    answer=UserInfo,
)
