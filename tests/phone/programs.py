"""Mini programs made for one test, and a hand that holds the phone they run on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import FrameLocator, Locator, Page, expect

EXAMPLE = Path(__file__).parents[2] / "examples" / "miniprogram"


def write(folder: Path, files: Mapping[str, str | bytes | dict]) -> Path:
    """A program in a folder. `app.json` lists every page there is, unless given."""
    pages = [
        name.removesuffix(".wxml") for name in files if name.startswith("pages/") and name.endswith(".wxml")
    ]
    told = {"app.json": {"pages": pages, "window": {"navigationBarTitleText": "Made for a test"}}, **files}
    for name, content in told.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


Files = dict[str, str | bytes | dict]


def one_page(wxml: str, js: str = "Page({})", wxss: str = "", more: Files | None = None) -> Files:
    """A program of one page."""
    return {"pages/a/a.wxml": wxml, "pages/a/a.js": js, "pages/a/a.wxss": wxss, **(more or {})}


@dataclass
class Hand:
    """A person with the phone: what is on the screen of the program, and what the page beside it says."""

    page: Page
    folder: Path

    @property
    def screen(self) -> FrameLocator:
        return self.page.frame_locator("iframe.program")

    def at(self, testid: str) -> Locator:
        """What is seen of the program under a `data-testid`; pages below on the stack are hidden."""
        return self.screen.locator(f".page-box:not([hidden]) [data-testid={testid}]")

    async def tap(self, *testids: str) -> None:
        for testid in testids:
            await self.at(testid).click()

    async def choose(self, sheet: str, choice: str) -> None:
        """Answer the sheet that WeChat has put over the program."""
        await self.page.get_by_test_id(f"sheet-{sheet}").get_by_test_id(f"choose-{choice}").click()

    async def shows(self, testid: str, text: str) -> None:
        await expect(self.at(testid)).to_have_text(text)

    async def look(self, tab: str) -> None:
        await self.page.get_by_test_id(f"tab-{tab}").click()

    async def hold(self, person: str) -> None:
        """Give the phone to a person who opens the program."""
        chip = self.page.get_by_test_id("person-chip")
        if await chip.count():
            await chip.click()
        await self.page.get_by_test_id(f"person-{person}").click()
        await self.page.get_by_test_id("open-demo").click()
        await self.running()

    async def running(self) -> None:
        await expect(self.page.locator("#running[data-state=running]")).to_be_visible()

    async def console(self, text: str, count: int = 1) -> None:
        """The inspector's console has so many lines with the text."""
        await self.look("console")
        await expect(self.page.get_by_test_id("console-line").filter(has_text=text)).to_have_count(count)

    async def said(self) -> list[str]:
        """All lines of the console, once the program has said that it is done."""
        await self.console("done")
        lines = await self.page.locator("[data-testid=console-line] .said").all_inner_texts()
        return lines[: lines.index("done")]
