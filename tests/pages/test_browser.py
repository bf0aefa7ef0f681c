"""The pages as people meet them: in a real browser, wide and narrow, light and dark."""

import pytest
from playwright.async_api import Browser, Page, expect

from lingpai.testing.server import RunningServer

PATHS = [
    "/",
    "/docs",
    "/docs/problems",
    "/docs/problems/wechat_credentials",
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
    serving: RunningServer, tab: Page, complaints: list[str], width: int
):
    await tab.set_viewport_size({"width": width, "height": 800})
    for language in ("en", "zh"):
        for path in PATHS:
            joint = "&" if "?" in path else "?"
            await tab.goto(f"{serving.url}{path}{joint}lang={language}")
            spilt = await tab.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert spilt == 0, (path, language)
            assert await tab.locator("h1").count() == 1
            assert await tab.locator("main").count() == 1
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_can_be_read(serving: RunningServer, browser: Browser, scheme: str):
    context = await browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    tab = await context.new_page()
    for path in PATHS:
        await tab.goto(serving.url + path)
        assert await tab.evaluate(LOW_CONTRAST) == [], path
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


async def test_an_example_can_be_copied(serving: RunningServer, browser: Browser):
    context = await browser.new_context()
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = await context.new_page()
    await tab.goto(f"{serving.url}/docs")
    await tab.get_by_role("button", name="Copy").first.click()
    await expect(tab.locator(".copy").first).to_have_text("Copied")
    assert (await tab.evaluate("navigator.clipboard.readText()")).startswith("curl -sS -X POST")
    await context.close()
