"""A page inside WeChat learns who its visitor is, without a tap."""

import re

import pytest

from lingpai.clock import MINUTE, SECOND
from tests.conftest import Stack
from tests.oauth.conftest import OA, ORIGIN, PAGE, WEB, Surfer, allow, counted, state_of

ASKED = re.compile(
    r"(http://127\.0\.0\.1:\d+)/connect/oauth2/authorize\?appid=wx00000000000000b2"
    r"&redirect_uri=http%3A%2F%2F127\.0\.0\.1%3A\d+%2Fv1%2Fwx00000000000000b2%2Foauth%2Fcallback"
    r"&response_type=code&scope=snsapi_base&state=[0-9A-Za-z]{43}#wechat_redirect"
)


async def test_a_visitor_is_signed_in_and_back_on_the_page_with_its_fragment(surfer: Surfer):
    home = await surfer.signed_in()
    assert home.status_code == 303
    assert home.headers["location"] == PAGE
    session = await surfer.session()
    assert session["user"]["openid"].startswith("o")
    assert session["app"] == "wx00000000000000b2"
    assert "unionid" not in session["user"]


async def test_a_page_without_a_fragment_does_not_inherit_wechats(surfer: Surfer):
    home = await surfer.signed_in(return_to=f"{ORIGIN}/basket")
    assert home.headers["location"] == f"{ORIGIN}/basket#"


async def test_wechat_is_asked_in_the_order_it_insists_on(surfer: Surfer):
    assert ASKED.fullmatch(await surfer.to_wechat())


async def test_two_visits_never_share_a_state(surfer: Surfer):
    states = {state_of(await surfer.to_wechat(again="1")) for _ in range(20)}
    assert len(states) == 20


async def test_the_browsers_cookies_are_its_own_and_no_scripts(surfer: Surfer):
    start = await surfer.start()
    home = await surfer.signed_in(again="1")
    for answer, name in ((start, "lingpai_prelogin"), (home, "lingpai_session")):
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"{name}=")
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


async def test_no_answer_on_the_way_is_kept_framed_or_told_of(surfer: Surfer):
    start = await surfer.start()
    callback = await surfer.asked(start.headers["location"])
    for answer in (start, await surfer.get(callback), await surfer.get("/v1/demo-oa/oauth/callback?state=x")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]


async def test_signing_out_takes_the_cookie_away(surfer: Surfer, stack: Stack):
    await surfer.signed_in()
    cookie = surfer.cookie
    gone = await stack.http.delete(
        "/v1/session", headers={"cookie": f"lingpai_session={cookie}", "origin": ORIGIN}
    )
    assert gone.status_code == 204
    assert "lingpai_session=; Path=/; Max-Age=0" in gone.headers["set-cookie"]
    again = await stack.http.get("/v1/session", headers={"cookie": f"lingpai_session={cookie}"})
    assert again.status_code == 401


async def test_a_state_lives_ten_minutes(surfer: Surfer, stack: Stack):
    back = await surfer.asked(await surfer.to_wechat())
    await stack.later(10 * MINUTE / SECOND)
    late = await surfer.get(back)
    assert late.status_code == 400
    assert "state_invalid" in late.text
    assert counted(stack, "/sns/oauth2/access_token") == 0


async def test_a_shared_link_with_a_stale_code_explains_itself(surfer: Surfer, stack: Stack):
    back = await surfer.asked(await surfer.to_wechat())
    await surfer.get(back)
    friend = Surfer(stack)
    shared = await friend.get(f"{back}&from=singlemessage&isappinstalled=0", **{"accept-language": "zh-CN"})
    assert shared.status_code == 400
    assert "登录链接已失效" in shared.text
    assert "/v1/wx00000000000000b2/oauth/start?return_to=https%3A%2F%2Fshop.example.com%2F" in shared.text
    assert friend.cookie is None
    assert counted(stack, "/sns/oauth2/access_token") == 1


async def test_a_program_is_told_by_a_problem_answer(surfer: Surfer):
    told = await surfer.get("/v1/demo-oa/oauth/callback?code=x&state=y", accept="application/json")
    assert told.status_code == 400
    assert told.json()["code"] == "state_invalid"


@pytest.mark.parametrize(("app", "door"), [(OA, "qr"), (WEB, "start"), ("demo-mp", "start")])
async def test_each_kind_of_app_has_its_own_door(surfer: Surfer, app: str, door: str):
    refused = await surfer.get(f"/v1/{app}/oauth/{door}?return_to={ORIGIN}/", accept="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "app_kind_wrong")


async def test_a_code_of_an_authorization_page_is_nothing_at_the_mini_programs_door(stack: Stack):
    refused = await stack.login(stack.wechat.oauth_code(), app=OA)
    assert (refused.status_code, refused.json()["code"]) == (409, "app_kind_wrong")
    assert counted(stack, "/sns/oauth2/access_token") == 0


@pytest.mark.parametrize(
    "query",
    [
        "",
        "return_to=https%3A%2F%2Fshop.example.com%2F&scope=snsapi_base",
        "return_to=https%3A%2F%2Fshop.example.com%2F&scopes=base",
        "return_to=https%3A%2F%2Fshop.example.com%2F&return_to=https%3A%2F%2Fshop.example.com%2F",
        "return_to=https%3A%2F%2Fshop.example.com%2F&deliver=ticket",
        "return_to=https%3A%2F%2Fshop.example.com%2F&challenge=" + "c" * 43,
        "return_to=https%3A%2F%2Fshop.example.com%2F&deliver=ticket&challenge=short",
        "return_to=%ff",
        "return_to=" + "x" * 9_000,
    ],
)
async def test_a_start_of_another_shape_is_refused(surfer: Surfer, query: str):
    refused = await surfer.get(f"/v1/demo-oa/oauth/start?{query}", accept="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")


async def test_a_page_that_sends_its_visitor_round_is_stopped_after_two_rounds(surfer: Surfer, stack: Stack):
    for _ in range(2):
        assert (await surfer.signed_in()).status_code == 303
    stopped = await surfer.start()
    assert stopped.status_code == 409
    assert "redirect_loop" in stopped.text
    assert "&amp;again=1" in stopped.text
    assert counted(stack, "/sns/oauth2/access_token") == 2
    assert (await surfer.start(again="1")).status_code == 302


async def test_a_visitor_who_comes_back_later_or_from_another_page_is_no_circle(surfer: Surfer, stack: Stack):
    for round_number in range(3):
        await surfer.to_wechat(return_to=f"{ORIGIN}/{round_number}")
    for _ in range(3):
        await stack.later(21)
        await surfer.to_wechat()


async def test_an_origin_that_was_struck_off_meanwhile_gets_nothing(surfer: Surfer, stack: Stack):
    back = await surfer.asked(await surfer.to_wechat())
    await allow(stack, "https://club.example.com")
    refused = await surfer.get(back)
    assert refused.status_code == 400
    assert "return_to_not_allowed" in refused.text
    assert surfer.cookie is None
