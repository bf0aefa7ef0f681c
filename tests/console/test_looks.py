"""Every page in a real browser: both languages, both widths, both schemes; read by axe, kept as a picture."""

from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page

from lingpai.testing.server import RunningServer
from tests.console.conftest import POLICY_WATCH
from tests.console.people import user_id
from tests.console.rooms import pages_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

PICTURES = Path(__file__).parents[2] / "artifacts" / "console"
FURTHER = [
    "/console/nothing",
    f"/console/people/{user_id(1)}",
    f"/console/people/{user_id(4)}",
    "/console/people?q=%E5%B0%8F",
    "/console/people?q=nobody",
]
LOOKS = [("en", 1280, "light"), ("zh", 375, "dark"), ("zh", 1280, "dark"), ("en", 375, "light")]
"""Language, width, scheme."""
READ_BY_AXE = LOOKS[:2]
SERIOUS = ("serious", "critical")


def picture(path: str, *look: object) -> Path:
    name = path.removeprefix("/console").strip("/").replace("/", "-").replace("?", "-") or "today"
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES / f"{'-'.join([name[:60], *map(str, look)])}.png"


async def looked_at(page: Page, url: str, path: str, *look: object) -> list[str]:
    """What is wrong with a page."""
    answer = await page.goto(url + path)
    assert answer
    wrong = [] if answer.status < 500 else [f"{path}: {answer.status}"]
    spilt = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if spilt:
        wrong.append(f"{path}: {spilt} px too wide at {look}")
    counts = {part: await page.locator(part).count() for part in ("h1", "main")}
    wrong += [f"{path}: {count} {part}" for part, count in counts.items() if count != 1]
    if await page.locator("[id]").evaluate_all("all => all.length - new Set(all.map(e => e.id)).size"):
        wrong.append(f"{path}: an id stands twice")
    await page.screenshot(path=picture(path, *look), full_page=True)
    return wrong


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(map(str, look)))
async def test_every_page_fits_and_nothing_serious_is_found_by_axe(
    running: RunningServer, browser: Browser, complaints: list[str], look: tuple[str, int, str]
):
    language, width, scheme = look
    context = await browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="zh-CN" if language == "zh" else "en-GB",
    )
    await context.add_init_script(POLICY_WATCH)
    page = await context.new_page()
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    wrong: list[str] = []
    for path in [*pages_of(running), *FURTHER]:
        wrong += await looked_at(page, running.url, path, *look)
        if look not in READ_BY_AXE:
            continue
        found = await Axe().run(page)
        for violation in found.response["violations"]:
            if violation["impact"] in SERIOUS:
                places = [node["html"][:120] for node in violation["nodes"][:3]]
                wrong.append(f"{path} {look}: {violation['id']} {places}")
    await context.close()
    assert wrong == []
    missing = [text for text in complaints if "404" in text]
    assert [text for text in complaints if text not in missing] == []
