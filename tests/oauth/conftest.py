"""A server, its WeChat, and browsers: one without a screen for what travels, Chromium for what people see."""

import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest

from lingpai.model import AppSettings
from lingpai.testing.clock import FrozenClock
from lingpai.testing.server import running_server, server_config
from lingpai_emulator.client import Wechat
from tests.conftest import Stack, demo_apps

PAGE = "https://shop.example.com/basket?tab=2#/item/7"
ORIGIN = "https://shop.example.com"
OTHER_ORIGIN = "https://club.example.com"
OA, WEB, MP = "demo-oa", "demo-web", "demo-mp"
IN_WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN"
)


@dataclass
class Surfer:
    """A browser without a screen: its cookies, and the addresses it was sent to."""

    stack: Stack
    jar: httpx.Cookies = field(default_factory=httpx.Cookies)
    headers: dict[str, str] = field(default_factory=lambda: {"accept": "text/html", "user-agent": IN_WECHAT})

    async def get(self, url: str, **headers: str) -> httpx.Response:
        """One request; redirects are not followed."""
        async with httpx.AsyncClient(
            base_url=self.stack.url, cookies=self.jar, headers={**self.headers, **headers}, timeout=20
        ) as http:
            answer = await http.get(url)
        self.jar.update(answer.cookies)
        return answer

    async def start(self, app: str = OA, **query: str) -> httpx.Response:
        door = "qr" if app == WEB else "start"
        query = {"return_to": PAGE, **query}
        return await self.get(str(httpx.URL(f"/v1/{app}/oauth/{door}", params=query)))

    async def to_wechat(self, app: str = OA, **query: str) -> str:
        """The address at WeChat that the server names."""
        answer = await self.start(app, **query)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    async def asked(self, at_wechat: str) -> str:
        """What WeChat answers at once: the callback's address."""
        answer = await self.get(at_wechat)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"].partition("#")[0]

    async def signed_in(self, app: str = OA, **query: str) -> httpx.Response:
        """All the way: the answer that leads home."""
        at_wechat = await self.to_wechat(app, **query)
        answer = await self.get(await self.asked(at_wechat))
        if answer.status_code == 302:
            answer = await self.get(await self.asked(answer.headers["location"]))
        return answer

    @property
    def cookie(self) -> str | None:
        return self.jar.get("lingpai_session")

    async def session(self) -> dict[str, Any]:
        answer = await self.get("/v1/session", accept="application/json")
        assert answer.status_code == 200, answer.text
        return answer.json()


def state_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["state"][0]


def code_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["code"][0]


async def allow(stack: Stack, *origins: str, app: str = OA, **settings: object) -> None:
    """Put origins on an app's list."""
    held = await stack.running.server.rooms.directory.get(app)
    new = msgspec.structs.replace(held.app.settings, origins=origins, **settings)
    await stack.store.apps.put_settings(held.app.appid, new)
    await stack.running.server.rooms.directory.reload()


@pytest.fixture
async def stack(wechat: Wechat, tmp_path: Path) -> AsyncIterator[Stack]:
    """A server whose apps may send browsers back to two origins."""
    clock = FrozenClock()
    config = server_config(tmp_path, wechat.url, wechat_open_url=wechat.url, log_level="error")
    settings = AppSettings(origins=(ORIGIN, OTHER_ORIGIN))
    apps = [dataclasses.replace(app, settings=settings) for app in demo_apps(wechat)]
    async with (
        running_server(config, apps, clock=clock) as running,
        httpx.AsyncClient(base_url=running.url, timeout=20, limits=httpx.Limits(max_connections=300)) as http,
    ):
        yield Stack(running, wechat, clock, http)


@pytest.fixture
def surfer(stack: Stack) -> Surfer:
    return Surfer(stack)


def counted(stack: Stack, path: str) -> int:
    return len(stack.wechat.calls(path))
