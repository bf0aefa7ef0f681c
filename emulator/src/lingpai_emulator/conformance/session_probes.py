"""What is asked about the login of a mini program."""

from typing import Final

from lingpai_emulator.conformance.probe import (
    APPID,
    BAD_GRANT,
    CODE_GRANT,
    MINI,
    NO_CODE,
    NO_OPENID,
    SECRET,
    TOKEN,
    UNKNOWN,
    WRONG,
    Probe,
)

_LOGIN: Final = "/sns/jscode2session"
_LOGIN_ORDER: Final = "checks run 41002, 40013, 41004, 40125, 41008, 40002, 40226, 45011, 40029 or 40163"
_NOT_A_CODE: Final = ("js_code", NO_CODE)
_AS_USUAL: Final = (APPID, SECRET, _NOT_A_CODE, CODE_GRANT)
EXCHANGING: Final = (
    Probe(_LOGIN, "without parameters", _LOGIN_ORDER, kinds=MINI),
    Probe(
        _LOGIN,
        "with everything in a JSON body",
        "a JSON POST is answered 41002",
        method="POST",
        json=dict(_AS_USUAL),
        kinds=MINI,
    ),
    Probe(_LOGIN, "with an unknown appid, without the rest", _LOGIN_ORDER, (UNKNOWN,), kinds=MINI),
    Probe(
        _LOGIN,
        "with two appids, the first unknown",
        "the first of a repeated parameter counts; an empty one is missing",
        (UNKNOWN, APPID),
        kinds=MINI,
    ),
    Probe(_LOGIN, "without secret, code and grant_type", _LOGIN_ORDER, (APPID,), kinds=MINI),
    Probe(_LOGIN, "with a wrong secret, without a code", _LOGIN_ORDER, (APPID, WRONG), kinds=MINI),
    Probe(
        _LOGIN,
        "with a wrong grant_type, without a code",
        _LOGIN_ORDER,
        (APPID, SECRET, BAD_GRANT),
        kinds=MINI,
    ),
    Probe(
        _LOGIN,
        "with a wrong grant_type and no good code",
        _LOGIN_ORDER,
        (APPID, SECRET, _NOT_A_CODE, BAD_GRANT),
        kinds=MINI,
    ),
    Probe(
        _LOGIN,
        "with a code that never was",
        "a code of another app, an expired one and garbage are answered 40029",
        _AS_USUAL,
        kinds=MINI,
    ),
    Probe(
        _LOGIN,
        "with a code that never was, in a form",
        "a form-urlencoded POST works",
        method="POST",
        form=_AS_USUAL,
        kinds=MINI,
    ),
    Probe(
        _LOGIN,
        "with a code that never was, in the query",
        "a POST with the parameters in the query string works",
        _AS_USUAL,
        "POST",
        body="",
        kinds=MINI,
    ),
    Probe(
        _LOGIN,
        "with a code that never was",
        "any other method reads the query string like GET",
        _AS_USUAL,
        "PUT",
        body="",
        kinds=MINI,
    ),
    Probe(
        _LOGIN,
        "with the mock code of DevTools",
        "`the code is a mock one` from DevTools is no code",
        (APPID, SECRET, ("js_code", "the code is a mock one"), CODE_GRANT),
        kinds=MINI,
        switch="accept_mock_code",
    ),
)
_SESSION_ORDER: Final = "checks run 40097, 40003, 87008, then the session, then 87009"
_CODE: Final = ("js_code", "<code>")
WITH_CODE: Final = (
    Probe(
        _LOGIN,
        "with a good code and a wrong secret",
        "a wrong secret is answered 40125, not 40001",
        (APPID, WRONG, _CODE, CODE_GRANT),
        kinds=MINI,
    ),
    Probe(
        _LOGIN,
        "with the same code and the right secret",
        "a failed exchange leaves the code usable",
        (APPID, SECRET, _CODE, CODE_GRANT),
        kinds=MINI,
        switch="failed_exchange_burns_code",
        keeps=("openid", "session_key", "unionid"),
    ),
    Probe(
        _LOGIN,
        "with the same code again",
        "a used code is answered 40163",
        (APPID, SECRET, _CODE, CODE_GRANT),
        kinds=MINI,
        switch="reuse_errcode",
    ),
    Probe(
        "/wxa/checksession",
        "with the openid and a wrong signature",
        _SESSION_ORDER,
        (TOKEN, ("openid", "<openid>"), ("signature", "0" * 64), ("sig_method", "hmac_sha256")),
        kinds=MINI,
    ),
)
CHECKING: Final = (
    Probe(
        "/wxa/checksession",
        "without an openid",
        _SESSION_ORDER,
        (TOKEN,),
        kinds=MINI,
    ),
    Probe(
        "/wxa/checksession",
        "with an openid that nobody has",
        _SESSION_ORDER,
        (TOKEN, ("openid", NO_OPENID), ("signature", "0" * 64), ("sig_method", "hmac_sha256")),
        kinds=MINI,
    ),
)

IN_PART: Final = frozenset({_LOGIN_ORDER, _SESSION_ORDER})
