"""The pages that anybody may read, and a browser to read them with."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page, async_playwright

from lingpai.testing.clock import FrozenClock
from lingpai.testing.server import RunningServer, TestApp, running_server, server_config

APPS = (TestApp(appid="wx00000000000000a1", secret="fa4e5ec2e7fa4e5ec2e7fa4e5ec2e701", slug="demo-mp"),)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
async def running(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[RunningServer]:
    """The development server, its console open."""
    config = server_config(tmp_path, "http://127.0.0.1:9")
    async with running_server(config, APPS, clock=clock, open_console=True) as server:
        yield server


@pytest.fixture
async def serving(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[RunningServer]:
    """A server whose console is closed."""
    config = server_config(tmp_path, "http://127.0.0.1:9")
    async with running_server(config, APPS, clock=clock) as server:
        yield server


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A browser without a screen."""
    async with httpx.AsyncClient(headers={"accept": "text/html"}) as client:
        yield client


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield chromium
        await chromium.close()


@pytest.fixture
async def complaints() -> list[str]:
    """What the browser complained of: console errors, policy violations, uncaught errors."""
    return []


@pytest.fixture
async def tab(browser: Browser, complaints: list[str]) -> Page:
    page = await browser.new_page(viewport={"width": 1280, "height": 900})
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page
