"""What can one see and change beside the phone, and can a run be done again?"""

import json
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.phone.programs import one_page

LOGIN = one_page(
    '<button bindtap="login" data-testid="login">Sign in now</button><input data-testid="name" model:value="{{name}}"/><view data-testid="told">{{told}}</view><navigator url="/pages/b/b" data-testid="next">next</navigator>',
    """Page({ data: { told: '', name: '' },
      login() {
        const server = wx.getExtConfigSync().server;
        wx.login({ success: ({ code }) => wx.request({ url: `${server}/v1/demo-mp/login`, method: 'POST', data: { code }, success: ({ statusCode, data }) => {
          this.setData({ told: `${statusCode} ${data.code || 'in'} ${this.data.name}` });
          if (statusCode === 200) wx.showModal({ title: 'Go on?', success: ({ confirm }) => confirm && wx.request({ url: `${server}/v1/session`, header: { Authorization: `Bearer ${data.access_token}` } }) });
        } }) });
      } })""",
) | {"pages/b/b.wxml": "<view data-testid='b'>b</view>", "pages/b/b.js": "Page({})"}


async def test_messages_stand_under_what_caused_them_with_the_reason(runs):
    phone = await runs(LOGIN)
    await phone.tap("login")
    await phone.choose("modal", "no")
    group = phone.page.locator(".group").first
    await expect(group.locator("h3")).to_contain_text("Tap on “Sign in now”")
    told = await group.get_by_test_id("step").all_inner_texts()
    for text, part in zip(
        told, ("wx.login()", "POST /v1/demo-mp/login", "GET /sns/jscode2session", "200"), strict=True
    ):
        assert part in text
    assert "xiaoming logged in to demo-mp with session_key number 1" in told[2]  # X-Emulator-Hint


async def test_a_fault_is_a_click_away(runs):
    phone = await runs(LOGIN)
    await phone.look("wechat")
    await phone.page.get_by_test_id("fault-busy").click()
    await expect(phone.page.get_by_test_id("wechat-now")).to_contain_text("Waiting: 1")
    await phone.tap("login")
    await phone.shows("told", "503 wechat_busy ")
    await expect(phone.page.get_by_test_id("wechat-now")).not_to_contain_text("Waiting")
    await phone.page.get_by_test_id("fault-path").select_option("*")
    await phone.page.get_by_test_id("fault-blocked").click()
    await phone.page.get_by_test_id("fault-clear").click()
    await phone.tap("login")
    await phone.shows("told", "200 in ")


async def test_codes_and_keys_are_shown_as_they_live_and_die(runs):
    phone = await runs(LOGIN)
    await phone.tap("login")
    await phone.choose("modal", "no")
    await phone.look("wechat")
    codes, keys = phone.page.get_by_test_id("table-codes"), phone.page.get_by_test_id("table-keys")
    await expect(codes.locator("li")).to_contain_text(["used"])
    await expect(keys.locator("li")).to_contain_text(["3 days left"])
    await phone.page.get_by_test_id("later-7200").click()
    await expect(codes.locator("li")).to_contain_text(["2 h old"])
    await expect(keys.locator("li")).to_contain_text(["#1"])
    await phone.page.get_by_test_id("rotate").click()
    await expect(keys.locator("li")).to_contain_text(["#2"])
    await phone.page.get_by_test_id("expire").click()
    await expect(keys.locator("li")).to_contain_text(["expired"])
    await phone.page.get_by_test_id("freeze").click()
    await expect(phone.page.get_by_test_id("wechat-now")).to_contain_text("stands still")
    await phone.page.get_by_test_id("reset").click()
    await expect(codes.locator("li")).to_have_count(0)
    await expect(phone.page.get_by_test_id("wechat-now")).not_to_contain_text("stands still")


async def _saved(phone, tmp_path: Path) -> dict:
    await phone.look("story")
    async with phone.page.expect_download() as download:
        await phone.page.get_by_test_id("run-save").click()
    path = tmp_path / "run.json"
    await (await download.value).save_as(path)
    return json.loads(path.read_text())


async def _replay(phone, run: dict) -> None:
    await phone.look("story")
    async with phone.page.expect_file_chooser() as chooser:
        await phone.page.get_by_test_id("run-load").click()
    await (await chooser.value).set_files(
        {"name": "run.json", "mimeType": "application/json", "buffer": json.dumps(run).encode()}
    )


async def test_a_run_is_saved_and_done_again(runs, wechat, tmp_path):
    phone = await runs(LOGIN)
    await phone.at("name").locator("input").fill("me")
    await phone.look("wechat")
    await phone.page.get_by_test_id("fault-busy").click()
    await phone.tap("login")
    await phone.shows("told", "503 wechat_busy me")
    await phone.tap("login")
    await phone.choose("modal", "yes")
    await phone.look("story")
    await expect(phone.page.get_by_test_id("step").filter(has_text="GET /v1/session")).to_have_count(1)
    await phone.tap("next")
    await expect(phone.at("b")).to_be_visible()
    run = await _saved(phone, tmp_path)
    assert [step["do"] for step in run["steps"]] == [
        "person",
        "open",
        "type",
        "steer",
        "tap",
        "tap",
        "sheet",
        "tap",
    ]
    assert not {"access_token", "session_key"} & set(json.dumps(run))
    said = phone.page.get_by_test_id("run-said")
    await _replay(phone, run)
    await expect(said).to_have_text("Replayed: the same messages", timeout=20_000)
    await expect(phone.at("b")).to_be_visible()
    run["steps"] = [step for step in run["steps"] if step["do"] != "steer"]
    await _replay(phone, run)
    await expect(said).to_contain_text("differs", timeout=20_000)


@pytest.mark.parametrize(
    "run", [{"format": "other"}, {"format": "lingpai-phone-run", "version": 2, "steps": [], "calls": []}]
)
async def test_a_file_that_is_no_run_is_refused(runs, run):
    phone = await runs(LOGIN)
    await _replay(phone, run)
    await expect(phone.page.get_by_test_id("run-said")).to_have_text("This file is no saved run.")


async def test_a_run_whose_place_is_gone_stops_there(runs, tmp_path):
    phone = await runs(LOGIN)
    await phone.tap("login")
    await phone.choose("modal", "no")
    run = await _saved(phone, tmp_path)
    run["steps"].append({"do": "tap", "page": "pages/a/a", "at": "99"})
    await _replay(phone, run)
    await expect(phone.page.get_by_test_id("run-said")).to_contain_text("stopped at step", timeout=25_000)


async def test_the_tabs_can_be_used_with_the_keyboard(runs):
    phone = await runs(LOGIN)
    await phone.page.get_by_test_id("tab-story").focus()
    await phone.page.keyboard.press("ArrowRight")
    await expect(phone.page.get_by_test_id("tab-console")).to_be_focused()
    await phone.page.keyboard.press("ArrowRight")
    await expect(phone.page.locator("#wechat")).to_be_visible()


async def test_the_program_goes_to_the_back_and_comes_to_the_front(runs):
    phone = await runs(
        one_page(
            "<view/>",
            "Page({ onShow() { console.log('page show') }, onHide() { console.log('page hide') } })",
            more={
                "app.js": "App({ onShow() { console.log('app show') }, onHide() { console.log('app hide') } })"
            },
        )
    )
    await phone.page.get_by_test_id("app-close").click()
    await phone.page.get_by_test_id("open-demo").click()
    await phone.console("app show", 2)
    await phone.console("page hide")
    await phone.console("app hide")
