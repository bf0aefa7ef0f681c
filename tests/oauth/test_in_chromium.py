"""What people see: real pages in a real browser, on a phone and at a desk. Pictures of each step are kept."""

import re
import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright, expect

from tests.conftest import Stack, bearer
from tests.oauth.conftest import IN_WECHAT, MP, OA, WEB, allow, counted

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "artifacts" / "oauth"
PHONE, DESK = ViewportSize(width=375, height=812), ViewportSize(width=1280, height=800)


class Pages(SimpleHTTPRequestHandler):
    """The example, with the address of this test's server in its `meta`."""

    server_url = ""

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].strip("/") or "index.html"
        file = ROOT / "examples" / "h5" / name
        if not file.is_file():
            self.send_error(404)
            return
        body = file.read_bytes().replace(b"http://127.0.0.1:8000", self.server_url.encode())
        self.send_response(200)
        kinds = {".js": "text/javascript", ".css": "text/css"}
        self.send_header("content-type", kinds.get(file.suffix, "text/html; charset=utf-8"))
        self.send_header("cache-control", "no-store")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def site(stack: Stack) -> Iterator[str]:
    """The example's origin."""
    handler = type("OurPages", (Pages,), {"server_url": stack.url})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
async def listed(stack: Stack, site: str) -> None:
    for app in (OA, WEB, MP):
        await allow(stack, site, app=app)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
        )
        yield browser
        await browser.close()


@pytest.fixture
async def phone(chromium: Browser) -> AsyncIterator[BrowserContext]:
    context = await chromium.new_context(viewport=PHONE, user_agent=IN_WECHAT, locale="zh-CN")
    yield context
    await context.close()


@pytest.fixture
async def page(phone: BrowserContext) -> Page:
    return await phone.new_page()


