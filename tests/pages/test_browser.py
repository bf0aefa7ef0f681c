"""The pages as people meet them: in a real browser, wide and narrow, light and dark."""

import msgspec
import pytest
from playwright.async_api import Browser, Page, expect

from lingpai.model import LoginEvent
from lingpai.testing.server import RunningServer

PATHS = [
    "/",
    "/docs",
    "/docs/problems",
    "/docs/problems/wechat_credentials",
    "/console",
    "/console?q=%E5%B0%8F",
    "/console?q=nobody",
    *(f"/console/users/usr_01jd{number:022}" for number in (0, 1, 4)),
]
LOW_CONTRAST = """() => {
  const parse = (text) => { const c = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    c.fillStyle = text; c.fillRect(0, 0, 1, 1); return [...c.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => { for (; e; e = e.parentElement) { const p = parse(getComputedStyle(e).backgroundColor); if (p[3] === 255) return p; }
    return [255, 255, 255, 255]; };
  const poor = [];
  for (const e of document.querySelectorAll("body *")) {
    if (e.closest("[aria-hidden]") || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(`${e.tagName}.${e.className}: ${e.textContent.slice(0, 30)}`);
  }
  return poor;
}"""


@pytest.mark.parametrize("width", [1280, 768, 375])
async def test_no_page_scrolls_sideways_or_complains(
    filled: RunningServer, tab: Page, complaints: list[str], width: int
):
    await tab.set_viewport_size({"width": width, "height": 800})
    for language in ("en", "zh"):
        for path in PATHS:
            joint = "&" if "?" in path else "?"
            await tab.goto(f"{filled.url}{path}{joint}lang={language}")
            spilt = await tab.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert spilt == 0, (path, language)
            assert await tab.locator("h1").count() == 1
            assert await tab.locator("main").count() == 1
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_can_be_read(filled: RunningServer, browser: Browser, scheme: str):
    context = await browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    tab = await context.new_page()
    for path in PATHS:
        await tab.goto(filled.url + path)
        assert await tab.evaluate(LOW_CONTRAST) == [], path
    await context.close()


async def test_without_scripts_everything_is_there(filled: RunningServer, browser: Browser):
    context = await browser.new_context(java_script_enabled=False)
    tab = await context.new_page()
    await tab.goto(f"{filled.url}/console")
    await expect(tab.locator("#logins tbody tr")).to_have_count(13)
    await expect(tab.locator("#logins [data-zone]").first).to_have_text("UTC")
    await tab.get_by_label("Find a person").fill("小")
    await tab.get_by_role("button", name="Find").click()
    await tab.get_by_role("row").get_by_role("link").click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("小明")
    await context.close()


async def test_the_first_stop_of_the_keyboard_is_the_skip_link_and_it_shows(
    serving: RunningServer, tab: Page
):
    await tab.goto(f"{serving.url}/docs")
    await tab.keyboard.press("Tab")
    skip = tab.locator(".skip")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#content")).to_be_focused()


async def test_a_new_login_appears_by_itself_and_disturbs_nothing(
    filled: RunningServer, tab: Page, complaints: list[str]
):
    await tab.goto(f"{filled.url}/console")
    await tab.get_by_label("Find a person").fill("half a na")
    reason = tab.get_by_role("link", name="WeChat does not accept this code")
    await reason.focus()
    await filled.server.store.logins.record(
        LoginEvent(
            id="evt_01je" + "0" * 22,
            at=filled.server.rooms.clock.now(),
            appid="wx00000000000000a1",
            result="code_used",
            request_id="0123456789abcdef",
            duration_ms=9,
            errcode=40163,
        )
    )
    await expect(tab.locator("#logins tbody tr").first).to_contain_text("This code has been used")
    await expect(tab.locator("#logins tbody tr")).to_have_count(14)
    await expect(reason).to_be_focused()
    await expect(tab.get_by_label("Find a person")).to_have_value("half a na")
    assert complaints == []


async def test_a_session_that_ends_changes_in_place_and_keeps_the_focus(filled: RunningServer, tab: Page):
    await tab.goto(f"{filled.url}/console")
    row = tab.locator("tr#ses_01jd" + "0" * 22)
    await expect(row).to_contain_text("running")
    await row.get_by_role("link").focus()
    await filled.server.store.sessions.end("ses_01jd" + "0" * 22, "operator", filled.server.rooms.clock.now())
    await expect(row).to_contain_text("by an operator")
    await expect(row.get_by_role("link")).to_be_focused()


async def test_the_first_login_of_an_empty_console_appears_by_itself(running: RunningServer, tab: Page):
    await tab.goto(f"{running.url}/console")
    await expect(tab.locator("#logins")).to_contain_text("No login yet.")
    sample = LoginEvent(
        id="evt_01je" + "0" * 22,
        at=running.server.rooms.clock.now(),
        appid="wx00000000000000a1",
        result="code_used",
        request_id="0123456789abcdef",
        duration_ms=9,
    )
    await running.server.store.logins.record(sample)
    await expect(tab.locator("#logins tbody tr")).to_have_count(1)
    later = msgspec.structs.replace(sample, id="evt_01jf" + "0" * 22, result="code_invalid")
    await running.server.store.logins.record(later)
    await expect(tab.locator("#logins tbody tr")).to_have_count(2)


async def test_a_server_that_went_away_is_told(filled: RunningServer, tab: Page):
    await tab.goto(f"{filled.url}/console")
    await expect(tab.locator("[data-status]")).to_have_text("Live")
    await filled.server.store.aclose()
    await expect(tab.locator("[data-status]")).to_have_text("The server does not answer")


async def test_times_are_local_for_those_who_run_scripts(filled: RunningServer, browser: Browser):
    context = await browser.new_context(timezone_id="Asia/Shanghai")
    tab = await context.new_page()
    await tab.goto(f"{filled.url}/console/users/usr_01jd{0:022}")
    since = tab.locator(".facts time")
    await expect(since).to_have_attribute("datetime", "2025-12-31T22:30:00Z")
    await expect(since).to_have_text("2026-01-01 06:30:00")
    await expect(tab.locator(".facts [data-zone]")).to_have_text("Asia/Shanghai")
    await context.close()


async def test_an_example_can_be_copied(serving: RunningServer, browser: Browser):
    context = await browser.new_context()
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = await context.new_page()
    await tab.goto(f"{serving.url}/docs")
    await tab.get_by_role("button", name="Copy").first.click()
    await expect(tab.locator(".copy").first).to_have_text("Copied")
    assert (await tab.evaluate("navigator.clipboard.readText()")).startswith("curl -sS -X POST")
    await context.close()
