"""Does what uni-app and Taro build sign in on the phone? Fetched and built when asked for: `make phone-ecosystem`."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.phone.programs import EXAMPLE

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("LINGPAI_TEST_ECOSYSTEM"), reason="make phone-ecosystem fetches packages"
    ),
    pytest.mark.timeout(900),
]

PROJECTS = Path(__file__).parent / "toolchains"
SDK = "@lingpai/miniprogram"
MANIFEST = EXAMPLE.parents[1] / "sdk/miniprogram/package.json"


def built(toolchain: str, folder: Path) -> Path:
    """The project, packages fetched and built as its author would; the folder stays outside the repository."""
    shutil.copytree(PROJECTS / toolchain, folder)
    fetch = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(fetch, cwd=folder, check=True, timeout=400)
    # As npm would lay it out: the manifest, and the same built file that the example has.
    shutil.copytree(EXAMPLE / "miniprogram_npm" / SDK, folder / "node_modules" / SDK / "miniprogram_dist")
    shutil.copy(MANIFEST, folder / "node_modules" / SDK)
    subprocess.run(["npm", "run", "build"], cwd=folder, check=True, timeout=200)
    return folder


@pytest.mark.parametrize(("toolchain", "output"), [("uni-app", "dist/build/mp-weixin"), ("taro", ".")])
async def test_its_output_signs_in_by_its_own_calls_and_by_the_sdk(runs, wechat, tmp_path, toolchain, output):
    phone = await runs(built(toolchain, tmp_path / toolchain) / output, quiet=False)
    at = phone.screen.locator
    told = at("#told")
    await expect(told).to_have_text("nobody")
    await at("#name").locator("input").fill("typed")
    await expect(told).to_have_text("typed nobody")
    await at("#own").click()
    await expect(told).to_contain_text("typed own usr_")
    user = (await told.inner_text()).removeprefix("typed own ")
    await at("#sdk").click()
    await expect(told).to_have_text(f"typed sdk {user}")
    assert len(wechat.calls("/sns/jscode2session")) == 2
    await phone.look("console")
    await expect(phone.page.get_by_test_id("console-errors")).to_have_count(0)
