"""Three nodes as they are in production: `lingpai serve` three times, on one PostgreSQL, with and without a Redis."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from lingpai.cli.opened import open_desk
from lingpai.config import Config
from lingpai.secret import Secret
from lingpai.storage import migrate
from lingpai.testing.actors import TESTER
from lingpai.testing.databases import DatabaseServer, PrivateServer, started
from lingpai.testing.server import server_config
from lingpai_emulator.client import Wechat

APPID = "wx00000000000000a1"
_FIGURES = ("rate_limits", "rate_limit_address", "rate_limit_address_burst", "shutdown_grace")
NODES = 3


@dataclass
class Nodes:
    """The nodes of one installation, and what a client knows of them."""

    urls: list[str]
    wechat: Wechat
    config: Config
    logs: list[Path]

    async def login(self, http: httpx.AsyncClient, node: int = 0, **headers: str) -> httpx.Response:
        code = await asyncio.to_thread(self.wechat.login)
        return await http.post(f"{self.urls[node]}/v1/demo-mp/login", json={"code": code}, headers=headers)


@pytest.fixture(scope="module")
def emulator() -> Iterator[Wechat]:
    command = [sys.executable, "-m", "lingpai_emulator", "--json", "--port", "0", "--no-phone"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        wechat = Wechat(json.loads(child.stdout.readline())["emulator"])
        wechat.switch(minute_quota=1_000_000)
        yield wechat
        child.terminate()


@pytest.fixture(scope="module")
def redis() -> Iterator[PrivateServer]:
    server = started("redis")
    yield server
    server.go_on()
    server.stop()


@pytest.fixture(scope="module")
def start_nodes(
    emulator: Wechat, postgresql_server: DatabaseServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Nodes]]:
    """`start_nodes(**settings)` → three nodes on a database of their own, ended with the module."""
    with ExitStack() as stack:

        def starting(**settings: object) -> Nodes:
            url = postgresql_server.fresh()
            stack.callback(postgresql_server.remove, url)
            migrate(url)
            folder = tmp_path_factory.mktemp("nodes")
            given = {
                "database_url": url,
                "public_url": "https://login.example.com",
                "redis_url": "",
                **settings,
            }
            config = server_config(folder, emulator.url, **given)
            asyncio.run(_register(config, emulator.app("demo-mp").secret))
            nodes = Nodes([], emulator, config, [])
            children = [_started(stack, nodes, folder / f"node-{n}.log") for n in range(NODES)]
            for child, log in zip(children, nodes.logs, strict=True):
                assert child.stdout is not None
                line = child.stdout.readline()
                assert line, log.read_text()
                nodes.urls.append(f"http://127.0.0.1:{json.loads(line)['port']}")
            return nodes

        yield starting


async def _register(config: Config, secret: str) -> None:
    async with open_desk(config) as desk:
        await desk.apps.add(appid=APPID, secret=Secret(secret), slug="demo-mp", kind="miniprogram", by=TESTER)


def _environment(config: Config) -> dict[str, str]:
    names = ("database_url", "master_key_file", "public_url", "redis_url", "wechat_base_url", "avatar_dir")
    given = {name: getattr(config, name) for name in (*names, *_FIGURES)}
    outside = {name: value for name, value in os.environ.items() if not name.startswith("LINGPAI_")}
    return {
        **outside,
        **{
            f"LINGPAI_{name.upper()}": str(value).lower() if name in _FIGURES else value
            for name, value in given.items()
        },
    }


def _started(stack: ExitStack, nodes: Nodes, log: Path) -> subprocess.Popen[str]:
    nodes.logs.append(log)
    child = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-m", "lingpai", "serve", "--json", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=stack.enter_context(log.open("a")),
            text=True,
            env=_environment(nodes.config),
        )
    )
    stack.callback(child.terminate)
    return child


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=20, limits=httpx.Limits(max_connections=100)) as client:
        yield client
