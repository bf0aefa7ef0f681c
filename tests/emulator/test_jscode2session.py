"""Does `GET /sns/jscode2session` keep the contract of its page?"""

import itertools
import json
import re
from urllib.parse import urlencode

import pytest

RID = r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}"
PATH = "/sns/jscode2session"


def test_a_code_is_exchanged_for_session_key_openid_and_unionid_in_this_order(wechat, exchange):
    answer = exchange(wechat.login())
    assert answer.status == 200
    assert list(answer.json) == ["session_key", "openid", "unionid"]
    assert re.fullmatch(r"[A-Za-z0-9+/]{22}==", answer.json["session_key"])
    assert re.fullmatch(r"o[A-Za-z0-9_-]{27}", answer.json["openid"])
    assert re.fullmatch(r"o[A-Za-z0-9_-]{27}", answer.json["unionid"])


def test_a_code_has_32_letters_and_digits(wechat):
    assert re.fullmatch(r"[0-9A-Za-z]{32}", wechat.login())


def test_success_carries_no_errcode(wechat, exchange):
    assert "errcode" not in exchange(wechat.login()).json


def test_answers_are_compact_json_labelled_as_plain_text(wechat, exchange):
    answer = exchange(wechat.login())
    assert answer.headers["content-type"] == "text/plain"
    assert b" " not in answer.body
    assert b"\n" not in answer.body


def test_the_openid_belongs_to_person_and_app(wechat, exchange):
    wechat.add_app("wx00000000000000d4", slug="second")
    second = wechat.app("second")

    def openid(person, app):
        own = {"appid": app.appid, "secret": app.secret}
        return exchange(wechat.login(person, app.appid), **own).json["openid"]

    first = wechat.app("demo-mp")
    assert openid("sam", first) == openid("sam", first)
    assert len({openid(person, app) for person in ("sam", "xiaoming") for app in (first, second)}) == 4


def test_unionid_is_shared_by_the_apps_of_one_open_platform(wechat, exchange):
    second = wechat.add_app("wx00000000000000d4", open_platform="demo")
    here = exchange(wechat.login("sam")).json["unionid"]
    there = exchange(wechat.login("sam", second.appid), appid=second.appid, secret=second.secret).json[
        "unionid"
    ]
    assert here == there


def test_unionid_is_absent_when_the_app_is_not_bound(wechat, exchange):
    wechat.add_app("wx00000000000000a1", open_platform=None)
    assert list(exchange(wechat.login()).json) == ["session_key", "openid"]


def test_unionid_is_absent_for_a_person_without_one(wechat, exchange):
    wechat.add_person(id="loner", unionid=False)
    assert list(exchange(wechat.login("loner")).json) == ["session_key", "openid"]


@pytest.mark.parametrize(
    ("changed", "errcode", "errmsg"),
    [
        ({"appid": None}, 41002, "appid missing"),
        ({"appid": ""}, 41002, "appid missing"),
        ({"appid": "wxffffffffffffffff"}, 40013, "invalid appid"),
        ({"secret": None}, 41004, "appsecret missing"),
        ({"secret": None, "appsecret": "x"}, 41004, "appsecret missing"),
        ({"secret": "0" * 32}, 40125, "invalid appsecret"),
        ({"secret": "密码"}, 40125, "invalid appsecret"),
        ({"js_code": None}, 41008, "missing code"),
        ({"js_code": None, "code": "x"}, 41008, "missing code"),
        ({"grant_type": None}, 40002, "invalid grant_type"),
        ({"grant_type": "client_credential"}, 40002, "invalid grant_type"),
        ({"js_code": "0" * 32}, 40029, "invalid code"),
        ({"js_code": "小程序"}, 40029, "invalid code"),
        ({"js_code": "the code is a mock one"}, 40029, "invalid code"),
    ],
)
def test_a_refusal_is_http_200_with_errcode_errmsg_and_rid(wechat, exchange, changed, errcode, errmsg):
    answer = exchange(**{"js_code": wechat.login(), **changed})
    assert answer.status == 200
    pattern = rf'\{{"errcode":{errcode},"errmsg":"{errmsg}, rid: {RID}"\}}'
    assert re.fullmatch(pattern, answer.body.decode()), answer.body


def test_the_first_thing_wrong_decides_the_errcode(wechat, exchange):
    """Any set of mistakes at once is answered by the earliest check."""
    wechat.add_person(id="risky", risky=True)
    mistakes: list[tuple[int, dict[str, str | None]]] = [
        (41002, {"appid": None}),
        (40013, {"appid": "wxffffffffffffffff"}),
        (41004, {"secret": None}),
        (40125, {"secret": "0" * 32}),
        (41008, {"js_code": None}),
        (40002, {"grant_type": "x"}),
        (40226, {"js_code": wechat.login("risky")}),
        (40029, {"js_code": "garbage"}),
    ]
    for earlier, later in itertools.combinations(mistakes, 2):
        assert exchange(**{"js_code": "unused", **later[1], **earlier[1]}).errcode == earlier[0], (
            earlier,
            later,
        )