async def keep(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


async def greeted(page: Page) -> str:
    who = page.get_by_role("status")
    await expect(who).to_contain_text("你好，usr_")
    return (await who.inner_text()).partition("，")[2]


async def answer(page: Page, choice: str) -> None:
    """Tap allow or deny on WeChat's sheet."""
    await page.locator(f"button[value={choice}]").click()


async def test_a_visitor_is_known_without_a_tap(page: Page, site: str, stack: Stack):
    await page.goto(f"{site}/#/item/7")
    await greeted(page)
    assert page.url == f"{site}/#/item/7"
    assert counted(stack, "/sns/oauth2/access_token") == 1
    await keep(page, "1-silent")


async def test_nickname_and_avatar_are_asked_for_after_a_tap(page: Page, site: str, stack: Stack):
    await page.goto(f"{site}/")
    user = await greeted(page)
    await page.locator("#profile").click()
    await keep(page, "2-consent-sheet")
    await answer(page, "allow")
    await greeted(page)
    await expect(page.locator("#profile")).to_be_hidden()
    person = await stack.store.users.get(user)
    assert person.profile_complete
    await keep(page, "2-consent-given")


async def test_who_refuses_reads_why_and_may_go_on(page: Page, site: str):
    await page.goto(f"{site}/")
    await greeted(page)
    await page.locator("#profile").click()
    await answer(page, "deny")
    await expect(page.get_by_role("heading")).to_have_text("你没有同意授权")
    await keep(page, "3-refused")
    await page.get_by_role("link", name="不提供昵称和头像，继续").click()
    await greeted(page)
    assert page.url == f"{site}/#"


async def test_the_back_button_is_no_trap(page: Page, site: str):
    await page.goto("about:blank")
    await page.goto(f"{site}/")
    await greeted(page)
    await page.locator("#profile").click()
    await answer(page, "allow")
    await greeted(page)
    for _ in range(3):
        await page.go_back()
        if page.url == "about:blank":
            break
        assert page.url.startswith(site) or "/connect/" in page.url
    assert "code=" not in page.url


async def test_a_phone_that_calls_back_twice_is_signed_in_once(page: Page, site: str, stack: Stack):
    stack.wechat.browser(double_callback=True)
    await page.goto(f"{site}/")
    await greeted(page)
    assert counted(stack, "/sns/oauth2/access_token") == 1
    assert len(await stack.store.sessions.recent(9)) == 1


async def test_a_shared_link_with_a_stale_code_explains_itself(
    page: Page, chromium: Browser, site: str, stack: Stack
):
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    await page.goto(f"{site}/")
    await greeted(page)
    callback = next(url for url in seen if "/oauth/callback?" in url)
    friend = await chromium.new_context(viewport=DESK, locale="en-GB")
    theirs = await friend.new_page()
    await theirs.goto(callback)
    await expect(theirs.get_by_role("heading")).to_have_text("This sign-in link no longer works")
    await keep(theirs, "4-stale-link-1280")
    await theirs.set_viewport_size(PHONE)
    await keep(theirs, "4-stale-link-375")
    await theirs.emulate_media(color_scheme="dark")
    await keep(theirs, "4-stale-link-375-dark")
    await theirs.get_by_role("link", name="Sign in").click()
    await theirs.wait_for_url(f"{site}/**")
    await greeted(theirs)


async def test_a_desktop_is_signed_in_by_a_second_device(
    chromium: Browser, phone: BrowserContext, site: str, stack: Stack
):
    desk = await chromium.new_context(viewport=DESK, locale="zh-CN")
    screen = await desk.new_page()
    await screen.goto(f"{stack.url}/v1/{WEB}/oauth/qr?return_to={site}/")
    await keep(screen, "5-qr")
    hand = await phone.new_page()
    await hand.goto(await scan(screen, stack))
    await answer(hand, "allow")
    await screen.wait_for_url(f"{site}/#")
    user = await greeted(screen)
    assert (await stack.store.users.get(user)).profile_complete
    assert (await stack.store.sessions.recent(1))[0].appid == "wx00000000000000c3"


async def scan(screen: Page, stack: Stack) -> str:
    """What the QR code leads to: the page knows the same ticket its code shows."""
    html = await screen.content()
    found = re.search(r"/connect/confirm\?ticket=[A-Za-z0-9_-]+", html.replace("&amp;", "&"))
    if found:
        return stack.wechat.url + found.group()
    ticket = re.search(r'data-ticket="([^"]+)"|ticket=([A-Za-z0-9_-]+)', html)
    assert ticket, html
    return f"{stack.wechat.url}/connect/confirm?ticket={ticket[1] or ticket[2]}"


async def test_a_single_page_app_keeps_its_hash_route_and_no_token_in_any_address(
    page: Page, site: str, stack: Stack
):
    seen: list[str] = []
    page.on("framenavigated", lambda frame: seen.append(frame.url))
    referers: list[Any] = []
    page.on("request", lambda request: referers.append(request.headers.get("referer", "")))
    await page.goto(f"{site}/spa.html?shop=3#/orders/5")
    await greeted(page)
    assert page.url == f"{site}/spa.html?shop=3#/orders/5"
    await expect(page.locator("#route")).to_have_text("#/orders/5")
    addresses = " ".join(seen)
    assert "lpr_" not in addresses
    assert "eyJ" not in addresses
    assert not any("code=" in referer or "state=" in referer for referer in referers)
    await keep(page, "6-single-page-app")


async def test_a_mini_program_opens_a_web_view_that_knows_its_visitor(page: Page, site: str, stack: Stack):
    tokens = await stack.signed_in("xiaoming", MP)
    minted = await stack.http.post(
        f"/v1/{MP}/tickets", json={"return_to": f"{site}/"}, headers=bearer(tokens["access_token"])
    )
    await page.goto(minted.json()["url"])
    assert await greeted(page) == tokens["user"]["id"]
    await keep(page, "7-web-view")


async def test_a_snapshot_visitor_is_told_which_button_to_tap(page: Page, site: str, stack: Stack):
    stack.wechat.browser(snapshot=True)
    stack.wechat.switch(snapshot_scopes="all")
    await page.goto(f"{stack.url}/v1/{OA}/oauth/start?scope=userinfo&return_to={site}/")
    await expect(page.get_by_role("main")).to_contain_text("使用完整服务")
    await keep(page, "8-snapshot")


async def test_the_pages_are_quiet_within_their_policy(page: Page, stack: Stack):
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url))
    await page.goto(f"{stack.url}/v1/{OA}/oauth/callback?state=nothing")
    await expect(page.get_by_role("heading")).to_be_visible()
    # Chromium itself reports the 400.
    assert [said for said in complaints if "400" not in said] == []
    assert all(url.startswith((stack.url, "data:")) for url in foreign)
    button = page.locator(".weui-btn_primary")
    assert await button.evaluate("it => getComputedStyle(it).backgroundColor") == "rgb(7, 193, 96)"
    await page.set_viewport_size(DESK)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_signing_out_ends_the_session(page: Page, site: str, stack: Stack):
    await page.goto(f"{site}/")
    await greeted(page)
    await page.locator("#out").click()
    await expect(page.get_by_role("status")).to_contain_text("你已退出")
    assert await stack.store.sessions.count_running(stack.clock.now()) == 0
    await page.locator("#in").click()
    await greeted(page)
