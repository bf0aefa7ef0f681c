"""Does each switch change what it says, and nothing when it does not fit?"""

import msgspec
import pytest

from lingpai_emulator.client import EmulatorError
from lingpai_emulator.switches import Switches


def test_the_content_type_of_sns_can_be_set(wechat, exchange):
    wechat.switch(sns_content_type="application/json; charset=utf-8")
    assert exchange("x").headers["content-type"] == "application/json; charset=utf-8"


def test_the_content_type_of_other_paths_can_be_set(wechat, ask):
    assert ask(wechat.url, "/cgi-bin/x").headers["content-type"] == "application/json; encoding=utf-8"
    wechat.switch(json_content_type="text/html")
    assert ask(wechat.url, "/cgi-bin/x").headers["content-type"] == "text/html"


@pytest.mark.parametrize(("escaped", "written"), [(True, b"\\/"), (False, b"/")])
def test_slashes_are_escaped_or_not(wechat, exchange, escaped, written):
    wechat.switch(escape_slashes=escaped)
    wechat.freeze()
    while "/" not in (answer := exchange(wechat.login())).json["session_key"]:
        wechat.prefetch()
    assert written in answer.body
    assert (b"\\" in answer.body) == escaped


@pytest.mark.parametrize(
    ("era", "pattern"),
    [
        ("rid", "invalid code, rid: "),
        ("rid-no-comma", "invalid code rid: "),
        ("hints", "invalid code, hints: [ req_id: "),
    ],
)
def test_the_trace_suffix_follows_the_era(wechat, exchange, era, pattern):
    wechat.switch(errmsg_era=era)
    assert exchange("garbage").json["errmsg"].startswith(pattern)


def test_hints_outside_sns_have_brackets_only(wechat, ask):
    wechat.switch(errmsg_era="hints")
    assert ask(wechat.url, "/cgi-bin/x").json["errmsg"].startswith("invalid url hint: [")


def test_a_reused_code_can_be_merely_invalid(wechat, exchange):
    wechat.switch(reuse_errcode=40029)
    code = wechat.login()
    exchange(code)
    assert exchange(code).errcode == 40029


def test_used_codes_can_be_remembered_for_longer(wechat, exchange):
    wechat.freeze()
    wechat.switch(reuse_memory=600)
    code = wechat.login()
    exchange(code)
    wechat.advance(599)
    assert exchange(code).errcode == 40163
    wechat.advance(1)
    assert exchange(code).errcode == 40029


def test_codes_can_live_longer(wechat, exchange):
    wechat.freeze()
    wechat.switch(code_life=10_000)
    code = wechat.login()
    wechat.advance(9_999)
    wechat.login()
    assert "openid" in exchange(code).json


@pytest.mark.parametrize("mistake", [{"secret": "0" * 32}, {"grant_type": "x"}])
def test_a_failed_exchange_can_burn_the_code(wechat, exchange, mistake):
    wechat.switch(failed_exchange_burns_code=True)
    code = wechat.login()
    exchange(code, **mistake)
    assert exchange(code).errcode == 40163
    assert wechat.state()["codes"][0]["state"] == "burnt"


def test_the_mock_code_logs_in_the_first_person_again_and_again(wechat, exchange):
    wechat.switch(accept_mock_code=True)
    real = exchange(wechat.login("xiaoming")).json["openid"]
    for _ in range(2):
        assert exchange("the code is a mock one").json["openid"] == real


def test_the_minute_quota_can_be_set(wechat, exchange):
    wechat.freeze()
    wechat.switch(minute_quota=1)
    assert "openid" in exchange(wechat.login()).json
    assert exchange(wechat.login()).errcode == 45011


def test_the_legacy_expires_in_stands_between_key_and_openid(wechat, exchange):
    wechat.switch(legacy_expires_in=True)
    answer = exchange(wechat.login()).json
    assert list(answer) == ["session_key", "expires_in", "openid", "unionid"]
    assert answer["expires_in"] == 7200


def test_switches_are_read_as_they_are_set_and_reset_to_their_defaults(wechat, control):
    assert wechat.switch(minute_quota=7)["minute_quota"] == 7
    assert control("GET", "/switches").json["minute_quota"] == 7
    wechat.reset()
    assert control("GET", "/switches").json == msgspec.structs.asdict(Switches())


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"minute_qouta": 1}, "minute_qouta"),
        ({"minute_quota": 0}, "minute_quota"),
        ({"reuse_errcode": 1}, "reuse_errcode"),
        ({"sns_content_type": "text/plain\r\nX: y"}, "sns_content_type"),
        ({"code_life": -1}, "code_life"),
    ],
)
def test_a_switch_that_does_not_fit_changes_nothing_and_is_named(wechat, control, wrong, sentence):
    with pytest.raises(EmulatorError, match=sentence) as refused:
        wechat.switch(**wrong)
    assert refused.value.status == 400
    assert control("GET", "/switches").json == msgspec.structs.asdict(Switches())