def test_a_risky_person_is_refused_before_the_code_is_judged(wechat, exchange):
    wechat.add_person(id="risky", risky=True)
    code = wechat.login("risky")
    assert exchange(code).json["errmsg"].startswith("code blocked, rid: ")
    wechat.advance(400)
    assert exchange(code).errcode == 40226


def test_the_first_group_of_the_rid_is_the_emulators_time(wechat, exchange):
    wechat.freeze(0x6AAC005A)
    assert ", rid: 6aac005a-" in exchange("garbage").json["errmsg"]


def test_a_code_works_once_then_is_used_then_is_forgotten(wechat, exchange):
    wechat.freeze()
    code = wechat.login()
    assert "openid" in exchange(code).json
    assert exchange(code).errcode == 40163
    wechat.advance(299)
    assert exchange(code).errcode == 40163
    wechat.advance(1)
    assert exchange(code).errcode == 40029


def test_a_code_lives_five_minutes(wechat, exchange):
    wechat.freeze()
    young, old = wechat.login(), wechat.login()
    wechat.advance(299.9)
    assert "openid" in exchange(young).json
    wechat.advance(0.1)
    assert exchange(old).errcode == 40029


def test_a_newer_code_leaves_the_older_one_alive(wechat, exchange):
    older, newer = wechat.login(), wechat.login()
    assert "openid" in exchange(newer).json
    assert "openid" in exchange(older).json


def test_a_code_of_another_app_is_invalid_and_stays_usable_in_its_own(wechat, exchange):
    other = wechat.add_app("wx00000000000000d4")
    code = wechat.login("sam", other.appid)
    assert exchange(code).errcode == 40029
    assert "openid" in exchange(code, appid=other.appid, secret=other.secret).json


@pytest.mark.parametrize("mistake", [{"secret": "0" * 32}, {"secret": None}, {"grant_type": "x"}])
def test_a_failed_exchange_leaves_the_code_usable(wechat, exchange, mistake):
    code = wechat.login()
    assert "errcode" in exchange(code, **mistake).json
    assert "openid" in exchange(code).json


def test_the_hundred_and_first_exchange_in_a_minute_is_too_many(wechat, exchange):
    wechat.freeze(1_800_000_000)
    codes = [wechat.login() for _ in range(102)]
    assert all("openid" in exchange(code).json for code in codes[:100])
    refused = exchange(codes[100]).json
    assert refused["errcode"] == 45011
    assert refused["errmsg"].startswith("api minute-quota reach limit  mustslower  retry next minute, rid: ")
    assert "openid" in exchange(wechat.login("sam")).json
    wechat.advance(60)
    assert "openid" in exchange(codes[100]).json


def _parameters(wechat):
    app = wechat.app("demo-mp")
    return {
        "appid": app.appid,
        "secret": app.secret,
        "js_code": wechat.login(),
        "grant_type": "authorization_code",
    }


def test_a_json_post_is_not_read(wechat, ask):
    body = json.dumps(_parameters(wechat)).encode()
    answer = ask(wechat.url, PATH, method="POST", body=body, headers={"Content-Type": "application/json"})
    assert answer.status == 200
    assert answer.errcode == 41002
    assert "JSON" in answer.headers["x-emulator-hint"]


def test_a_form_post_is_read(wechat, ask):
    body = urlencode(_parameters(wechat)).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    assert "openid" in ask(wechat.url, PATH, method="POST", body=body, headers=form).json


def test_a_post_with_a_query_string_is_read(wechat, ask):
    assert "openid" in ask(wechat.url, PATH, method="POST", query=_parameters(wechat), body=b"").json


@pytest.mark.parametrize(
    ("path", "separator"), [("/sns/jscode2sesion", ", rid: "), ("/cgi-bin/nothing", " rid: ")]
)
def test_an_unknown_path_is_an_invalid_url(wechat, ask, path, separator):
    answer = ask(wechat.url, path)
    assert answer.status == 200
    assert re.fullmatch(f"invalid url{separator}{RID}", answer.json["errmsg"])
    assert answer.errcode == 40066


@pytest.mark.parametrize(
    ("changed", "hint"),
    [
        ({"secret": None, "appsecret": "x"}, "its name is secret"),
        ({"js_code": None, "code": "x"}, "its name is js_code"),
        ({"appid": "f" * 32}, "are appid and secret swapped"),
        ({"secret": "wx00000000000000a1"}, "secret holds an AppID"),
        ({"js_code": "garbage"}, "never given out"),
    ],
)
def test_the_hint_header_says_why_and_the_body_does_not(wechat, exchange, changed, hint):
    answer = exchange(**{"js_code": wechat.login(), **changed})
    assert hint in answer.headers["x-emulator-hint"]
    assert hint not in answer.body.decode()
