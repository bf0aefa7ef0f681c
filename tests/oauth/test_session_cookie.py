"""A browser that is signed in by a cookie: what it may do, and what a page that is not ours cannot make it do."""

import pytest

from tests.conftest import Stack
from tests.oauth.conftest import OA, ORIGIN, PAGE, Surfer, allow

pytestmark = pytest.mark.asyncio


@pytest.fixture
async def cookie(surfer: Surfer) -> dict[str, str]:
    await surfer.signed_in()
    return {"cookie": f"lingpai_session={surfer.cookie}"}


async def mint(stack: Stack, headers: dict[str, str], app: str = OA) -> tuple[int, str]:
    answer = await stack.http.post(f"/v1/{app}/tickets", json={"return_to": PAGE}, headers=headers)
    return answer.status_code, answer.json().get("code", "")


async def test_pages_of_the_app_and_of_this_server_may_write(stack: Stack, cookie: dict[str, str]):
    for origin in (ORIGIN, stack.url):
        assert await mint(stack, {**cookie, "origin": origin}) == (200, "")


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "https://shop.example.com.evil.example",
        "http://shop.example.com",
        "https://shop.example.com:8443",
        "https://SHOP.example.com",
        "",
        None,
    ],
)
async def test_no_other_page_may(stack: Stack, cookie: dict[str, str], origin: str | None):
    headers = cookie if origin is None else {**cookie, "origin": origin}
    assert await mint(stack, headers) == (403, "origin_not_allowed")
    assert (await stack.http.delete("/v1/session", headers=headers)).status_code == 403
    assert (await stack.http.get("/v1/session", headers=cookie)).status_code == 200


async def test_a_form_of_another_site_signs_nobody_out(stack: Stack, cookie: dict[str, str]):
    for content_type in ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain"):
        forged = await stack.http.post(
            f"/v1/{OA}/tickets",
            content=b'{"return_to":"https://shop.example.com/"}',
            headers={**cookie, "content-type": content_type, "origin": "https://evil.example"},
        )
        assert forged.status_code == 403


async def test_a_page_of_another_app_cannot_even_read(stack: Stack, cookie: dict[str, str]):
    await allow(stack, "https://other.example", app="demo-mp")
    read = await stack.http.get("/v1/session", headers={**cookie, "origin": "https://other.example"})
    assert (read.status_code, read.json()["code"]) == (403, "origin_not_allowed")


async def test_a_cookie_of_one_app_is_nothing_at_another(stack: Stack, cookie: dict[str, str]):
    assert await mint(stack, {**cookie, "origin": ORIGIN}, "demo-mp") == (401, "session_invalid")


async def test_two_cookies_of_one_name_are_none(stack: Stack, cookie: dict[str, str]):
    planted = {"cookie": f"{cookie['cookie']}; lingpai_session=lpr_planted"}
    assert (await stack.http.get("/v1/session", headers=planted)).status_code == 401


async def test_an_authorization_header_is_never_helped_out_by_a_cookie(stack: Stack, cookie: dict[str, str]):
    read = await stack.http.get("/v1/session", headers={**cookie, "authorization": "Bearer wrong"})
    assert read.status_code == 401


async def test_a_cookie_dies_with_its_session(stack: Stack, cookie: dict[str, str]):
    assert (await stack.http.get("/v1/session", headers=cookie)).status_code == 200
    session = (await stack.store.sessions.recent(1))[0]
    await stack.running.server.rooms.ending.end(session.id)
    assert (await stack.http.get("/v1/session", headers=cookie)).status_code == 401


async def test_a_cookie_lives_no_longer_than_its_session(stack: Stack, cookie: dict[str, str]):
    await stack.later(29 * 86_400)
    assert (await stack.http.get("/v1/session", headers=cookie)).status_code == 200
    await stack.later(86_400)
    assert (await stack.http.get("/v1/session", headers=cookie)).status_code == 401
