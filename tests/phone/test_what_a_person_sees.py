"""What does a person see who takes the phone, opens the demo mini program and logs in?"""

import re

import pytest
from playwright.async_api import Page, expect

from lingpai_emulator.people import PersonChange
from lingpai_emulator.seed import Seed
from lingpai_emulator.serving import EmulatorOptions, running

_CHINESE = {"signed in": "已登录", "title": "发生了什么"}
_ENGLISH = {"signed in": "Signed in", "title": "What happens"}
_SESSION_KEY = re.compile(r"[A-Za-z0-9+/]{22}==")
_SECRET = re.compile(rf"eyJ[\w-]{{8,}}|lpr_\w+|{_SESSION_KEY.pattern}")
_PICTURE = re.compile(r"data:image/svg\+xml;base64,[A-Za-z0-9+/=]+")


async def _tap(page: Page, *testids: str) -> None:
    for testid in testids:
        await page.get_by_test_id(testid).click()


async def _log_in(page: Page, person: str = "xiaoming") -> None:
    await _tap(page, f"person-{person}", "open-demo", "login")
    await expect(page.get_by_test_id("signed-in")).to_be_visible()


async def _fits(page: Page) -> bool:
    return await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize(("language", "words"), [("en-GB", _ENGLISH), ("zh-CN", _CHINESE)])
async def test_logging_in_shows_who_is_signed_in_and_every_message(opened, phone, width, language, words):
    page = await opened(phone, width, language)
    assert await page.locator("html").get_attribute("lang") == language.partition("-GB")[0]
    assert await _fits(page)
    await _log_in(page)
    assert await page.get_by_test_id("signed-in").inner_text() == words["signed in"]
    assert (await page.get_by_test_id("user-id").inner_text()).startswith("usr_")
    assert await page.locator("#story-title").inner_text() == words["title"]
    steps = page.get_by_test_id("step")
    await expect(steps).to_have_count(4)
    told = await steps.all_inner_texts()
    for text, part in zip(
        told, ("wx.login()", "POST /v1/demo-mp/login", "GET /sns/jscode2session", "200"), strict=True
    ):
        assert part in text
    assert await _fits(page)


async def test_the_session_can_be_checked_renewed_and_ended(opened, phone):
    page = await opened(phone)
    await _log_in(page)
    notice = page.get_by_test_id("notice")
    await _tap(page, "check-session")
    await expect(notice).to_have_text("The server says: signed in.")
    await _tap(page, "refresh")
    await expect(notice).to_contain_text("New tokens")
    await _tap(page, "sign-out")
    await expect(notice).to_have_text("You are signed out.")
    await _tap(page, "login")
    await expect(page.get_by_test_id("signed-in")).to_be_visible()
    await expect(page.get_by_text("Welcome back")).to_be_visible()
    await _tap(page, "sign-out-everywhere")
    await expect(page.get_by_test_id("login")).to_be_visible()


async def test_each_person_has_a_session_and_an_openid_of_their_own(opened, phone):
    page = await opened(phone)
    await _log_in(page, "xiaoming")
    first = await page.get_by_test_id("openid").inner_text()
    await _tap(page, "person-chip")
    await _log_in(page, "sam")
    assert await page.get_by_test_id("openid").inner_text() != first
    await _tap(page, "person-chip", "person-xiaoming", "open-demo")
    assert await page.get_by_test_id("openid").inner_text() == first


async def test_a_refusal_names_problem_hint_code_and_request(opened, phone, wechat):
    wechat.fail("/sns/jscode2session", errcode=40226)
    page = await opened(phone, language="zh-CN")
    await _tap(page, "person-sam", "open-demo", "login")
    problem = page.get_by_test_id("problem")
    await expect(problem).to_contain_text("微信拒绝该用户登录")
    told = await problem.inner_text()
    assert "user_blocked" in told
    assert "errcode 40226" in told
    assert re.search(r"请求编号 [0-9a-f]{16}", told)


async def _lose_an_answer(page: Page) -> None:
    """The next wx.request is performed, and its answer never reaches the phone."""

    async def lose(route):
        await route.fetch()
        failed = {"errMsg": "request:fail net::ERR_CONNECTION_RESET", "errno": 600001}
        await route.fulfill(json={"result": failed, "steps": []})

    await page.route("**/phone/api/wx/request", lose, times=1)


async def test_a_login_whose_answer_is_lost_is_repeated_with_its_nonce(opened, phone, wechat):
    page = await opened(phone)
    await _lose_an_answer(page)
    await _log_in(page)
    assert len(wechat.calls("/sns/jscode2session")) == 1


