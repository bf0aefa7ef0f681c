"""Tickets, followers, addresses, quotas and rids: do they keep the contract of their pages?"""

import json
import re

import pytest

TICKET = "/cgi-bin/ticket/getticket"
USER = "/cgi-bin/user/info"
CLEAR = "/cgi-bin/clear_quota"
CLEAR_V2 = "/cgi-bin/clear_quota/v2"
CLEAR_ONE = "/cgi-bin/openapi/quota/clear"
QUOTA = "/cgi-bin/openapi/quota/get"
RID = "/cgi-bin/openapi/rid/get"
MP = "wx00000000000000a1"
OA = "wx00000000000000b2"


def test_a_ticket_is_repeated_while_it_lives(wechat, call):
    wechat.freeze()
    first = call(TICKET, type="jsapi", by="demo-oa").json
    assert list(first) == ["errcode", "errmsg", "ticket", "expires_in"]
    assert (first["errcode"], first["errmsg"], first["expires_in"]) == (0, "ok", 7200)
    assert re.fullmatch(r"[A-Za-z0-9_-]{86}", first["ticket"])
    wechat.advance(7199)
    assert call(TICKET, type="jsapi", by="demo-oa").json == {**first, "expires_in": 1}
    wechat.advance(1)
    assert call(TICKET, type="jsapi", by="demo-oa").json["ticket"] != first["ticket"]


def test_types_and_apps_have_tickets_of_their_own(call):
    asked = [("jsapi", "demo-oa"), ("wx_card", "demo-oa"), ("jsapi", "demo-mp")]
    assert len({call(TICKET, type=kind, by=slug).json["ticket"] for kind, slug in asked}) == 3


def test_tickets_can_be_new_each_time(wechat, call):
    wechat.switch(ticket_reissue="new")
    assert call(TICKET, type="jsapi").json["ticket"] != call(TICKET, type="jsapi").json["ticket"]


@pytest.mark.parametrize("query", [{}, {"type": ""}, {"type": "js"}])
def test_a_ticket_of_no_known_type_is_answered_40097(call, query):
    assert call(TICKET, **query).errcode == 40097


def test_a_ticket_is_shown_by_its_end_alone(wechat, call, ask):
    ticket = call(TICKET, type="jsapi").json["ticket"]
    ask(wechat.url, "/cgi-bin/x", query={"note": ticket})
    state = wechat.state()
    assert state["tickets"][0]["ticket"] == "…" + ticket[-4:]
    assert (state["tickets"][0]["type"], state["tickets"][0]["generation"]) == ("jsapi", 1)
    assert ticket not in json.dumps([wechat.calls(), state])


def _openid(wechat, person, appid=OA):
    (people,) = [each for each in wechat.people if each["id"] == person]
    return {each["appid"]: each for each in people["identities"]}[appid]["openid"]


def test_of_a_follower_neither_name_nor_picture_is_told(wechat, call):
    openid = _openid(wechat, "xiaoming")
    told = call(USER, openid=openid, lang="zh_CN", by="demo-oa").json
    assert (told["subscribe"], told["openid"]) == (1, openid)
    assert told["unionid"] == wechat.people[0]["identities"][1]["unionid"]
    assert (told["nickname"], told["headimgurl"], told["sex"]) == ("", "", 0)
    assert (told["city"], told["province"], told["country"]) == ("", "", "")
    assert {"subscribe_time", "remark", "groupid", "tagid_list", "subscribe_scene", "qr_scene"} <= set(told)
    assert "errcode" not in told


def test_of_others_there_is_hardly_anything(wechat, call):
    openid = _openid(wechat, "sam")
    assert call(USER, openid=openid, by="demo-oa").json == {
        "subscribe": 0,
        "openid": openid,
        "tagid_list": [],
    }


def test_a_follower_of_an_unbound_account_has_no_unionid(wechat, call):
    wechat.set_app("demo-oa", open_platform=None)
    assert "unionid" not in call(USER, openid=_openid(wechat, "xiaoming"), by="demo-oa").json


def test_an_openid_is_needed_and_must_be_of_this_account(wechat, call):
    assert call(USER, by="demo-oa").errcode == 41009
    assert call(USER, openid=_openid(wechat, "xiaoming", MP), by="demo-oa").errcode == 40003


@pytest.mark.parametrize("path", ["/cgi-bin/getcallbackip", "/cgi-bin/get_api_domain_ip"])
def test_addresses_are_a_list_without_errcode(call, path):
    told = call(path).json
    assert list(told) == ["ip_list"]
    assert all(re.match(r"(192\.0\.2|198\.51\.100)\.", address) for address in told["ip_list"])


