"""What is asked about web authorization."""

from typing import Final

from lingpai_emulator.conformance.probe import (
    APPID,
    BAD_GRANT,
    CODE_GRANT,
    NO_CODE,
    NO_OPENID,
    NO_TOKEN,
    OAUTH,
    SECRET,
    UNKNOWN,
    WRONG,
    Probe,
)

_OAUTH_TOKEN: Final = "/sns/oauth2/access_token"  # noqa: S105 - a path
_OAUTH_ORDER: Final = (
    "an access_token request is checked 41002, 40013, 50002, 41004, 40125, 41008, 40002, then the code"
)
_OAUTH_ONCE: Final = "an OAuth code can be exchanged once, by the app it was given out in"
_OAUTH_REMEMBERED: Final = "a used OAuth code is remembered as long as a used wx.login code"
_NOT_A_WEB_CODE: Final = ("code", NO_CODE)
WITHOUT_CODE: Final = (
    Probe(_OAUTH_TOKEN, "without parameters", _OAUTH_ORDER, kinds=OAUTH),
    Probe(_OAUTH_TOKEN, "with an unknown appid, without the rest", _OAUTH_ORDER, (UNKNOWN,), kinds=OAUTH),
    Probe(_OAUTH_TOKEN, "without secret, code and grant_type", _OAUTH_ORDER, (APPID,), kinds=OAUTH),
    Probe(_OAUTH_TOKEN, "with a wrong secret, without a code", _OAUTH_ORDER, (APPID, WRONG), kinds=OAUTH),
    Probe(
        _OAUTH_TOKEN,
        "with a wrong grant_type, without a code",
        _OAUTH_ORDER,
        (APPID, SECRET, BAD_GRANT),
        kinds=OAUTH,
    ),
    Probe(
        _OAUTH_TOKEN,
        "with a wrong grant_type and no good code",
        _OAUTH_ORDER,
        (APPID, SECRET, _NOT_A_WEB_CODE, BAD_GRANT),
        kinds=OAUTH,
    ),
    Probe(
        _OAUTH_TOKEN,
        "with a code that never was",
        _OAUTH_ONCE,
        (APPID, SECRET, _NOT_A_WEB_CODE, CODE_GRANT),
        kinds=OAUTH,
    ),
    Probe(
        "/sns/oauth2/refresh_token",
        "with a refresh_token that never was",
        "errcode 40030 `invalid refresh_token`",
        (APPID, ("grant_type", "refresh_token"), ("refresh_token", NO_TOKEN)),
        kinds=OAUTH,
    ),
    Probe(
        "/sns/userinfo",
        "with a token that never was",
        "errcode 40001 `invalid credential, access_token is invalid or not latest` (`/sns/*`)",
        (("access_token", NO_TOKEN), ("openid", NO_OPENID)),
        kinds=OAUTH,
    ),
    Probe(
        "/sns/auth",
        "with a token that never was",
        "auth of a token nobody gave out, or of an app's own, is answered 40014",
        (("access_token", NO_TOKEN), ("openid", NO_OPENID)),
        kinds=OAUTH,
    ),
)
_WEB_CODE: Final = ("code", "<code>")
_PERSON: Final = (("access_token", "<user_token>"), ("openid", "<openid>"))
WITH_CODE: Final = (
    Probe(
        _OAUTH_TOKEN,
        "with a good code",
        "success has access_token, expires_in, refresh_token, openid, scope in this order",
        (APPID, SECRET, _WEB_CODE, CODE_GRANT),
        kinds=OAUTH,
        keeps=("access_token=user_token", "refresh_token", "openid", "unionid", "scope"),
    ),
    Probe(
        _OAUTH_TOKEN,
        "with the same code again",
        _OAUTH_REMEMBERED,
        (APPID, SECRET, _WEB_CODE, CODE_GRANT),
        kinds=OAUTH,
        switch="reuse_errcode",
    ),
    Probe(
        "/sns/userinfo",
        "with the person's token",
        "userinfo has openid, nickname, sex, language, city, province, country, headimgurl, privilege, unionid "
        "in this order",
        (*_PERSON, ("lang", "zh_CN")),
        kinds=OAUTH,
    ),
    Probe(
        "/sns/auth",
        "with another openid",
        "auth of a good token with another openid is answered 40003",
        (_PERSON[0], ("openid", NO_OPENID)),
        kinds=OAUTH,
    ),
    Probe(
        "/sns/oauth2/refresh_token",
        "with the person's refresh_token",
        "a refresh wants no secret and gives no unionid",
        (APPID, ("grant_type", "refresh_token"), ("refresh_token", "<refresh_token>")),
        kinds=OAUTH,
    ),
)

IN_PART: Final = frozenset({_OAUTH_ORDER, _OAUTH_ONCE, _OAUTH_REMEMBERED})
