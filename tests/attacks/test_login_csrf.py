"""Signing a victim's browser in as the attacker: every way of it fails (RFC 9700, section 4.7)."""

from tests.conftest import Stack, bearer
from tests.oauth.conftest import MP, ORIGIN, PAGE, Surfer, counted, state_of
from tests.oauth.conftest import stack as stack  # noqa: PLC0414 - the fixture

EXCHANGE = "/sns/oauth2/access_token"


async def attackers_callback(stack: Stack) -> str:
    """A callback address with the attacker's own code and state, not used yet."""
    stack.wechat.browser(person="xiaohong")
    attacker = Surfer(stack)
    back = await attacker.asked(await attacker.to_wechat())
    stack.wechat.browser(person="xiaoming")
    return back


async def test_the_attackers_code_and_state_in_the_victims_browser(stack: Stack):
    planted = await attackers_callback(stack)
    victim = Surfer(stack)
    for _ in range(2):  # before the victim was ever here, and with a cookie of its own
        refused = await victim.get(planted)
        assert refused.status_code == 400
        assert victim.cookie is None
        await victim.start(again="1")
    assert counted(stack, EXCHANGE) == 0


async def test_the_attackers_code_with_a_state_of_the_victim(stack: Stack):
    """The attacker cannot know the state; a guess, a constant and an empty one are all nothing."""
    planted = await attackers_callback(stack)
    victim = Surfer(stack)
    await victim.start()
    for guess in ("", "STATE", "1", state_of(planted)[:-1], state_of(planted).swapcase()):
        refused = await victim.get(planted.replace(state_of(planted), guess))
        assert refused.status_code == 400
    assert counted(stack, EXCHANGE) == 0


async def test_the_attackers_prelogin_cookie_cannot_be_named_by_a_page(stack: Stack):
    start = await Surfer(stack).start()
    cookie = start.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "Domain" not in cookie
    victim = Surfer(stack)
    await victim.start()
    planted = cookie.partition(";")[0]
    # Two cookies of one name, one of them planted: neither counts.
    both = f"{planted}; lingpai_prelogin={victim.jar['lingpai_prelogin']}"
    back = await attackers_callback(stack)
    refused = await stack.http.get(back, headers={"cookie": both})
    assert refused.status_code == 400


async def test_the_attackers_state_at_another_app(stack: Stack):
    victim = Surfer(stack)
    back = await victim.asked(await victim.to_wechat())
    elsewhere = back.replace("wx00000000000000b2", "wx00000000000000c3")
    refused = await victim.get(elsewhere)
    assert refused.status_code == 400
    assert counted(stack, EXCHANGE) == 0


async def test_the_attackers_ticket_on_the_victims_page(stack: Stack):
    """A page that wants tickets sends a challenge; without its verifier the attacker's ticket is nothing."""
    stack.wechat.browser(person="xiaohong")
    home = await Surfer(stack).signed_in(deliver="ticket", challenge="a" * 43)
    ticket = home.headers["location"].partition("ticket=")[2].partition("#")[0]
    refused = await stack.http.post(
        "/v1/demo-oa/tickets/exchange",
        json={"ticket": ticket, "verifier": "v" * 43},
        headers={"origin": ORIGIN},
    )
    assert refused.json()["code"] == "ticket_invalid"


async def test_the_attackers_web_view_ticket_from_a_page_of_the_attacker(stack: Stack):
    tokens = await stack.signed_in("xiaohong", MP)
    minted = await stack.http.post(
        f"/v1/{MP}/tickets", json={"return_to": PAGE}, headers=bearer(tokens["access_token"])
    )
    victim = Surfer(stack)
    await victim.signed_in()
    before = victim.cookie
    refused = await victim.get(minted.json()["url"], **{"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403
    assert victim.cookie == before