def _remaining(call, path):
    told = call(QUOTA, {"cgi_path": path}).json
    assert told["errcode"] == 0
    return told["quota"]["remain"]


def test_a_quota_counts_what_was_called_today(wechat, call, fetch):
    wechat.freeze(1_800_000_000)
    for _ in range(3):
        fetch()
    told = call(QUOTA, {"cgi_path": "/cgi-bin/token"}).json
    assert told == {
        "errcode": 0,
        "errmsg": "ok",
        "quota": {"daily_limit": 10_000, "used": 3, "remain": 9997},
    }
    wechat.advance(8 * 3600)
    assert _remaining(call, "/cgi-bin/token") == 10_000


def test_a_rate_limit_is_told_where_there_is_one(call):
    told = call(QUOTA, {"cgi_path": "/cgi-bin/stable_token"}).json
    assert told["rate_limit"] == {"call_count": 10_000, "refresh_second": 60}
    told = call(QUOTA, {"cgi_path": "/wxa/resetusersessionkey"}).json
    assert "quota" not in told
    assert told["rate_limit"]["call_count"] == 60_000


def test_an_official_account_may_fetch_two_thousand_tokens_a_day(call):
    told = call(QUOTA, {"cgi_path": "/cgi-bin/token"}, by="demo-oa").json
    assert told["quota"]["daily_limit"] == 2000


@pytest.mark.parametrize("path", [QUOTA, CLEAR_ONE])
@pytest.mark.parametrize(
    ("cgi_path", "errcode"),
    [
        (None, 76021),
        ("", 76021),
        (7, 76021),
        ("/cgi-bin/tokens", 76021),
        ("cgi-bin/token", 76021),
        ("https://api.weixin.qq.com/cgi-bin/token", 76021),
        ("/sns/jscode2session", 76022),
        ("/cgi-bin/user/info", 76022),
    ],
)
def test_a_path_that_cannot_be_asked_about_is_told_so(call, path, cgi_path, errcode):
    assert call(path, {} if cgi_path is None else {"cgi_path": cgi_path}).errcode == errcode


def test_clearing_lets_an_app_call_again(wechat, call, fetch, fetch_stable):
    token = fetch_stable().json["access_token"]
    wechat.set_app(quotas={"/cgi-bin/token": 1})
    fetch()
    assert fetch().errcode == 45009
    assert call(CLEAR, {"appid": OA}, token=token).errcode == 40013
    assert call(CLEAR, {}, token=token).errcode == 40013
    assert fetch().errcode == 45009
    assert call(CLEAR, {"appid": MP}, token=token).body == b'{"errcode":0,"errmsg":"ok"}'
    assert fetch().errcode is None


def test_clearing_needs_no_token_but_the_secret_in_its_second_version(wechat, ask, fetch):
    def clear(**body):
        sent = json.dumps(body).encode()
        return ask(wechat.url, CLEAR_V2, method="POST", body=sent).errcode

    secret = wechat.app("demo-mp").secret
    wechat.set_app(quotas={"/cgi-bin/token": 1})
    fetch()
    assert clear(appid=MP, appsecret="0" * 32) == 40125
    assert clear(appid=MP) == 40125
    assert clear(appsecret=secret) == 40013
    assert clear(appid=["x"], appsecret=secret) == 40013
    assert ask(wechat.url, CLEAR_V2).errcode == 43002
    assert fetch().errcode == 45009
    assert clear(appid=MP, appsecret=secret) == 0
    assert fetch().errcode is None
    assert secret not in json.dumps(wechat.calls())


def test_a_frozen_secret_clears_nothing(wechat, ask):
    wechat.switch(secret_freeze_delay=0)
    wechat.set_app(secret_frozen=True)
    body = json.dumps({"appid": MP, "appsecret": wechat.app("demo-mp").secret}).encode()
    assert ask(wechat.url, CLEAR_V2, method="POST", body=body).errcode == 40243


def test_quotas_are_cleared_ten_times_a_month_with_and_without_a_token(wechat, call, ask, fetch_stable):
    wechat.freeze(1_800_000_000)
    token = fetch_stable().json["access_token"]
    body = json.dumps({"appid": MP, "appsecret": wechat.app("demo-mp").secret}).encode()
    for _ in range(5):
        assert call(CLEAR, {"appid": MP}, token=token).errcode == 0
        assert ask(wechat.url, CLEAR_V2, method="POST", body=body).errcode == 0
    assert call(CLEAR, {"appid": MP}, token=token).errcode == 48006
    assert ask(wechat.url, CLEAR_V2, method="POST", body=body).errcode == 48006
    assert call(CLEAR, {"appid": OA}, by="demo-oa").errcode == 0
    wechat.advance(30 * 86_400)
    assert call(CLEAR, {"appid": MP}).errcode == 0


