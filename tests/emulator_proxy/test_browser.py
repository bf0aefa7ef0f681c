"""Does a person in a browser meet the pages of open.weixin.qq.com under their own name?"""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.async_api import BrowserContext, async_playwright

ARTIFACTS = Path(__file__).parents[2] / "artifacts"


@pytest.fixture
async def person(wechat_proxy) -> AsyncIterator[BrowserContext]:
    """A browser that goes through the proxy, as a developer's would that has imported ca.pem."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            proxy={"server": wechat_proxy.proxy.url, "bypass": "127.0.0.1"},
        )
        context = await browser.new_context(
            viewport={"width": 375, "height": 720}, locale="zh-CN", ignore_https_errors=True
        )
        yield context
        await browser.close()


def _link(path, appid, scope, callback):
    query = {"appid": appid, "redirect_uri": callback, "response_type": "code", "scope": scope, "state": "s1"}
    return f"https://open.weixin.qq.com{path}?{urlencode(query)}#wechat_redirect"


async def test_a_consent_at_open_weixin_qq_com_leads_back_with_a_code(wechat_proxy, person):
    app = wechat_proxy.app("demo-oa")
    callback = f"{wechat_proxy.url}/__emulator__/clock"  # any page of this machine will do
    page = await person.new_page()
    await page.goto(_link("/connect/oauth2/authorize", app.appid, "snsapi_userinfo", callback))
    assert urlsplit(page.url).netloc == "open.weixin.qq.com"
    # The sheet is dressed only when its files come through the proxy as well.
    assert (
        await page.locator("button.main").evaluate("each => getComputedStyle(each).color") != "rgb(0, 0, 0)"
    )
    ARTIFACTS.mkdir(exist_ok=True)
    await page.screenshot(path=ARTIFACTS / "emulator-proxy-consent.png")
    await page.click("button.main")
    await page.wait_for_url(f"{callback}**")
    assert parse_qs(urlsplit(page.url).query)["state"] == ["s1"]
    assert len(parse_qs(urlsplit(page.url).query)["code"][0]) == 32


async def test_a_qr_code_of_a_website_leads_to_open_weixin_qq_com(wechat_proxy, person):
    app = wechat_proxy.app("demo-web")
    page = await person.new_page()
    await page.set_viewport_size({"width": 1280, "height": 800})
    callback = f"{wechat_proxy.url}/__emulator__/clock"
    await page.goto(_link("/connect/qrconnect", app.appid, "snsapi_login", callback))
    target = await page.locator("a[href*='/connect/confirm']").get_attribute("href")
    assert target is not None
    assert target.startswith("https://open.weixin.qq.com/connect/confirm?ticket=")
    await page.screenshot(path=ARTIFACTS / "emulator-proxy-qr.png")
    phone = await person.new_page()
    await phone.goto(target)
    await phone.click("button.main")
    await page.wait_for_url(f"{callback}**")
