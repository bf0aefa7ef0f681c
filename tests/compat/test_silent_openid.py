"""`/getCode` and `/getopenid` of an official account's page: the openid, silently, without the tutorial's circles."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.compat.conftest import openid_of
from tests.conftest import Stack
from tests.oauth.conftest import Surfer, counted, state_of

EXCHANGE = "/sns/oauth2/access_token"
OA_APPID = "wx00000000000000b2"


@pytest.fixture
def surfer(stack: Stack) -> Surfer:
    return Surfer(stack)


async def sent_to(surfer, path):
    answer = await surfer.get(path)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


@pytest.mark.parametrize("door", ["/getCode", "/getopenid", "/getopenid?app=demo-oa"], ids=str)
async def test_a_page_that_opens_the_route_ends_with_the_openid(stack, surfer, door):
    at_wechat = await sent_to(surfer, door)
    back = await surfer.asked(at_wechat)
    assert urlsplit(back).path == "/getopenid"
    told = await surfer.get(back)
    assert (told.status_code, told.text) == (200, openid_of(stack, appid=OA_APPID))
    assert told.headers["content-type"] == "text/plain; charset=utf-8"
    assert (await surfer.session())["user"]["openid"] == told.text


async def test_the_address_at_wechat_is_as_wechat_wants_it_and_its_state_is_new_each_time(stack, surfer):
    first, second = await sent_to(surfer, "/getCode"), await sent_to(surfer, "/getCode?again=1")
    address = urlsplit(first)
    assert address.fragment == "wechat_redirect"
    given = parse_qs(address.query)
    assert list(given) == ["appid", "redirect_uri", "response_type", "scope", "state"]
    assert given["redirect_uri"] == [f"{stack.url}/getopenid"]
    assert given["scope"] == ["snsapi_base"]
    assert state_of(first) != state_of(second)
    assert len(state_of(first)) >= 32


async def test_a_callback_that_comes_twice_is_answered_twice_and_exchanged_once(stack, surfer):
    back = await surfer.asked(await sent_to(surfer, "/getCode"))
    told = [(await surfer.get(back)).text for _ in range(2)]
    assert told == [openid_of(stack, appid=OA_APPID)] * 2
    assert counted(stack, EXCHANGE) == 1


async def test_who_was_here_before_is_not_sent_to_wechat_again(stack, surfer):
    await surfer.get(await surfer.asked(await sent_to(surfer, "/getCode")))
    stack.wechat.clear_calls()
    told = await surfer.get("/getopenid")
    assert (told.status_code, told.text) == (200, openid_of(stack, appid=OA_APPID))
    assert counted(stack, EXCHANGE) == 0


async def test_a_code_without_its_state_does_not_go_round(stack, surfer):
    for path in ("/getopenid?code=shared", "/getCode?code=shared", "/getopenid?code=shared&state=STATE"):
        refused = await surfer.get(path, accept="application/json")
        assert (refused.status_code, refused.json()["code"]) == (400, "state_invalid")
    assert counted(stack, EXCHANGE) == 0


async def test_a_code_that_was_used_goes_round_once_more_and_then_stops(stack, surfer):
    stack.wechat.fail(EXCHANGE, times=None, errcode=40163, errmsg="code been used")
    address, statuses = "/getopenid", []
    for _ in range(6):
        answer = await surfer.get(address, accept="application/json")
        statuses.append(answer.status_code)
        if answer.status_code != 302:
            break
        address = await surfer.asked(answer.headers["location"])
    assert statuses[-1] == 409, statuses
    assert answer.json()["code"] == "redirect_loop"
    assert len(statuses) <= 4


async def test_a_browser_without_cookies_is_not_sent_round(stack):
    answer = await stack.http.get("/getopenid")
    back = (await stack.http.get(answer.headers["location"].partition("#")[0])).headers["location"]
    stack.http.cookies.clear()
    refused = await stack.http.get(back)
    assert (refused.status_code, refused.json()["code"]) == (400, "state_invalid")


async def test_a_page_that_keeps_asking_is_stopped_with_a_way_on(stack, surfer):
    for _ in range(2):
        await sent_to(surfer, "/getCode")
    stopped = await surfer.get("/getCode")
    assert stopped.status_code == 409
    assert "again=1" in stopped.text
    assert (await surfer.get("/getCode?again=1")).status_code == 302


async def test_no_answer_of_wechat_is_a_refusal_and_not_a_circle(surfer):
    state = state_of(await sent_to(surfer, "/getCode"))
    refused = await surfer.get(f"/getopenid?state={state}", accept="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "consent_refused")


async def test_another_browser_gets_nothing_for_the_same_address(stack, surfer):
    back = await surfer.asked(await sent_to(surfer, "/getCode"))
    await surfer.get(back)
    thief = Surfer(stack)
    await sent_to(thief, "/getCode")
    refused = await thief.get(back)
    assert refused.status_code == 400
    assert openid_of(stack, appid=OA_APPID) not in refused.text


async def test_a_visitor_reads_a_page_in_a_language_of_theirs(surfer):
    refused = await surfer.get("/getopenid?code=x&state=y", **{"accept-language": "zh-CN"})
    assert refused.headers["content-type"].startswith("text/html")
    assert "登录链接已失效" in refused.text
