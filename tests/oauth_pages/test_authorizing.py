"""Does a person in a real browser get through WeChat's pages, and back to the site?"""

import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests.emulator.oauth import authorize_link, qrconnect_link
from tests.oauth_pages.conftest import WIDTHS

# A browser carries the fragment of a link over to where it is sent, if that has none.
WELCOME = re.compile(r"/welcome(#wechat_redirect)?$")


def _link(wechat, site, scope="snsapi_base", **more):
    link = authorize_link(wechat.app("demo-oa").appid, redirect_uri=site.callback, scope=scope, **more)
    return f"{wechat.url}{link}#wechat_redirect"


def _qr_link(wechat, site):
    return f"{wechat.url}{qrconnect_link(wechat.app('demo-web').appid, redirect_uri=site.callback)}"


async def test_silently_through_base_to_the_site(wechat, site, device):
    page = await (await device()).new_page()
    await page.goto(_link(wechat, site))
    await expect(page.get_by_role("heading")).to_have_text("Welcome")
    assert [sorted(visit) for visit in site.wait(1)] == [["code", "state"]]


@pytest.mark.parametrize("screen", [(width, language) for width in WIDTHS for language in ("en", "zh-CN")])
async def test_the_sheet_asks_and_the_chosen_person_goes_back(wechat, site, device, picture, screen):
    width, language = screen
    page = await (await device(width, language)).new_page()
    await page.goto(_link(wechat, site, "snsapi_userinfo"))
    await picture(page, f"sheet-{language}-{width}")
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    await page.get_by_label("小红").check()
    await page.get_by_role("button", name={"en": "Allow", "zh-CN": "允许"}[language]).click()
    await expect(page.get_by_role("heading")).to_have_text("Welcome")
    assert wechat.state()["oauth_codes"][0]["person"] == "xiaohong"


async def test_the_browser_remembers_who_held_the_phone(wechat, site, device):
    context = await device()
    page = await context.new_page()
    await page.goto(_link(wechat, site, "snsapi_userinfo"))
    await page.get_by_label("Sam").check()
    await page.get_by_role("button", name="Allow").click()
    await page.wait_for_url(WELCOME)
    await page.goto(_link(wechat, site))
    await page.wait_for_url(WELCOME)
    await page.goto(_link(wechat, site, "snsapi_userinfo"))
    await expect(page.get_by_label("Sam")).to_be_checked()
    assert [code["person"] for code in wechat.state()["oauth_codes"]] == ["sam", "sam"]
    other = await (await device()).new_page()
    await other.goto(_link(wechat, site, "snsapi_userinfo"))
    await expect(other.get_by_label("小明")).to_be_checked()


async def test_the_keyboard_alone_will_do(wechat, site, device):
    page = await (await device()).new_page()
    await page.goto(_link(wechat, site, "snsapi_userinfo"))
    for key in ("Tab", "ArrowDown", "Tab", "Tab", "Enter"):
        await page.keyboard.press(key)
    await page.wait_for_url(WELCOME)
    assert wechat.state()["oauth_codes"][0]["person"] == "xiaohong"


async def test_declining_goes_back_without_a_code(wechat, site, device):
    page = await (await device()).new_page()
    await page.goto(_link(wechat, site, "snsapi_userinfo", state="left"))
    await page.get_by_role("button", name="Decline").click()
    await page.wait_for_url(WELCOME)
    assert site.wait(1) == [{"state": "left"}]


async def test_the_sheet_says_when_wechat_redirect_is_missing(wechat, site, device, picture):
    page = await (await device()).new_page()
    link = _link(wechat, site, "snsapi_userinfo")
    await page.goto(link)
    await expect(page.get_by_text("does not end in #wechat_redirect")).to_be_hidden()
    await page.goto(link.partition("#")[0])
    await expect(page.get_by_text("does not end in #wechat_redirect")).to_be_visible()
    await picture(page, "sheet-without-fragment")


async def test_an_android_phone_asks_for_the_callback_twice(wechat, site, device):
    wechat.browser(double_callback=True)
    page = await (await device()).new_page()
    await page.goto(_link(wechat, site))
    await page.wait_for_url(WELCOME)
    first, second = site.wait(2)
    assert first == second
    assert len(wechat.state()["oauth_codes"]) == 1


async def test_twice_also_after_the_sheet(wechat, site, device):
    wechat.browser(double_callback=True)
    page = await (await device()).new_page()
    await page.goto(_link(wechat, site, "snsapi_userinfo"))
    await page.get_by_role("button", name="Allow").click()
    await page.wait_for_url(WELCOME)
    first, second = site.wait(2)
    assert first == second


