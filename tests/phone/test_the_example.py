"""Does the example mini program live through what a person, WeChat and time do to it?"""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.phone.programs import Hand

_SHOTS = os.environ.get("LINGPAI_TEST_SHOTS")
_SESSION_KEY = re.compile(r"[A-Za-z0-9+/]{22}==")
_SECRET = re.compile(rf"eyJ[\w-]{{8,}}|lpr_\w+|{_SESSION_KEY.pattern}|1380000\d{{4}}")
_PICTURE = re.compile(r"data:image/[a-z+]+;base64,[A-Za-z0-9+/=]+")


async def _shot(phone: Hand, name: str) -> None:
    """A picture to look at, when somebody wants one."""
    if _SHOTS:
        await phone.page.screenshot(path=str(Path(_SHOTS) / f"{name}.png"))


async def _me(phone: Hand) -> None:
    await phone.screen.locator(".page-box:not([hidden]) .tab-bar").get_by_role("button", name="Me").click()


async def _sign_in(phone: Hand) -> None:
    await _me(phone)
    await phone.tap("login")
    await expect(phone.at("signed-in")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
async def test_from_a_cold_start_to_signed_in_with_profile_and_phone(runs, wechat, width, language):
    phone = await runs(width=width, language=language)
    page = phone.page
    await expect(
        phone.screen.get_by_text("Longjing" if language == "en-GB" else "龙井").first
    ).to_be_visible()
    assert wechat.calls("/sns/jscode2session") == []
    await _shot(phone, f"guest-{width}-{language}")
    await _sign_in(phone)
    await _shot(phone, f"signed-in-{width}-{language}")

    await phone.tap("phone-button", "privacy-agree")
    await expect(page.get_by_test_id("phone-number")).to_contain_text("****")
    await _shot(phone, f"phone-{width}-{language}")
    await phone.choose("phone", "yes")
    await expect(phone.at("phone-shown")).to_contain_text("1380000")

    await phone.tap("open-profile", "choose-avatar")
    await _shot(phone, f"avatar-{width}-{language}")
    await page.get_by_test_id("album-2").click()
    await phone.at("nickname").locator("input").click()
    await _shot(phone, f"nickname-{width}-{language}")
    await phone.choose("nickname", "own")
    await phone.tap("save-profile")
    await expect(phone.at("nickname-shown")).to_have_text("小明")
    await expect(phone.screen.locator(".page-box:not([hidden]) wx-image img").first).to_have_js_property(
        "complete", value=True
    )
    await _shot(phone, f"profile-{width}-{language}")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for tab in ("wechat", "console"):
        await phone.look(tab)
        if tab == "wechat":
            await expect(page.get_by_test_id("table-codes").locator("li")).to_have_count(1)
        await _shot(phone, f"{tab}-{width}-{language}")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await expect(page.get_by_test_id("console-errors")).to_have_count(0)
    assert len(wechat.calls("/sns/jscode2session")) == 1


async def test_no_secret_is_on_the_page_around_the_program(runs, wechat):
    phone = await runs()
    await _sign_in(phone)
    await phone.tap("phone-button", "privacy-agree")
    await phone.choose("phone", "yes")
    await expect(phone.at("phone-shown")).to_contain_text("1380000")
    await expect(phone.page.get_by_test_id("step").filter(has_text="phone_number").first).to_be_visible()
    await phone.look("wechat")
    await expect(phone.page.get_by_test_id("table-tokens").locator("li")).to_have_count(1)
    seen = _PICTURE.sub("", await phone.page.content())
    assert "Bearer …" in seen
    assert not _SECRET.search(seen), _SECRET.search(seen)
    assert not any(app.secret in seen for app in wechat.apps)


async def test_signing_out_leaves_a_guest_and_signing_in_finds_the_same_person(runs):
    phone = await runs()
    await _sign_in(phone)
    user = await phone.at("user-id").inner_text()
    await phone.tap("sign-out")
    await expect(phone.at("guest")).to_be_visible()
    await phone.tap("login")
    await expect(phone.at("signed-in")).to_be_visible()
    assert await phone.at("user-id").inner_text() == user


async def test_a_restart_of_the_program_keeps_the_session(runs, wechat):
    phone = await runs()
    await _sign_in(phone)
    await phone.page.get_by_test_id("app-menu").click()
    await phone.page.get_by_test_id("menu-restart").click()
    await phone.running()
    await _me(phone)
    await expect(phone.at("signed-in")).to_be_visible()
    assert len(wechat.calls("/sns/jscode2session")) == 1


async def test_each_person_is_somebody_else(runs):
    phone = await runs()
    await _sign_in(phone)
    first = await phone.at("user-id").inner_text()
    await phone.hold("sam")
    await _me(phone)
    await expect(phone.at("guest")).to_be_visible()
    await phone.tap("login")
    await expect(phone.at("signed-in")).to_be_visible()
    assert await phone.at("user-id").inner_text() != first
    await phone.hold("xiaoming")
    await _me(phone)
    await expect(phone.at("user-id")).to_have_text(first)


async def test_a_refusal_of_wechat_is_told_on_the_phone(runs, wechat):
    wechat.fail("/sns/jscode2session", errcode=40226)
    phone = await runs(language="zh-CN")
    await _me(phone)
    await phone.tap("login")
    await expect(phone.at("complaint")).to_contain_text("微信")
    await expect(phone.page.get_by_test_id("step").filter(has_text="user_blocked")).to_be_visible()
    await phone.tap("login")
    await expect(phone.at("signed-in")).to_be_visible()


async def test_a_refused_phone_number_changes_nothing(runs):
    phone = await runs()
    await _sign_in(phone)
    before = await phone.at("phone-shown").inner_text()
    await phone.tap("phone-button", "privacy-agree")
    await phone.choose("phone", "no")
    await expect(phone.page.locator(".sheets > *")).to_have_count(0)
    await phone.shows("phone-shown", before)
    await expect(phone.at("phone-complaint")).to_have_count(0)


async def test_a_key_that_was_rotated_in_between_does_not_keep_the_phone_number_away(runs, wechat):
    phone = await runs()
    await _sign_in(phone)
    wechat.prefetch("xiaoming", "demo-mp")
    await phone.tap("phone-button", "privacy-agree")
    await phone.choose("phone", "yes")
    await expect(phone.at("phone-shown")).to_contain_text("1380000")


async def test_many_hours_later_the_session_is_renewed_without_a_word(runs, server, wechat):
    phone = await runs()
    await _sign_in(phone)
    await phone.look("wechat")
    await phone.page.get_by_test_id("later-259200").click()
    await phone.page.get_by_test_id("expire").click()
    await phone.page.get_by_test_id("app-menu").click()
    await phone.page.get_by_test_id("menu-restart").click()
    await phone.running()
    await _me(phone)
    await expect(phone.at("signed-in")).to_be_visible()
    assert len(wechat.calls("/sns/jscode2session")) == 1  # our session does not hang on WeChat's
