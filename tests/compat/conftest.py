"""A server that has the tutorials' routes open, and the tutorials' own clients, run by Node."""

import asyncio
import dataclasses
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from lingpai.model import AppSettings
from lingpai.testing.clock import FrozenClock
from lingpai.testing.server import running_server, server_config
from lingpai_emulator.client import Wechat
from tests.conftest import DEMO_APPID, Stack, demo_apps

CLIENTS = Path(__file__).parent / "clients"
OPEN = AppSettings(compat=True)
MP_REFERER = f"https://servicewechat.com/{DEMO_APPID}/12/page-frame.html"


@pytest.fixture
async def stack(wechat: Wechat, tmp_path: Path) -> AsyncIterator[Stack]:
    """A server whose apps have the tutorials' routes open, in step with WeChat's clock."""
    clock = FrozenClock()
    config = server_config(
        tmp_path,
        wechat.url,
        wechat_open_url=wechat.url,
        log_level="error",
        trusted_proxies="127.0.0.1",
    )
    apps = [dataclasses.replace(app, settings=OPEN) for app in demo_apps(wechat)]
    wechat.freeze(clock.now() / 1000)
    async with (
        running_server(config, apps, clock=clock, open_console=True) as running,
        httpx.AsyncClient(base_url=running.url, timeout=10) as http,
    ):
        yield Stack(running, wechat, clock, http)


Run = Callable[..., Awaitable[Any]]


@pytest.fixture
def run(stack: Stack) -> Run:
    """`await run("get_openid", …)`: what a tutorial's client says it has seen."""
    node = shutil.which("node")
    assert node, "The tutorials' clients are JavaScript: install Node, version 20 or later."

    async def running(client: str, **options: object) -> Any:
        given = {
            "server": stack.url,
            "emulator": stack.wechat.url,
            "appid": DEMO_APPID,
            "person": "xiaoming",
            **options,
        }
        process = await asyncio.create_subprocess_exec(
            node,
            str(CLIENTS / f"{client}.mjs"),
            json.dumps(given),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, trouble = await process.communicate()
        assert process.returncode == 0, trouble.decode()
        return json.loads(out)

    return running


def openid_of(stack: Stack, person: str = "xiaoming", appid: str = DEMO_APPID) -> str:
    """What WeChat calls a person at an app."""
    found = next(p for p in stack.wechat.people if p["id"] == person)
    return next(i["openid"] for i in found["identities"] if i["appid"] == appid)
