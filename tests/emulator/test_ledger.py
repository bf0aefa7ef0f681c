"""Is every call written down, in order, and without a single secret?"""

import json
from http.client import IncompleteRead
from urllib.parse import urlencode

import pytest

PATH = "/sns/jscode2session"


def test_calls_are_listed_oldest_first_with_what_was_sent_and_answered(wechat, exchange):
    wechat.freeze(1_800_000_000)
    code = wechat.login()
    openid = exchange(code).json["openid"]
    exchange("garbage")
    first, second = wechat.calls(PATH)
    assert (first["at"], first["method"], first["path"], first["status"]) == (1_800_000_000, "GET", PATH, 200)
    assert first["query"]["js_code"] == code
    assert first["answer"]["openid"] == openid
    assert second["answer"]["errcode"] == 40029


def test_calls_can_be_listed_by_path_and_forgotten(wechat, exchange, ask):
    exchange("x")
    ask(wechat.url, "/cgi-bin/token")
    assert [call["path"] for call in wechat.calls()] == [PATH, "/cgi-bin/token"]
    assert [call["path"] for call in wechat.calls("/cgi-bin/token")] == ["/cgi-bin/token"]
    wechat.clear_calls()
    assert wechat.calls() == []


def test_control_calls_are_not_in_the_ledger(wechat):
    wechat.login()
    assert wechat.calls() == []


def test_form_and_json_bodies_are_shown_decoded(wechat, ask):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    ask(wechat.url, PATH, method="POST", body=urlencode({"js_code": "小 程序"}).encode(), headers=form)
    ask(wechat.url, PATH, method="POST", body=b'{"a":[1]}', headers={"Content-Type": "application/json"})
    ask(wechat.url, PATH, method="POST", body=b"\xff\xfe", headers={"Content-Type": "application/json"})
    ask(wechat.url, PATH, method="POST", body=b"plain", headers={"Content-Type": "text/plain"})
    as_form, as_json, broken, other = wechat.calls()
    assert as_form["form"] == {"js_code": "小 程序"}
    assert as_json["json"] == {"a": [1]}
    assert isinstance(broken["json"], str)
    assert other["body"] == "plain"


def test_secrets_show_their_last_four_characters(wechat, exchange):
    key = exchange(wechat.login()).json["session_key"]
    call = wechat.calls()[0]
    assert call["query"]["secret"] == "…" + wechat.app("demo-mp").secret[-4:]
    assert call["answer"]["session_key"] == "…" + key[-4:]


def _everything_for_people(wechat, control):
    told = [wechat.calls(), wechat.state(), control("GET", "/faults").json]
    told += [wechat.explain(call["rid"]) for call in wechat.calls() if "rid" in call]
    return json.dumps(told, ensure_ascii=False)


def test_no_secret_is_shown_wherever_it_was_put(wechat, exchange, ask, control):
    app = wechat.app("demo-mp")
    wechat.switch(key_rotation="always")
    headers = []

    def asked(answer):
        headers.append(json.dumps(answer.headers))
        return answer

    key = asked(exchange(wechat.login())).json["session_key"]
    newer = asked(exchange(wechat.login())).json["session_key"]
    asked(exchange("x", appid=app.secret, secret=app.appid))
    asked(exchange(app.secret))
    asked(exchange(key))
    asked(ask(wechat.url, f"/sns/{app.secret}"))
    asked(
        ask(wechat.url, PATH, query={"apPid": app.secret, app.secret: newer, "appsecret": "0123456789abcdef"})
    )
    body = json.dumps({"secret": [app.secret], "note": f"with {key} and {app.secret}"}).encode()
    for content_type in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        asked(ask(wechat.url, PATH, method="POST", body=body, headers={"Content-Type": content_type}))
    wechat.fail(PATH, close="mid-body", body=f'{{"session_key":"{key}')
    with pytest.raises(IncompleteRead):
        exchange("x")
    code = wechat.login()
    wechat.fail(PATH, close="mid-body")
    with pytest.raises(IncompleteRead):
        exchange(code)
    wechat.fail("/other", times=None, body=app.secret)
    wechat.add_app(app.appid, secret="a-new-secret-of-this-app")
    asked(exchange("x", secret="a-new-secret-of-this-app", appid="wxffffffffffffffff"))

    shown = _everything_for_people(wechat, control) + "".join(headers)
    assert wechat.calls()[-1]["answer"]["errcode"] == 40013
    for secret in (app.secret, "a-new-secret-of-this-app", key, newer, "0123456789abcdef"):
        assert secret not in shown
        assert secret.replace("/", "\\/") not in shown


def test_a_short_secret_is_hidden_only_where_it_stands_alone(wechat, exchange):
    wechat.add_app("wx00000000000000a1", secret="in")
    exchange(wechat.login(), secret="in")
    exchange("in", secret="in")
    first, second = wechat.calls()
    assert first["why"].startswith("xiaoming logged in to demo-mp")
    assert (second["query"]["secret"], second["query"]["js_code"]) == ("…", "…")


def test_the_owner_can_still_read_the_secrets_of_the_apps(wechat, control):
    assert [len(app["secret"]) for app in control("GET", "/apps").json["apps"]] == [32, 32, 32]


def test_the_ledger_forgets_the_oldest_calls_first(wechat_thread):
    from lingpai_emulator.calls import Call
    from lingpai_emulator.ledger import Ledger

    ledger = Ledger()
    for number in range(10_002):
        ledger.open(number, Call("GET", "/", b"", b"x" * 70_000 if number == 10_001 else b"", ""), None)
    entries = ledger.entries()
    assert (len(ledger), entries[0].at, entries[-1].at) == (10_000, 2, 10_001)
    assert len(entries[-1].call.body) == 65_536


def test_an_answer_is_explained_by_its_rid(wechat, exchange):
    wechat.freeze()
    code = wechat.login()
    exchange(code)
    wechat.advance(7)
    refused = exchange(code)
    told = wechat.explain(refused.headers["x-emulator-rid"])
    assert refused.json["errmsg"].endswith(told["rid"])
    assert told["errcode"] == 40163
    assert told["why"] == "this code was exchanged 7 s ago"
    assert told["mark"] == "observed"
    assert told["call"]["query"]["js_code"] == code


def test_a_success_is_explained_too(wechat, exchange):
    answer = exchange(wechat.login("sam"))
    told = wechat.explain(answer.headers["x-emulator-rid"])
    assert told["why"].startswith("sam logged in to demo-mp")
    assert "errcode" not in told


def test_an_unknown_rid_is_not_found(control):
    answer = control("GET", "/state/explain/6aac005a-01bfdbee-79769285")
    assert answer.status == 404
    assert "rid" in answer.json["error"]
