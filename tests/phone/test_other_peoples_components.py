"""Do component libraries, unmodified and unbuilt, render and react on the phone? Fetched when asked for: `make phone-ecosystem`."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.phone.programs import one_page

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("LINGPAI_TEST_ECOSYSTEM"), reason="make phone-ecosystem fetches packages"
    ),
    pytest.mark.timeout(600),
]

HANDLERS = """Page({
  data: { n: 0, on: false, step: 1, name: "", open: false },
  add() { this.setData({ n: this.data.n + 1 }) },
  turn({ detail }) { this.setData({ on: typeof detail === "object" ? detail.value : detail }) },
  step({ detail }) { this.setData({ step: typeof detail === "object" ? detail.value : detail }) },
  typed({ detail }) { this.setData({ name: typeof detail === "object" ? detail.value : detail }) },
  show() { this.setData({ open: true }) }, close() { this.setData({ open: false }) },
})"""
TOLD = '<view data-testid="told">{{n}} {{on}} {{step}} {{name}} {{open}}</view>'


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`node_modules` with both libraries, as npm lays them out."""
    folder = tmp_path_factory.mktemp("npm")
    (folder / "package.json").write_text('{"private": true}')
    wanted = ["@vant/weapp@1.11.7", "tdesign-miniprogram@1.16.0"]
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", *wanted]
    subprocess.run(command, cwd=folder, check=True, timeout=300)
    return folder


def program(packages: Path, folder: Path, wxml: str, using: dict[str, str]) -> dict:
    """Packages beside the program, nothing built."""
    shutil.copytree(packages / "node_modules", folder / "program/node_modules")
    files = one_page(wxml + TOLD, HANDLERS, more={"pages/a/a.json": {"usingComponents": using}})
    return files | {"package.json": json.loads((packages / "package.json").read_text())}


async def test_vant_weapp_renders_and_reacts(runs, packages, tmp_path):
    names = ("button", "cell", "cell-group", "field", "switch", "stepper", "tag", "popup", "tab", "tabs")
    phone = await runs(
        program(
            packages,
            tmp_path,
            """<van-cell-group><van-cell title="cell" value="{{n}}" bind:click="add"/><van-field label="Name" value="{{name}}" bind:change="typed"/></van-cell-group>
            <van-button type="primary" bind:click="add">add</van-button><van-tag type="danger">tag</van-tag>
            <van-switch checked="{{on}}" bind:change="turn"/><van-stepper value="{{1}}" bind:change="step"/>
            <van-tabs active="{{0}}"><van-tab title="T1">first</van-tab><van-tab title="T2">second</van-tab></van-tabs>
            <view data-testid="show" bindtap="show">show</view>
            <van-popup show="{{open}}" position="bottom" bind:click-overlay="close"><view data-testid="popped" bindtap="close">popped</view></van-popup>""",
            {f"van-{name}": f"@vant/weapp/{name}/index" for name in names},
        ),
        quiet=False,
    )
    at, told = phone.screen.locator, phone.at("told")
    await expect(at(".van-button--primary")).to_have_css("background-color", "rgb(7, 193, 96)")
    await at(".van-button").click()
    await at(".van-cell").first.click()
    await at(".van-switch").click()
    await at(".van-stepper__plus").click()
    await at(".van-field__control input, wx-input.van-field__control input").first.fill("typed")
    await expect(told).to_have_text("2 true 2 typed false")
    await at(".van-tab").nth(1).click()
    await expect(at(".van-tab--active")).to_have_text("T2")
    await phone.tap("show", "popped")
    await expect(told).to_have_text("2 true 2 typed false")
    await phone.look("console")
    await expect(phone.page.get_by_test_id("console-errors")).to_have_count(0)


async def test_tdesign_renders_and_reacts(runs, packages, tmp_path):
    names = ("button", "cell", "switch", "input", "tag", "stepper", "checkbox")
    phone = await runs(
        program(
            packages,
            tmp_path,
            """<t-cell title="cell" note="{{n}}" hover bind:click="add"/><t-input label="Name" value="{{name}}" bind:change="typed"/>
            <t-button theme="primary" bind:tap="add">add</t-button><t-tag theme="success">tag</t-tag>
            <t-switch value="{{on}}" bind:change="turn"/><t-stepper value="{{1}}" bind:change="step"/><t-checkbox label="check"/>""",
            {f"t-{name}": f"tdesign-miniprogram/{name}/{name}" for name in names},
        ),
        quiet=False,
    )
    at, told = phone.screen.locator, phone.at("told")
    await expect(at(".t-button--primary")).to_have_css("background-color", "rgb(0, 82, 217)")
    await at(".t-button").click()
    await at(".t-cell").first.click()
    await at(".t-switch").click()
    await at(".t-stepper__plus").click()
    await at(".t-input input").first.fill("typed")
    await expect(told).to_have_text("2 true 2 typed false")
    await at(".t-checkbox").click()
    await expect(
        at(".t-checkbox__icon--checked, .t-checkbox__icon-image--checked, .t-checkbox__icon").first
    ).to_be_visible()
    # One attribute of its own that WeChat's compiler does not know, and nothing else.
    await phone.console("invalid attribute")
    await expect(phone.page.get_by_test_id("console-errors")).to_have_count(0)
