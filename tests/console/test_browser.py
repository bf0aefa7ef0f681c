"""With hands and eyes: without scripts, by the keyboard alone, in a language that reads from the right."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from lingpai.testing.server import RunningServer
from tests.console.people import NICKNAMES, user_id

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def plain(browser: Browser) -> AsyncIterator[Page]:
    """A tab in which no script runs."""
    context = await browser.new_context(java_script_enabled=False, locale="en-GB")
    yield await context.new_page()
    await context.close()


async def test_without_scripts_a_key_is_made_and_revoked(running: RunningServer, plain: Page):
    await plain.goto(f"{running.url}/console/service-keys")
    await plain.get_by_label("Name").fill("no-script")
    await plain.get_by_label("ask whether a token of ours is good").check()
    await plain.get_by_role("button", name="Make a key").click()
    await expect(plain.locator("#new-key")).to_contain_text("lps_")
    await plain.get_by_role("link", name="Revoke… no-script").click()
    await plain.get_by_label("To confirm").fill("no-script")
    await plain.get_by_role("button", name="Revoke the key").click()
    await expect(plain.get_by_role("status")).to_have_text("The key is revoked.")


async def test_without_scripts_a_search_and_a_form_with_mistakes_work(running: RunningServer, plain: Page):
    await plain.goto(f"{running.url}/console/people")
    await plain.get_by_label("Find a person").fill("小")
    await plain.get_by_role("button", name="Find").first.click()
    await plain.locator("#found").get_by_role("link").click()
    await expect(plain.get_by_role("heading", level=1)).to_have_text("小明")
    await plain.goto(f"{running.url}/console/apps/new")
    await plain.get_by_label("AppID").fill("wx1234")
    await plain.get_by_label("AppSecret").fill("x")
    await plain.get_by_label("Slug").fill("shop")
    await plain.get_by_role("button", name="Add an app").click()
    await expect(plain.get_by_role("alert")).to_be_visible()
    await expect(plain.get_by_label("AppID")).to_have_attribute("aria-invalid", "true")


async def test_by_the_keyboard_alone_a_session_is_ended(
    running: RunningServer, tab: Page, complaints: list[str]
):
    await tab.goto(f"{running.url}/console")
    await tab.keyboard.press("Tab")
    await expect(tab.locator(".skip")).to_be_focused()
    await tab.keyboard.press("Tab")
    for _ in range(3):  # the mark, Today, People
        await tab.keyboard.press("Tab")
    # The recorder's page may stand between.
    while await tab.evaluate("document.activeElement.getAttribute('href')") != "/console/people":
        await tab.keyboard.press("Tab")
    await tab.keyboard.press("Enter")
    await tab.get_by_label("Find a person").focus()
    await tab.keyboard.type(user_id(3))
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#found-title")).to_have_text("Found: 1")
    await tab.locator("#found a").focus()
    await tab.keyboard.press("Enter")
    end = tab.get_by_role("button", name="End the session that began")
    await end.focus()
    outlined = await end.evaluate("e => getComputedStyle(e).outlineStyle")
    assert outlined == "solid"
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_role("status")).to_have_text("The session has ended.")
    assert complaints == []


async def test_people_are_found_while_one_types(running: RunningServer, tab: Page, complaints: list[str]):
    await tab.goto(f"{running.url}/console/people")
    await tab.get_by_label("Find a person").press_sequentially("小明")
    await expect(tab.locator("#found-title")).to_have_text("Found: 1")
    await expect(tab.locator("#found time").first).to_have_attribute("title", "2025-12-31T22:30:00Z")
    await expect(tab.get_by_label("Find a person")).to_be_focused()
    assert "q=%E5%B0%8F%E6%98%8E" in tab.url
    assert complaints == []


async def test_a_key_can_be_copied(running: RunningServer, browser: Browser):
    context = await browser.new_context(locale="en-GB")
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = await context.new_page()
    await page.goto(f"{running.url}/console/apps/demo-oa")
    button = page.locator("button.copy")
    await button.click()
    await expect(button).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == "203.0.113.7"
    await context.close()


async def test_hostile_nicknames_neither_act_nor_spill(
    running: RunningServer, tab: Page, complaints: list[str]
):
    people = (f"/console/people/{user_id(number)}" for number in range(len(NICKNAMES)))
    for path in (
        "/console",
        "/console/people",
        f"/console/people/{user_id(0)}/merge?other={user_id(2)}",
        *people,
    ):
        await tab.goto(running.url + path)
        assert "stolen" not in await tab.title()
        assert await tab.locator("bdi img, bdi script, bdi b").count() == 0
        assert await tab.evaluate(
            "[...document.querySelectorAll('.nickname')].every(e => e.getBoundingClientRect().height < 60)"
        )
    assert complaints == []


async def test_a_row_after_a_right_to_left_name_reads_from_the_left(running: RunningServer, tab: Page):
    await tab.goto(f"{running.url}/console/people")
    row = tab.locator("#found tr", has=tab.locator("bdi", has_text="gpj.exe"))
    name, since = [await row.locator("td").nth(number).bounding_box() for number in (1, 2)]
    assert name
    assert since
    assert name["x"] < since["x"]
    assert (await row.locator("td").nth(2).inner_text()).strip()[:2] == "20"
