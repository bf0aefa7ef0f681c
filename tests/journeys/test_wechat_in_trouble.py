"""Whatever WeChat says, or does not say, the caller gets one documented problem, and nothing is half written."""

import pytest

from lingpai.secret import Secret
from lingpai.testing.actors import TESTER

PATH = "/sns/jscode2session"

REFUSALS = {
    -1: (503, "wechat_busy"),
    40002: (503, "wechat_busy"),
    40013: (502, "wechat_credentials"),
    40029: (401, "code_invalid"),
    40090: (502, "wechat_ip_not_allowed"),
    40125: (502, "wechat_credentials"),
    40163: (409, "code_used"),
    40164: (502, "wechat_ip_not_allowed"),
    40226: (403, "user_blocked"),
    40243: (502, "wechat_credentials"),
    41002: (503, "wechat_busy"),
    41004: (502, "wechat_credentials"),
    41008: (401, "code_invalid"),
    45009: (503, "wechat_quota"),
    45011: (503, "wechat_rate_limited"),
    48001: (502, "wechat_api_unauthorized"),
    50002: (502, "wechat_credentials"),
    99999: (503, "wechat_busy"),
}

BROKEN = {
    "an HTML page": {"body": "<html>502 Bad Gateway</html>", "status": 502},
    "a page with status 200": {"body": "<html></html>"},
    "an empty body": {"body": ""},
    "no object": {"body": "[]"},
    "no openid": {"body": '{"session_key":"AAAAAAAAAAAAAAAAAAAAAA=="}'},
    "an openid of another shape": {"body": '{"openid":"<b>","session_key":"AAAAAAAAAAAAAAAAAAAAAA=="}'},
    "a short session_key": {"body": '{"openid":"o0","session_key":"AAAA"}'},
    "too much": {"body": '{"openid":"' + "o" * 70_000 + '"}'},
    "half an answer": {"close": "mid-body"},
    "a closed connection": {"close": "before"},
    "a lost answer": {"close": "after"},
}


@pytest.mark.parametrize(("errcode", "expected"), REFUSALS.items())
async def test_a_refusal_is_told_in_our_words(stack, errcode, expected):
    stack.wechat.fail(PATH, errcode=errcode, errmsg="invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7")
    answer = await stack.login()
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == expected
    assert problem["wechat"]["errcode"] == errcode
    if expected[1] == "wechat_ip_not_allowed":
        assert "203.0.113.7" in problem["detail"]
    if answer.status_code == 503:
        assert int(answer.headers["retry-after"]) >= 1
    assert await stack.store.users.count() == 0


@pytest.mark.parametrize("fault", BROKEN.values(), ids=BROKEN)
async def test_an_answer_that_is_not_wechats_is_wechat_busy(stack, fault):
    stack.wechat.fail(PATH, **fault)
    answer = await stack.login()
    assert (answer.status_code, answer.json()["code"]) == (503, "wechat_busy")
    assert "wechat" not in answer.json()
    assert await stack.store.users.count() == 0


async def test_every_refusal_is_in_the_history_with_its_reason(stack):
    stack.wechat.fail(PATH, errcode=40226)
    refused = await stack.login(nonce=stack.nonce())
    await stack.later(1)
    await stack.signed_in()
    await stack.running.server.rooms.sign_in._history.drain()
    signed_in, blocked = await stack.store.logins.recent(10)
    assert (signed_in.result, blocked.result, blocked.errcode) == ("signed_in", "user_blocked", 40226)
    assert blocked.request_id == refused.json()["request_id"]
    assert blocked.rid == refused.json()["wechat"]["rid"]


async def test_an_expired_code_is_code_invalid(stack):
    code = stack.wechat.login()
    stack.wechat.advance(301)
    assert (await stack.login(code)).json()["code"] == "code_invalid"


async def test_a_code_of_another_app_is_code_invalid(stack):
    stack.wechat.add_app("wx00000000000000d4", kind="miniprogram", slug="other")
    assert (await stack.login(stack.wechat.login("sam", "other"))).json()["code"] == "code_invalid"


async def test_a_risky_person_is_user_blocked(stack):
    stack.wechat.add_person(id="risky", nickname="风险", risky=True)
    assert (await stack.login(person="risky")).json()["code"] == "user_blocked"


async def test_too_many_logins_of_one_person_are_rate_limited(stack):
    stack.wechat.freeze()
    codes = {(await stack.login()).status_code for _ in range(100)}
    assert codes == {200}
    answer = await stack.login()
    assert (answer.status_code, answer.json()["code"]) == (503, "wechat_rate_limited")
    assert answer.headers["retry-after"] == "60"


async def test_the_mock_code_of_devtools_is_named(stack):
    answer = await stack.login("the code is a mock one")
    assert (answer.status_code, answer.json()["code"]) == (400, "devtools_mock_code")
    assert stack.wechat.calls(PATH) == []


async def test_a_client_that_is_another_app_is_told_so(stack):
    answer = await stack.login(appid="wx00000000000000ff")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "app_mismatch")
    assert "wx00000000000000ff" in problem["detail"]
    assert "wx00000000000000a1" in problem["detail"]
    assert stack.wechat.calls(PATH) == []


async def test_an_unknown_app_is_app_unknown(stack):
    answer = await stack.http.post("/v1/nobody/login", json={"code": "x"})
    assert (answer.status_code, answer.json()["code"]) == (404, "app_unknown")


async def test_an_official_account_has_no_wx_login(stack):
    answer = await stack.http.post("/v1/demo-oa/login", json={"code": "x" * 32})
    assert (answer.status_code, answer.json()["code"]) == (409, "app_kind_wrong")


async def test_sessions_go_on_while_wechat_is_dark(stack):
    signed_in = await stack.signed_in()
    stack.wechat.fail(PATH, times=None, close="before")
    assert (await stack.login()).status_code == 503
    assert (await stack.session(signed_in["access_token"])).status_code == 200
    assert (await stack.refresh(signed_in["refresh_token"])).status_code == 200


async def test_a_wrong_appsecret_does_not_spend_the_code(stack):
    code = stack.wechat.login()
    apps = stack.running.server.rooms.apps
    stack.wechat.set_app("demo-mp", secret="0" * 32)
    assert (await stack.login(code)).json()["code"] == "wechat_credentials"
    await apps.rotate_secret("demo-mp", Secret("0" * 32), by=TESTER)
    await stack.running.server.secrets.settle(stack.wechat.app("demo-mp").appid)
    assert (await stack.login(code)).status_code == 200


async def test_problems_speak_the_callers_language(stack):
    body = {"code": "x" * 32}
    english = await stack.http.post("/v1/demo-mp/login", json=body)
    chinese = await stack.http.post(
        "/v1/demo-mp/login", json=body, headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}
    )
    assert english.headers["content-language"] == "en"
    assert chinese.headers["content-language"] == "zh-CN"
    assert english.json()["code"] == chinese.json()["code"] == "code_invalid"
    assert english.json()["title"] != chinese.json()["title"]
    assert english.headers["content-type"] == "application/problem+json"
