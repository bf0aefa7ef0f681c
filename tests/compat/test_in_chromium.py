"""In a real browser: the silent round ends with the openid, and no other page signs anybody in."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.compat.conftest import openid_of
from tests.conftest import Stack
from tests.journeys.conftest import chromium as chromium  # noqa: PLC0414 - the fixture


@pytest.fixture
async def elsewhere(stack: Stack) -> AsyncIterator[str]:
    """A page of another site, which has the browser open a login with a code of its own."""
    login = f"{stack.url}/onLogin?code={stack.wechat.login('xiaohong')}"
    page = (
        f"<img src='{login}'><iframe src='{login}'></iframe><a id=go href='{login}'>go</a>"
        f"<script>fetch('{login}', {{credentials: 'include', mode: 'no-cors'}})</script>"
    )

    async def show(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = (
            f"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {len(page)}\r\nconnection: close"
        )
        writer.write(f"{head}\r\n\r\n{page}".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(show, "127.0.0.1", 0)
    yield f"http://localhost:{server.sockets[0].getsockname()[1]}/"
    server.close()
    await server.wait_closed()


async def test_a_visitor_opens_the_page_and_is_known(stack: Stack, chromium: Browser):
    page = await chromium.new_page()
    for door in ("/getCode", "/getopenid"):
        await page.goto(stack.url + door)
        assert await page.inner_text("body") == openid_of(stack, appid="wx00000000000000b2")
    await page.reload()
    assert await page.inner_text("body") == openid_of(stack, appid="wx00000000000000b2")
    assert len(stack.wechat.calls("/sns/oauth2/access_token")) == 1


async def test_a_page_of_another_site_signs_nobody_in(stack: Stack, chromium: Browser, elsewhere: str):
    context = await chromium.new_context()
    page = await context.new_page()
    await page.goto(elsewhere, wait_until="networkidle")
    await page.click("#go")
    await page.wait_for_url("**/onLogin?code=*")
    assert "origin_not_allowed" in await page.inner_text("body")
    assert [cookie["name"] for cookie in await context.cookies()] == []
    assert stack.wechat.calls("/sns/jscode2session") == []
    await context.close()
