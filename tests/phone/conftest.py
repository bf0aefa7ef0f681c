"""A phone in a real browser: its page, the emulator behind it, and the server its mini program signs in at."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import cast

import httpx
import pytest
from playwright.async_api import Browser, Page, async_playwright

from lingpai.model import AppKind
from lingpai.testing.server import RunningServer, TestApp, running_server, server_config
from lingpai_emulator.client import Wechat
from lingpai_emulator.phone.app import build_phone
from lingpai_emulator.serving import _bind, _served
from tests.phone.programs import EXAMPLE, Files, Hand, write

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # A sandboxed frame in a process of its own is found by what was drawn last: a test taps faster than that.
    "--disable-features=IsolateSandboxedIframes",
]


@asynccontextmanager
async def phone_at(
    emulator_url: str, server_url: str | None, miniprogram: Path | None = None
) -> AsyncIterator[str]:
    """The phone on a free port; its URL."""
    async with AsyncExitStack() as stack:
        sock, url = _bind(stack, "127.0.0.1", 0)
        phone = build_phone(emulator_url, server_url, miniprogram)
        await stack.enter_async_context(_served(phone, sock, lifespan="auto"))
        yield url


@pytest.fixture
async def server(wechat: Wechat, tmp_path: Path) -> AsyncIterator[RunningServer]:
    """The identity server, with the emulator's apps registered."""
    apps = [
        TestApp(
            appid=app.appid,
            secret=app.secret,
            slug=app.slug,
            kind=cast(AppKind, app.kind),
            open_platform=app.open_platform,
        )
        for app in wechat.apps
    ]
    config = server_config(tmp_path, wechat.url, log_level="error")
    async with running_server(config, apps) as running:
        yield running


@pytest.fixture
async def phone(wechat: Wechat, server: RunningServer) -> AsyncIterator[str]:
    """URL of a phone whose mini program talks to the server."""
    async with phone_at(wechat.url, server.url) as url:
        yield url


@pytest.fixture
async def tied_phone(wechat: Wechat) -> AsyncIterator[str]:
    """URL of a phone whose server does not run: enough for all that never gets there."""
    async with phone_at(wechat.url, "http://127.0.0.1:9") as url:
        yield url


@pytest.fixture
async def lone_phone(wechat: Wechat) -> AsyncIterator[str]:
    """URL of a phone without a server."""
    async with phone_at(wechat.url, None) as url:
        yield url


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=10) as client:
        yield client


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_ARGUMENTS)
        yield chromium
        await chromium.close()


Opened = Callable[..., Awaitable[Page]]


@pytest.fixture
async def opened(browser: Browser) -> AsyncIterator[Opened]:
    """`opened(url, width, language, quiet)`: a page there. Afterwards: the browser had nothing to complain of.

    A page that is not to be `quiet` is one whose program provokes the browser.
    """
    complaints: list[str] = []

    async def opening(url: str, width: int = 1280, language: str = "en", quiet: bool = True) -> Page:
        context = await browser.new_context(viewport={"width": width, "height": 900}, locale=language)
        page = await context.new_page()
        if quiet:
            page.on(
                "console",
                lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
            )
            page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(url)
        return page

    yield opening
    assert complaints == []


Runs = Callable[..., Awaitable[Hand]]


@pytest.fixture
async def runs(opened: Opened, wechat: Wechat, server: RunningServer, tmp_path: Path) -> AsyncIterator[Runs]:
    """`runs(program, person=…, width=…, language=…)`: a phone with those files, or that folder, open; else the example."""
    hands: list[Hand] = []
    async with AsyncExitStack() as stack:

        async def running(
            program: Files | Path | None = None,
            *,
            person: str = "xiaoming",
            width: int = 1280,
            language: str = "en",
            quiet: bool = True,
        ) -> Hand:
            folder = write(tmp_path / "program", program) if isinstance(program, dict) else program or EXAMPLE
            url = await stack.enter_async_context(phone_at(wechat.url, server.url, folder))
            hand = Hand(await opened(url, width, language, quiet), folder)
            hands.append(hand)
            await hand.hold(person)
            return hand

        yield running
        for hand in hands:  # before its server ends: the page looks for changed files all the time
            await hand.page.close()
