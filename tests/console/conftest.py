"""A development server with people in it, one browser for a whole file, and what that browser complains of."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from lingpai.testing.clock import FrozenClock
from lingpai.testing.server import RunningServer, running_server, server_config
from tests.console.asking import Operator
from tests.console.people import APPS, fill, fill_webhooks

CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
POLICY_WATCH = (
    "document.addEventListener('securitypolicyviolation', (event) => "
    "console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI));"
)


@pytest.fixture(scope="module")
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("console")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(folder: Path, clock: FrozenClock) -> AsyncIterator[RunningServer]:
    """The development server with people in it, its console open; shared by a file's tests."""
    config = server_config(folder, "http://127.0.0.1:9")
    async with running_server(config, APPS, clock=clock, open_console=True) as server:
        await fill(server)
        await fill_webhooks(server)
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def empty(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[RunningServer]:
    """A development server nobody has signed in to."""
    config = server_config(tmp_path, "http://127.0.0.1:9")
    async with running_server(config, APPS, clock=clock, open_console=True) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def serving(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[RunningServer]:
    """A server in production."""
    config = server_config(tmp_path, "http://127.0.0.1:9")
    async with running_server(config, APPS, clock=clock) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A browser without a screen."""
    async with httpx.AsyncClient(headers={"accept": "text/html"}) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*CHROMIUM])
        yield chromium
        await chromium.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of: console errors, policy violations, uncaught errors."""
    return []


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    await context.add_init_script(POLICY_WATCH)
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def tab(context: BrowserContext, complaints: list[str]) -> Page:
    page = await context.new_page()
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


@pytest_asyncio.fixture(loop_scope="module")
async def operator(running: RunningServer, http: httpx.AsyncClient) -> Operator:
    """Somebody who may do everything."""
    return Operator(running, http)
