"""Do wxa/checksession and wxa/resetusersessionkey keep the contract of their pages?"""

import hashlib
import hmac
import json
import re

import pytest

CHECK = "/wxa/checksession"
RESET = "/wxa/resetusersessionkey"


def _signature(key):
    return hmac.new(key.encode(), b"", hashlib.sha256).hexdigest()


@pytest.fixture
def session(wechat, exchange):
    """What jscode2session gave xiaoming."""
    return exchange(wechat.login()).json


@pytest.fixture
def signed(call):
    """`signed(path, session)`: the call with everything right; any parameter may be given or left out (None)."""

    def signing(path, session, body=None, /, **changed):
        query = {
            "openid": session["openid"],
            "signature": _signature(session["session_key"]),
            "sig_method": "hmac_sha256",
            **changed,
        }
        return call(path, body, **{name: value for name, value in query.items() if value is not None})

    return signing


def test_a_valid_session_key_is_told_so(session, signed):
    assert signed(CHECK, session).body == b'{"errcode":0,"errmsg":"ok"}'


def test_checking_changes_nothing(wechat, session, signed, exchange):
    wechat.freeze()
    expiry = wechat.state()["sessions"]
    wechat.advance(100)
    for _ in range(3):
        assert signed(CHECK, session).errcode == 0
    assert wechat.state()["sessions"][0]["expires_in"] == pytest.approx(expiry[0]["expires_in"] - 100, abs=1)
    assert exchange(wechat.login()).json["session_key"] == session["session_key"]


def test_a_reset_gives_a_new_key_and_kills_the_old_at_once(wechat, session, signed, exchange):
    told = signed(RESET, session).json
    assert list(told) == ["errcode", "errmsg", "openid", "session_key"]
    assert (told["errcode"], told["errmsg"], told["openid"]) == (0, "ok", session["openid"])
    assert re.fullmatch(r"[A-Za-z0-9+/]{22}==", told["session_key"])
    assert told["session_key"] != session["session_key"]
    for path in (CHECK, RESET):
        assert signed(path, session).errcode == 87009
        assert signed(CHECK, told).errcode == 0
    assert exchange(wechat.login()).json["session_key"] == told["session_key"]


def test_a_reset_key_keeps_the_old_ones_end(wechat, session, signed):
    wechat.freeze()
    wechat.advance(2 * 86_400)
    told = signed(RESET, session).json
    wechat.advance(86_400)
    assert not wechat.check_session()
    assert signed(CHECK, told).errcode == 87009


def test_the_json_body_of_the_pages_table_is_read_too(session, call):
    fields = {
        "openid": session["openid"],
        "signature": _signature(session["session_key"]),
        "sig_method": "hmac_sha256",
    }
    assert call(CHECK, fields).errcode == 0
    assert call(RESET, fields).errcode == 0


def test_the_query_string_goes_before_a_body(session, signed):
    assert signed(CHECK, session, {"signature": "0" * 64}).errcode == 0


@pytest.mark.parametrize("path", [CHECK, RESET])
@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"openid": None}, 40097),
        ({"openid": ""}, 40097),
        ({"signature": None}, 40097),
        ({"sig_method": None}, 87008),
        ({"sig_method": "sha1"}, 87008),
        ({"openid": "o" + "x" * 27}, 40003),
        ({"signature": "0" * 64}, 87009),
        ({"signature": "密"}, 87009),
    ],
)
def test_what_is_wrong_is_told_by_errcode(session, signed, path, changed, errcode):
    assert signed(path, session, **changed).errcode == errcode


@pytest.mark.parametrize("path", [CHECK, RESET])
def test_odd_bodies_are_no_parameters(session, call, path):
    for body in ({"openid": 1, "signature": []}, b"[", b"null", b"\xff"):
        assert call(path, body).errcode == 40097


def test_the_signature_is_lower_case_hex_of_the_base64_text(session, signed):
    import base64

    by_bytes = hmac.new(base64.b64decode(session["session_key"]), b"", hashlib.sha256).hexdigest()
    for wrong in (by_bytes, _signature(session["session_key"]).upper()):
        assert signed(CHECK, session, signature=wrong).errcode == 87009


def test_the_openid_of_another_app_is_unknown_here(wechat, session, signed):
    other = wechat.people[0]["identities"][1]["openid"]
    assert signed(CHECK, session, openid=other).errcode == 40003


def test_the_openid_of_another_person_does_not_fit_the_signature(wechat, exchange, session, signed):
    other = exchange(wechat.login("sam")).json["openid"]
    assert signed(CHECK, session, openid=other).errcode == 87009


def test_an_expired_key_is_87007_at_a_reset_and_either_at_a_check(wechat, session, signed):
    wechat.expire()
    assert signed(RESET, session).errcode == 87007
    assert signed(CHECK, session).errcode == 87009
    wechat.switch(stale_session_errcode=87007)
    assert signed(CHECK, session).errcode == 87007


def test_a_person_who_never_logged_in_has_no_key(wechat, session, signed):
    openid = wechat.people[2]["identities"][0]["openid"]
    assert signed(RESET, session, openid=openid).errcode == 87007


def test_frequent_resets_of_one_person_are_refused(wechat, exchange, session, signed):
    wechat.freeze()
    wechat.switch(reset_quota=2)
    for _ in range(2):
        session = signed(RESET, session).json
    assert signed(RESET, session).errcode == 45011
    assert signed(CHECK, session).errcode == 0
    sam = exchange(wechat.login("sam")).json
    assert signed(RESET, sam).errcode == 0
    wechat.advance(60)
    assert signed(RESET, session).errcode == 0


def test_no_session_key_of_a_reset_is_shown(wechat, session, signed):
    fresh = signed(RESET, session).json["session_key"]
    shown = json.dumps([wechat.calls(), wechat.state()])
    assert fresh not in shown
    assert "…" + fresh[-4:] in json.dumps(wechat.calls(RESET), ensure_ascii=False)