def test_one_path_can_be_cleared_alone_fifty_times_a_month(wechat, call, fetch, fetch_stable):
    token = fetch_stable().json["access_token"]
    fetch()
    wechat.set_app(quotas={"/cgi-bin/token": 1, TICKET: 1})
    call(TICKET, type="jsapi", token=token)
    for _ in range(50):
        assert call(CLEAR_ONE, {"cgi_path": "/cgi-bin/token"}, token=token).errcode == 0
    assert fetch().errcode is None
    assert call(TICKET, type="jsapi", token=token).errcode == 45009
    assert call(CLEAR_ONE, {"cgi_path": "/cgi-bin/token"}, token=token).errcode == 48006


def _rid(answer):
    return answer.json["errmsg"].rpartition(" ")[2]


def test_a_rid_tells_the_failed_call_without_its_secrets(wechat, call, fetch_stable):
    wechat.freeze(1_800_000_000)
    wechat.egress("203.0.113.9")
    failed = call(TICKET, type="none")
    wechat.egress(None)
    told = call(RID, {"rid": _rid(failed)}).json
    token = fetch_stable().json["access_token"]
    assert (told["errcode"], told["errmsg"]) == (0, "ok")
    assert told["request"] == {
        "invoke_time": 1_800_000_000,
        "cost_in_ms": 1,
        "request_url": f"access_token={token[:7]}xxxx&type=none",
        "request_body": "",
        "response_body": failed.body.decode(),
        "client_ip": "203.0.113.9",
    }


def test_a_rid_tells_a_failed_fetch_of_a_token_too(wechat, call, fetch, fetch_stable):
    secret = wechat.app("demo-mp").secret
    asked = (fetch(grant_type="x"), fetch_stable(grant_type="x"), fetch(secret="0123456789abcdef" * 2))
    for failed in asked:
        told = call(RID, {"rid": _rid(failed)}).json["request"]
        assert told["response_body"] == failed.body.decode()
        assert secret not in json.dumps(told)
        assert "0123456789abcdef" not in json.dumps(told)


@pytest.mark.parametrize("rid", [None, "", 7, "x", "6aac005a-01bfdbee", "6AAC005A-01BFDBEE-79769285"])
def test_what_is_no_rid_is_answered_76002(call, rid):
    assert call(RID, {} if rid is None else {"rid": rid}).errcode == 76002


def test_an_unknown_rid_and_one_of_a_success_are_answered_76001(call):
    assert call(RID, {"rid": "6aac005a-01bfdbee-79769285"}).errcode == 76001
    fine = call("/cgi-bin/getcallbackip")
    assert call(RID, {"rid": fine.headers["x-emulator-rid"]}).errcode == 76001


def test_the_rid_of_another_app_is_not_told(wechat, call, fetch):
    assert call(RID, {"rid": _rid(call(TICKET, type="none", by="demo-oa"))}).errcode == 76003
    assert call(RID, {"rid": _rid(fetch("demo-oa", grant_type="x"))}).errcode == 76003
    assert call(RID, {"rid": _rid(call(TICKET, token="bogus"))}).errcode == 76003


def test_the_rid_of_an_exchange_is_not_told(call, exchange):
    assert call(RID, {"rid": _rid(exchange("garbage"))}).errcode == 76022


def test_a_rid_is_remembered_for_seven_days(wechat, call):
    wechat.freeze()
    rid = _rid(call(TICKET, type="none"))
    wechat.advance(7 * 86_400)
    assert call(RID, {"rid": rid}).errcode == 0
    wechat.advance(1)
    assert call(RID, {"rid": rid}).errcode == 76004


def test_a_fault_has_a_rid_that_can_be_asked_about(wechat, call):
    wechat.fail(TICKET, errcode=45011)
    failed = call(TICKET, type="jsapi")
    assert json.loads(call(RID, {"rid": _rid(failed)}).json["request"]["response_body"])["errcode"] == 45011


def test_the_state_counts_the_calls_of_today(wechat, fetch):
    wechat.freeze()
    fetch()
    fetch()
    assert wechat.state()["quotas"] == [
        {
            "appid": MP,
            "path": "/cgi-bin/token",
            "day": 2,
            "minute": 2,
            "day_limit": 10_000,
            "minute_limit": None,
        }
    ]
