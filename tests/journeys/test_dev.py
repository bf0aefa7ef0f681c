"""From one command to “signed in”: what somebody sees who has just cloned the repository."""

import json
import re
import sqlite3
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from playwright.async_api import FrameLocator, Page, expect

ARTIFACTS = Path(__file__).parents[2] / "artifacts"
SIGNED_IN = {"en-GB": re.compile("Welcome"), "zh-CN": re.compile("欢迎")}


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def users_in(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM users")]


async def shown(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    await page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
    await page.screenshot(path=ARTIFACTS / f"{name}.png")


async def signed_in(page: Page) -> FrameLocator:
    """The screen of the example after its sign-in."""
    await page.get_by_test_id("open-demo").click()
    screen = page.frame_locator("iframe.program")
    await screen.locator(".page-box:not([hidden]) .tab-bar").get_by_role("button", name="Me").click()
    await screen.get_by_test_id("login").click()
    await expect(screen.get_by_test_id("signed-in")).to_be_visible()
    return screen


def test_dev_prints_one_line_with_everything(dev):
    told = dev.told
    assert set(told) == {"server", "emulator", "console", "phone", "apps", "service_key"}
    assert all(not told[name].endswith("/") for name in ("server", "emulator", "console", "phone"))
    assert {app["slug"] for app in told["apps"]} >= {"demo-mp", "demo-oa"}
    assert all({"slug", "appid", "kind", "secret"} <= set(app) for app in told["apps"])
    assert told["service_key"].startswith("lps_")
    assert json.loads(get(told["server"] + "/readyz"))["ready"] is True


@pytest.mark.parametrize(("width", "height"), [(1280, 892), (375, 812)])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
async def test_a_person_signs_in_on_the_phone(dev, chromium, locale, width, height):
    errors: list[str] = []
    context = await chromium.new_context(
        locale=locale, viewport={"width": width, "height": height}, device_scale_factor=2
    )
    page = await context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.extend([message.text] * (message.type == "error")))
    await page.goto(dev.told["phone"])
    await page.get_by_test_id("person-xiaoming").click()
    screen = await signed_in(page)
    await expect(screen.get_by_test_id("signed-in")).to_contain_text(SIGNED_IN[locale])
    user_id = (await screen.get_by_test_id("user-id").inner_text()).strip()
    assert users_in(dev.database) == [user_id]
    assert await page.get_by_test_id("step").count() >= 4
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await shown(page, f"phone-{locale}-{width}")
    for app in dev.told["apps"]:
        assert app["secret"] not in await page.content()
    await context.close()
    assert errors == []


async def test_the_console_shows_the_person_who_signed_in(dev, chromium):
    page = await chromium.new_page(locale="en-GB")
    await page.goto(dev.told["phone"])
    await page.get_by_test_id("person-sam").click()
    screen = await signed_in(page)
    user_id = (await screen.get_by_test_id("user-id").inner_text()).strip()
    await page.goto(dev.told["console"])
    await expect(page.locator(f'a[href$="/people/{user_id}"]').first).to_be_visible()
    await shown(page, "console")


def test_a_restart_keeps_users_apps_and_keys(tmp_path, start):
    first = start(tmp_path / "data")
    answer = login(first.told)
    assert first.stop() == 0
    second = start(tmp_path / "data")
    assert second.told["service_key"] == first.told["service_key"]
    again = login(second.told)
    assert again["user"]["id"] == answer["user"]["id"]
    assert again["user"]["is_new"] is False


def test_nothing_but_loopback_is_listened_on(dev):
    listening = Path("/proc/net/tcp").read_text().splitlines()[1:]
    ports = {
        int(url.rpartition(":")[2])
        for name, url in dev.told.items()
        if name in ("server", "phone", "emulator")
    }
    for line in listening:
        address, state = line.split()[1], line.split()[3]
        host, _, port = address.partition(":")
        if state == "0A" and int(port, 16) in ports:
            assert host == "0100007F"


def login(told: dict) -> dict:
    def post(url: str, body: dict) -> dict:
        request = urllib.request.Request(
            url, json.dumps(body).encode(), {"content-type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    body = {"appid": "wx00000000000000a1", "person": "xiaohong"}
    code = post(told["emulator"] + "/__emulator__/wx/login", body)["code"]
    return post(told["server"] + "/v1/demo-mp/login", {"code": code})
