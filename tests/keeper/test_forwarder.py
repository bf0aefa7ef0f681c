"""Calls to WeChat through us: only listed paths, with our token and nothing else of ours or of the caller's."""

import pytest

from lingpai.keeper.forwarding import allowed, without_token
from lingpai.testing.actors import TESTER

INFO = "/wechat/demo-mp/cgi-bin/user/info"


async def test_a_listed_path_is_called_with_the_kept_token(stack, ask):
    answer = await ask("caller", "GET", INFO, params={"openid": "oNobody", "access_token": "mine"})
    assert answer.status_code == 200
    assert answer.json()["errcode"] == 48001
    (call,) = stack.wechat.calls("/cgi-bin/user/info")
    assert call["query"]["openid"] == "oNobody"
    assert "mine" not in str(call)


async def test_the_token_does_not_reach_the_caller(stack, rooms, app, ask):
    answer = await ask("caller", "GET", INFO, params={"openid": "oNobody"})
    token = (await rooms.tokens.get(app)).value.reveal()
    assert token not in answer.text
    assert token not in str(answer.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/cgi-bin/token",
        "/cgi-bin/stable_token",
        "/cgi-bin/ticket/getticket",
        "/sns/jscode2session",
        "/cgi-bin/clear_quota",
        "/cgi-bin/user/info/",
        "/cgi-bin/user/../token",
        "/cgi-bin//user/info",
        "/cgi-bin/user%2finfo/x",
        "/cgi-bin/user/info%00",
        "/cgi-bin/user/info;x",
        "/cgi-bin/user/info%3Faccess_token=x",
    ],
)
async def test_what_is_not_listed_is_not_called(stack, ask, path):
    answer = await ask("caller", "GET", "/wechat/demo-mp" + path)
    assert answer.status_code in (400, 403, 404)
    assert stack.wechat.calls() == []


@pytest.mark.parametrize("path", ["/cgi-bin/token", "/cgi-bin/ticket/getticket", "/sns/userinfo"])
def test_what_gives_credentials_cannot_be_listed(path):
    assert not allowed(path, (path, "/cgi-bin/*", "/sns/*"))


def test_a_star_stands_for_all_below():
    assert allowed("/wxa/business/x", ("/wxa/*",))
    assert not allowed("/wxax", ("/wxa/*",))
    assert not allowed("/wxa", ("/wxa/*",))


@pytest.mark.parametrize(
    "query", ["access_token=a", "ACCESS_TOKEN=a", "%61ccess_token=a", "access_token", "+access_token=a"]
)
def test_no_spelling_of_the_callers_own_token_goes_along(query):
    assert without_token(f"x=1&{query}&y=2") == "x=1&y=2"


async def test_cookies_and_keys_of_the_caller_stay_here(stack, ask):
    seen = {"cookie": "a=b", "x-secret": "mine"}
    await ask("caller", "GET", INFO, params={"openid": "oNobody"}, headers=seen)
    (call,) = stack.wechat.calls("/cgi-bin/user/info")
    assert "lps_" not in str(call)


async def test_a_refused_token_is_renewed_once_and_the_call_repeated(stack, rooms, app, ask):
    await rooms.tokens.get(app)
    stack.wechat.rogue("demo-mp", kind="stable_token", force_refresh=True)
    answer = await ask("caller", "GET", INFO, params={"openid": "oNobody"})
    assert answer.json()["errcode"] == 48001
    assert len(stack.wechat.calls("/cgi-bin/user/info")) == 2


async def test_a_body_and_its_type_go_along(stack, rooms, ask):
    await rooms.apps.change_settings(
        "demo-mp", {"forward_paths": "/wxa/business/getuserphonenumber"}, by=TESTER
    )
    await rooms.directory.reload()
    answer = await ask(
        "caller", "POST", "/wechat/demo-mp/wxa/business/getuserphonenumber", json={"code": "x"}
    )
    assert answer.json()["errcode"] == 40029
    (call,) = stack.wechat.calls("/wxa/business/getuserphonenumber")
    assert call["json"] == {"code": "x"}


async def test_a_body_too_large_is_refused_before_it_is_kept(stack, ask):
    answer = await ask("caller", "POST", INFO, content=b"x" * (2 * 1024 * 1024 + 1))
    assert answer.status_code == 413


async def test_when_wechat_does_not_answer_the_caller_gets_our_problem(stack, rooms, app, ask):
    await rooms.tokens.get(app)
    stack.wechat.fail("/cgi-bin/user/info", times=None, close="before")
    answer = await ask("caller", "GET", INFO)
    assert answer.status_code == 503
    assert answer.json()["code"] == "wechat_busy"
