"""What the journeys share: a whole server on a real socket, a WeChat beside it, and a client that talks to both."""

import os
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from lingpai.model import AppKind
from lingpai.storage import migrate
from lingpai.testing.clock import FrozenClock
from lingpai.testing.databases import DatabaseServer, PrivateServer, emptied, server_for, started
from lingpai.testing.server import RunningServer, TestApp, running_server, server_config
from lingpai_emulator.client import Wechat

DEMO = "demo-mp"
DEMO_APPID = "wx00000000000000a1"


def demo_apps(wechat: Wechat) -> list[TestApp]:
    """The emulator's apps, as the server registers them."""
    return [
        TestApp(
            appid=app.appid,
            secret=app.secret,
            slug=app.slug,
            kind=cast(AppKind, app.kind),
            open_platform=app.open_platform,
        )
        for app in wechat.apps
    ]


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that all processes of this test run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def postgresql_server(run_folder: Path) -> Iterator[DatabaseServer]:
    with server_for("postgresql", run_folder) as server:
        yield server


@pytest.fixture(scope="session")
def mysql_server(run_folder: Path) -> Iterator[DatabaseServer]:
    with server_for("mysql", run_folder) as server:
        yield server


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: DatabaseServer) -> Iterator[str]:
    yield from _migrated(postgresql_server)


@pytest.fixture(scope="session")
def migrated_mysql(mysql_server: DatabaseServer) -> Iterator[str]:
    yield from _migrated(mysql_server)


@pytest.fixture(scope="session")
def redis_url(run_folder: Path) -> Iterator[str]:
    """A Redis to use and not to hurt. It is shared: use a name of your own for the installation."""
    with server_for("redis", run_folder) as server:
        yield server.at("0")


@pytest.fixture
def private_redis() -> Iterator[PrivateServer]:
    """A Redis that a test may stop and kill."""
    server = started("redis")
    yield server
    server.go_on()
    server.stop()


def _migrated(server: DatabaseServer) -> Iterator[str]:
    url = server.fresh()
    migrate(url)
    yield url
    server.remove(url)


@pytest.fixture
def postgresql_url(migrated_postgresql: str) -> Iterator[str]:
    """An empty, migrated database of PostgreSQL."""
    yield migrated_postgresql
    emptied(migrated_postgresql)


@pytest.fixture
def mysql_url(migrated_mysql: str) -> Iterator[str]:
    """An empty, migrated database of MariaDB or MySQL."""
    yield migrated_mysql
    emptied(migrated_mysql)


@dataclass
class Stack:
    """A server, its WeChat, a clock to move, and an HTTP client."""

    running: RunningServer
    wechat: Wechat
    clock: FrozenClock
    http: httpx.AsyncClient

    @property
    def url(self) -> str:
        return self.running.url

    @property
    def store(self) -> Any:
        return self.running.server.store

    async def later(self, seconds: float) -> None:
        """Let time pass, the way a server that runs would: its timers keep following."""
        self.clock.advance(seconds)
        await self.running.server.rooms.running.follow()

    def nonce(self) -> str:
        return secrets.token_hex(16)

    async def login(
        self, code: str | None = None, *, app: str = DEMO, person: str = "xiaoming", **body: object
    ) -> httpx.Response:
        """POST a login; without a code, a fresh one of `person`."""
        body["code"] = self.wechat.login(person, app) if code is None else code
        return await self.http.post(f"/v1/{app}/login", json=body)

    async def signed_in(self, person: str = "xiaoming", app: str = DEMO) -> dict[str, Any]:
        """The answer of a login that has to work."""
        answer = await self.login(person=person, app=app)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def session(self, access_token: str) -> httpx.Response:
        return await self.http.get("/v1/session", headers=bearer(access_token))

    async def refresh(self, refresh_token: str, **body: object) -> httpx.Response:
        return await self.http.post("/v1/session/refresh", json={"refresh_token": refresh_token, **body})

    async def sign_out(self, access_token: str, *, everywhere: bool = False) -> httpx.Response:
        query = {"everywhere": "true"} if everywhere else None
        return await self.http.delete("/v1/session", headers=bearer(access_token), params=query)


class Handed:
    """Somebody signed in, handing over what the phone gave."""

    def __init__(self, stack: Stack, access_token: str, app: str = DEMO) -> None:
        self.stack = stack
        self.access_token = access_token
        self.app = app

    async def post(self, what: str, body: object, **named: Any) -> httpx.Response:
        """POST to an endpoint of the app."""
        return await self.stack.http.post(
            f"/v1/{self.app}/{what}", json=body, headers=bearer(self.access_token), **named
        )

    async def profile(self, given: dict[str, Any], **changed: object) -> httpx.Response:
        """Hand over what `wx.getUserProfile` or `wx.getUserInfo` gave."""
        fields = {name: given[name] for name in ("rawData", "signature", "encryptedData", "iv")}
        return await self.post("profile", {**fields, **changed})

    async def decrypt(self, given: dict[str, Any], **changed: object) -> httpx.Response:
        """Hand over any encrypted data."""
        return await self.post("decrypt", {**encrypted_part(given), **changed})

    async def phone(self, **body: object) -> httpx.Response:
        """Hand over what the phone button gave."""
        return await self.post("phone", body)


def encrypted_part(given: dict[str, Any]) -> dict[str, Any]:
    """encryptedData and iv of what a `wx.*` call gave."""
    return {name: given[name] for name in ("encryptedData", "iv")}


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.fixture
async def stack(wechat: Wechat, tmp_path: Path) -> AsyncIterator[Stack]:
    """A server in this process, on SQLite, with a clock that stands still."""
    clock = FrozenClock()
    config = server_config(tmp_path, wechat.url, log_level="error")
    async with (
        running_server(config, demo_apps(wechat), clock=clock) as running,
        httpx.AsyncClient(base_url=running.url, timeout=10, limits=httpx.Limits(max_connections=300)) as http,
    ):
        yield Stack(running, wechat, clock, http)


@pytest.fixture
def in_step(stack: Stack) -> Stack:
    """`stack`, with WeChat's clock at the server's time."""
    stack.wechat.freeze(stack.clock.now() / 1000)
    return stack
