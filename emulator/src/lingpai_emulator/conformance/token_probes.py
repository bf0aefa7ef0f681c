"""What is asked about an app's own access_token: fetching it, and using it where that changes nothing."""

from typing import Final

from lingpai_emulator.conformance.probe import (
    ACCOUNT,
    APPID,
    BAD_GRANT,
    NO_OPENID,
    NO_TOKEN,
    TOKEN,
    UNKNOWN,
    WRONG,
    WRONG_SECRET,
    Probe,
)

_FETCH_ORDER: Final = (
    "checks of `cgi-bin/token` run 41002, 40013, 40002, 41004, 40125, 40243, 50002 or 50004 or 50007, "
    "the address, 45011, 45009"
)
_TOKEN: Final = "/cgi-bin/token"  # noqa: S105 - a path
FETCHING: Final = (
    Probe(_TOKEN, "without parameters", _FETCH_ORDER),
    Probe(_TOKEN, "with an unknown appid, without the rest", _FETCH_ORDER, (UNKNOWN,)),
    Probe(_TOKEN, "with a wrong grant_type, without a secret", _FETCH_ORDER, (BAD_GRANT, APPID)),
    Probe(_TOKEN, "without a secret", _FETCH_ORDER, (("grant_type", "client_credential"), APPID)),
    Probe(_TOKEN, "with a wrong secret", _FETCH_ORDER, (("grant_type", "client_credential"), APPID, WRONG)),
)

_STABLE: Final = "/cgi-bin/stable_token"
_STABLE_FIRST: Final = "`stable_token` checks 43002, 44002, 47001 before these"
_STABLE_SAME: Final = "`stable_token` gives the same token with the seconds that are left"
_AS_JSON: Final = {"grant_type": "client_credential", "appid": "<appid>"}
STABLE: Final = (
    Probe(_STABLE, "by GET", _STABLE_FIRST),
    Probe(_STABLE, "without a body", _STABLE_FIRST, method="POST", body=""),
    Probe(_STABLE, "with a body that is no JSON", _STABLE_FIRST, method="POST", body="no json"),
    Probe(
        _STABLE,
        "with a wrong secret, as text/plain",
        "`stable_token` reads its body as JSON whatever the Content-Type",
        method="POST",
        json={**_AS_JSON, "secret": WRONG_SECRET},
        content_type="text/plain",
    ),
    Probe(
        _STABLE,
        "in normal mode",
        _STABLE_SAME,
        method="POST",
        json={**_AS_JSON, "secret": "<secret>"},
        keeps=("access_token",),
    ),
)

_LISTS: Final = "getcallbackip and get_api_domain_ip list addresses kept free for documentation"
_BEARING: Final = "checks run 41001, 40014, 40001, 42001, 48001, 45011, 45009, then those of the endpoint"
_CALLBACK_IP: Final = "/cgi-bin/getcallbackip"
_QUOTA: Final = "/cgi-bin/openapi/quota/get"
_QUOTA_NONE: Final = (
    "quota/get of a path that is none is answered 76021, of `/sns/*` or of another kind of app 76022"
)
_RID: Final = "/cgi-bin/openapi/rid/get"
_RID_TELLS: Final = "rid/get tells a failed call of the same app, for seven days, and cuts the token short"
USING: Final = (
    Probe(_CALLBACK_IP, "without an access_token", _BEARING),
    Probe(
        _CALLBACK_IP,
        "with a token that never was",
        "a token that never was, or that a newer one replaced, is answered 40001",
        (("access_token", NO_TOKEN),),
    ),
    Probe(
        _CALLBACK_IP,
        "with a token of signs that none can have",
        "a token with signs that none can have is answered 40014",
        (("access_token", "no token!"),),
        switch="malformed_token_errcode",
    ),
    Probe(_CALLBACK_IP, "with a good token", _LISTS, (TOKEN,)),
    Probe("/cgi-bin/get_api_domain_ip", "with a good token", _LISTS, (TOKEN,)),
    Probe(
        "/cgi-bin/ticket/getticket",
        "with a type that there is not",
        "getticket works for both kinds of app; a type that is neither jsapi nor wx_card is answered 40097",
        (TOKEN, ("type", "no_such_type")),
        keeps=("rid",),
    ),
    Probe(
        "/cgi-bin/no_such_api",
        "with a good token",
        "a path that does not exist is answered 40066 with HTTP 200",
        (TOKEN,),
    ),
    Probe(
        _QUOTA,
        "of getcallbackip",
        "quota/get tells quota, and rate_limit where there is one",
        (TOKEN,),
        "POST",
        {"cgi_path": _CALLBACK_IP},
    ),
    Probe(
        _QUOTA, "of a path that is none", _QUOTA_NONE, (TOKEN,), "POST", {"cgi_path": "/cgi-bin/no_such_api"}
    ),
    Probe(_QUOTA, "of jscode2session", _QUOTA_NONE, (TOKEN,), "POST", {"cgi_path": "/sns/jscode2session"}),
    Probe(_RID, "of the call with the wrong type", _RID_TELLS, (TOKEN,), "POST", {"rid": "<rid>"}),
    Probe(
        _RID,
        "of something that is no rid",
        "errcode 76002 `rid is error`",
        (TOKEN,),
        "POST",
        {"rid": "no rid"},
    ),
    Probe(
        "/cgi-bin/user/info",
        "with an openid that nobody has",
        "errcode 40003 `invalid openid`",
        (TOKEN, ("openid", NO_OPENID)),
        kinds=ACCOUNT,
    ),
)

IN_PART: Final = frozenset({_FETCH_ORDER, _STABLE_SAME, _LISTS, _BEARING, _RID_TELLS})