async def test_a_login_that_must_start_again_does_so_in_silence(opened, phone, wechat):
    """WeChat took the code and its answer was lost, so the repeated login finds the code spent."""
    wechat.fail("/sns/jscode2session", close="after")
    page = await opened(phone)
    await _lose_an_answer(page)
    await _log_in(page)
    told = await page.get_by_test_id("step").all_inner_texts()
    assert sum("wx.login()" in text for text in told) == 2
    assert any("restart_login" in text for text in told)
    await expect(page.get_by_test_id("problem")).to_have_count(0)


async def test_every_bad_manner_gets_the_answer_it_deserves(opened, phone):
    page = await opened(phone)
    await _log_in(page)
    newest = page.locator(".group").first
    for name, verdict in (
        ("again", "code_used"),
        ("nonce", "same session"),
        ("wait", "code_invalid"),
        ("fake", "code_invalid"),
    ):
        await _tap(page, "clear", f"try-{name}")
        await expect(newest.locator(".verdict")).to_have_text(verdict)
    await _tap(page, "clear", "try-busy")
    await expect(newest).to_contain_text("wechat_busy")
    await expect(newest.get_by_test_id("step").last).to_contain_text("access_token")


async def test_no_secret_is_on_the_page_or_sent_to_it(opened, phone, wechat):
    page = await opened(phone)
    # The first page's own call must be over: a reload would take its answer away while it is read.
    await expect(page.get_by_test_id("person-xiaoming")).to_be_visible()
    answers: list[str] = []

    async def keep(response):
        if "/phone/api/" in response.url:
            answers.append(await response.text())

    page.on("response", keep)
    await page.reload()
    await _log_in(page)
    await _tap(page, "check-session")
    await expect(page.get_by_test_id("notice")).to_be_visible()
    await _tap(page, "try-nonce")
    await expect(page.locator(".verdict")).to_have_text("same session")
    seen = _PICTURE.sub("", await page.content())
    sent = _PICTURE.sub("", "".join(answers))
    assert "session_key" in seen
    assert "Bearer …" in seen
    assert not _SECRET.search(seen)
    assert not _SESSION_KEY.search(sent)
    assert not any(app.secret in seen + sent for app in wechat.apps)


async def test_the_language_switches_without_losing_anything(opened, phone):
    page = await opened(phone)
    await _log_in(page)
    user = await page.get_by_test_id("user-id").inner_text()
    await _tap(page, "lang-switch")
    await expect(page.get_by_test_id("signed-in")).to_have_text("已登录")
    assert await page.locator("html").get_attribute("lang") == "zh-CN"
    assert await page.get_by_test_id("user-id").inner_text() == user
    await expect(page.get_by_test_id("step")).to_have_count(4)


async def test_it_can_be_used_with_the_keyboard_alone(opened, phone):
    page = await opened(phone)
    await page.get_by_test_id("person-xiaohong").focus()
    for testid in ("open-demo", "login", "check-session"):
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id(testid)).to_be_focused()
    await expect(page.get_by_role("status")).to_have_text("Signed in")


async def test_an_emulator_without_people_and_apps_says_so(opened):
    async with running(EmulatorOptions(port=0, phone_port=0, seed=Seed(demo=False))) as emulator:
        page = await opened(emulator.phone_url)
        await expect(page.get_by_text("Nobody yet.")).to_be_visible()
        emulator.world.people.put(PersonChange("ming"))
        await page.reload()
        await _tap(page, "person-ming")
        await expect(page.get_by_text("no mini program")).to_be_visible()


async def test_without_a_server_the_visitors_own_backend_is_asked(opened, lone_phone, server, wechat):
    page = await opened(lone_phone, 375)
    await _tap(page, "person-sam", "open-demo")
    url = page.get_by_test_id("own-url")
    await url.fill("http://example.com/login")
    await _tap(page, "login")
    await expect(page.get_by_test_id("problem")).to_contain_text("600002")
    await url.fill(f"{server.url}/v1/demo-mp/login")
    await _tap(page, "login")
    answer = page.get_by_test_id("own-answer")
    await expect(answer).to_contain_text("200")
    await expect(answer).to_contain_text("usr_")
    assert not _SECRET.search(_PICTURE.sub("", await page.content()))
    assert await _fits(page)
    assert wechat.calls("/sns/jscode2session")[-1]["status"] == 200