@pytest.mark.parametrize("width", WIDTHS)
async def test_an_error_page_shows_wechats_words_and_ours(wechat, site, device, picture, width):
    page = await (await device(width, "zh-CN")).new_page()
    link = authorize_link(wechat.app("demo-oa").appid, redirect_uri="https://elsewhere.example/")
    await page.goto(wechat.url + link)
    await expect(page.get_by_role("heading", level=1)).to_have_text("redirect_uri域名与后台配置不一致")
    await expect(page.get_by_text("错误码 10003")).to_be_visible()
    await expect(page.get_by_text("demo-oa 没有设置网页授权域名")).to_be_visible()
    await picture(page, f"error-{width}")


async def test_only_wechats_own_browser_gets_in_when_the_switch_says_so(wechat, site, device, picture):
    wechat.switch(only_in_wechat=True)
    page = await (await device()).new_page()
    await page.goto(_link(wechat, site))
    await expect(page.get_by_role("heading")).to_have_text("Open this link in WeChat")
    await picture(page, "outside")
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0.50"
    inside = await (await device(agent=agent)).new_page()
    await inside.goto(_link(wechat, site))
    await inside.wait_for_url(WELCOME)


async def test_no_page_of_another_can_frame_the_sheet(wechat, site, browser):
    page = await browser.new_page()
    await page.goto(f"{site.url}/elsewhere")
    await page.evaluate(
        "link => document.body.append(Object.assign(document.createElement('iframe'), {src: link}))",
        _link(wechat, site, "snsapi_userinfo"),
    )
    holder = await page.wait_for_selector("iframe")
    frame = holder and await holder.content_frame()
    assert frame is not None
    await frame.wait_for_load_state()
    assert await frame.get_by_role("button").count() == 0


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_second_device_scans_and_confirms(wechat, site, device, picture, width):
    desk = await (await device(width, "zh-CN")).new_page()
    await desk.goto(_qr_link(wechat, site))
    await picture(desk, f"qr-{width}")
    target = await desk.get_by_role("link", name="在这里充当手机").get_attribute("href")
    phone = await (await device(375, "zh-CN")).new_page()
    await phone.goto(target)
    await expect(desk.get_by_text("扫描成功")).to_be_visible()
    await picture(desk, f"qr-scanned-{width}")
    await phone.get_by_label("Sam").check()
    await phone.get_by_role("button", name="允许").click()
    await expect(phone.get_by_role("heading")).to_have_text("已确认")
    await picture(phone, "confirmed")
    await desk.wait_for_url(WELCOME)
    assert [sorted(visit) for visit in site.wait(1)] == [["code", "state"]]
    assert wechat.state()["oauth_codes"][0]["person"] == "sam"


async def test_who_declines_on_the_phone_sends_the_desk_back_without_a_code(wechat, site, device):
    desk = await (await device(1280)).new_page()
    await desk.goto(_qr_link(wechat, site))
    async with desk.context.expect_page() as opened:
        await desk.get_by_role("link", name="Be the phone here").click()
    phone = await opened.value
    await phone.get_by_role("button", name="Decline").click()
    await expect(phone.get_by_role("heading")).to_have_text("Declined")
    await desk.wait_for_url(WELCOME)
    assert site.wait(1) == [{"state": "abc123"}]


async def test_an_expired_code_offers_a_new_one(wechat, site, device, picture):
    wechat.freeze()
    desk = await (await device(1280)).new_page()
    await desk.goto(_qr_link(wechat, site))
    before = await desk.locator("#login").get_attribute("data-ticket")
    wechat.advance(300)
    await expect(desk.get_by_text("This code has expired.")).to_be_visible()
    await picture(desk, "qr-expired")
    await desk.get_by_role("link", name="Get a new code").click()
    await expect(desk.get_by_text("Scan the code")).to_be_visible()
    assert await desk.locator("#login").get_attribute("data-ticket") != before


async def test_the_drawn_code_says_what_the_link_says(wechat, site, device):
    """Chromium here has no reader of codes: the picture is compared with one drawn from the link."""
    import segno

    desk = await (await device(1280)).new_page()
    await desk.goto(_qr_link(wechat, site))
    target = await desk.get_by_role("link", name="Be the phone here").get_attribute("href")
    assert urlsplit(target).netloc == urlsplit(wechat.url).netloc
    drawn = await desk.get_by_role("img").get_attribute("src")
    assert drawn == segno.make(target, error="m", micro=False).svg_data_uri(scale=8, border=4, light="#fff")


async def test_a_world_full_of_people_stays_on_the_screen(wechat, site, device, picture):
    for count in range(60):
        wechat.add_person(nickname=f"{count} " + "很长的昵称" * 8)
    wechat.add_person(id="evil", nickname="<img src=x onerror=alert(1)>", avatar="javascript:alert(1)")
    wechat.browser(person="evil")
    page = await (await device()).new_page()
    await page.goto(_link(wechat, site, "snsapi_userinfo"))
    await picture(page, "sheet-of-many")
    assert await page.evaluate("document.documentElement.scrollWidth") == 375
    assert await page.get_by_role("radio").count() == 50
    await expect(page.get_by_label(re.compile("onerror"))).to_be_checked()
    await expect(page.get_by_role("button", name="Allow")).to_be_in_viewport()
