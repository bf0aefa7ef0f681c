"""Three `lingpai serve` on one database, a WeChat beside them, and people who never stop using them."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import httpx
import pytest

from lingpai.clock import SystemClock
from lingpai.config import new_master_key
from lingpai.tokens import TokenInvalidError
from lingpai.verify import Verifier
from lingpai_emulator.client import Wechat
from tests.crash.conftest import ServerProcess

APP, APPID, SECRET = "demo-mp", "wx00000000000000a1", "a1" * 16
NODES = 3
PEOPLE = 4
PAUSE = 0.2
"""Seconds a person does nothing: the tests share their machine."""


class Node(ServerProcess):
    """One of several behind one public URL."""

    def _start(self) -> None:
        with (self.directory / "server.log").open("a") as log:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "lingpai", "serve", "--json", "--port", str(self.port)],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=self.directory,
                env=self._environment(),
            )
        assert self.child.stdout is not None
        assert self.child.stdout.readline(), self.log[-2_000:]


@dataclass
class Cluster:
    """Nodes on one database; each has its own master key file in its settings."""

    directory: Path
    wechat: Wechat
    nodes: list[Node]
    service_key: str = ""

    @cached_property
    def verifier(self) -> Verifier:
        """Checks access tokens by the keys that the last node publishes."""
        keys = f"{self.nodes[-1].url}/oauth2/jwks"
        return Verifier(
            self.nodes[0].url, audience=APPID, fetch=lambda _: httpx.get(keys).content, clock=SystemClock()
        )

    def run(self, *words: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        """A command, as the first node is set up; `settings` over that."""
        return subprocess.run(
            [sys.executable, "-m", "lingpai", *words],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            cwd=self.directory,
            env=self._environment(settings),
        )

    def begin(self, *words: str, **settings: str) -> subprocess.Popen[str]:
        """A command that somebody else ends."""
        return subprocess.Popen(
            [sys.executable, "-m", "lingpai", *words],
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=self.directory,
            env=self._environment(settings),
        )

    def _environment(self, settings: dict[str, str]) -> dict[str, str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith("LINGPAI_")}
        inside = {**self.nodes[0].settings, **settings}
        return {**outside, **{f"LINGPAI_{name.upper()}": value for name, value in inside.items() if value}}

    def told(self, *words: str, stdin: str = "", **settings: str):
        """The JSON that a command answers."""
        done = self.run(*words, "--json", stdin=stdin, **settings)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    async def tell(self, *words: str, stdin: str = "", **settings: str):
        """The same, while others go on."""
        return await asyncio.to_thread(self.told, *words, stdin=stdin, **settings)

    def secrets(self):
        return [(one["version"], one["state"]) for one in self.told("apps", "show", APP)["secrets"]]

    def log(self) -> list[dict]:
        """What all nodes have logged."""
        lines = [line for node in self.nodes for line in node.log.splitlines() if line.startswith("{")]
        return [json.loads(line) for line in lines]


@dataclass
class Usage:
    """What came of all that people did."""

    done: int = 0
    failed: list[tuple[float, str, int, str]] = field(default_factory=list)
    """When, what, and the answer."""
    progress: asyncio.Event = field(default_factory=asyncio.Event)

    def since(self, instant: float) -> list[tuple[float, str, int, str]]:
        return [failure for failure in self.failed if failure[0] >= instant]


@dataclass
class Person:
    """Signs in at one node, goes on at another."""

    name: str
    cluster: Cluster
    http: httpx.AsyncClient
    usage: Usage
    turn: int = 0

    async def live(self, leave: asyncio.Event) -> None:
        while not leave.is_set():
            await self.once()
            await asyncio.sleep(PAUSE)

    async def once(self) -> None:
        """Everything that opens or seals something."""
        code = await asyncio.to_thread(self.cluster.wechat.login, self.name, APP)
        signed_in = await self.ask("POST", f"/v1/{APP}/login", json={"code": code})
        if signed_in is None:
            return
        await self.verify(signed_in["access_token"])
        headers = {"authorization": f"Bearer {signed_in['access_token']}"}
        told = await self.ask("GET", f"/v1/{APP}/session-key", headers=headers)
        if told is not None and told != {"valid": True}:
            self.usage.failed.append((time.monotonic(), "session-key", 200, str(told)))
        await self.ask("GET", "/v1/session", headers=headers)
        me = await self.ask("GET", "/v1/me", headers=headers)
        if me is not None and not me["phone"]:
            self.usage.failed.append((time.monotonic(), "me", 200, str(me)))
        await self.ask("POST", "/v1/session/refresh", json={"refresh_token": signed_in["refresh_token"]})
        key = {"authorization": f"Bearer {self.cluster.service_key}"}
        await self.ask("GET", f"/v1/{APP}/access-token", headers=key)

    async def verify(self, access_token: str) -> None:
        """As a backend does, offline, by keys that it fetched once."""
        try:
            await asyncio.to_thread(self.cluster.verifier.verify, access_token)
        except (TokenInvalidError, OSError) as error:
            self.usage.failed.append((time.monotonic(), "verify", 0, str(error)))

    async def ask(self, method: str, path: str, **given):
        """One request at the next node; None, noted, unless it was answered well."""
        self.turn += 1
        url = self.cluster.nodes[self.turn % len(self.cluster.nodes)].url + path
        try:
            answer = await self.http.request(method, url, **given)
        except httpx.TransportError as error:
            self.usage.failed.append((time.monotonic(), path, 0, type(error).__name__))
            return None
        if answer.status_code != 200:
            self.usage.failed.append((time.monotonic(), path, answer.status_code, answer.text))
            return None
        self.usage.done += 1
        self.usage.progress.set()
        return answer.json()


@asynccontextmanager
async def in_use(cluster: Cluster, people: int = PEOPLE) -> AsyncIterator[Usage]:
    """People use the cluster until the block ends; whoever breaks fails it."""
    usage, leave = Usage(), asyncio.Event()
    async with httpx.AsyncClient(timeout=30) as http:
        living = [
            asyncio.create_task(Person(f"person-{n}", cluster, http, usage, turn=n).live(leave))
            for n in range(people)
        ]
        try:
            yield usage
        finally:
            leave.set()
            await asyncio.wait_for(asyncio.gather(*living), 60)
    assert usage.done > people


async def used(usage: Usage, more: int = 20) -> None:
    """Wait until so many more requests were answered well."""
    goal = usage.done + more
    async with asyncio.timeout(60):
        while usage.done < goal:
            await usage.progress.wait()
            usage.progress.clear()


async def until(what, patience: float = 30.0):
    """Wait until `what()` is true; its value. It runs in a thread, and takes its time."""
    async with asyncio.timeout(patience):
        found = None
        while not found:
            found = await asyncio.to_thread(what)
        return found


@pytest.fixture(scope="module")
def wechat_beside() -> Iterator[Wechat]:
    command = [sys.executable, "-m", "lingpai_emulator", "--json", "--port", "0", "--no-phone"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        wechat = Wechat(json.loads(child.stdout.readline())["emulator"])
        try:
            yield wechat
        finally:
            child.terminate()


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('database') / 'lingpai.db'}"


@pytest.fixture(scope="module")
def cluster(
    tmp_path_factory: pytest.TempPathFactory, wechat_beside: Wechat, database_url: str
) -> Iterator[Cluster]:
    """Three nodes that run, one app, people with a phone number."""
    wechat = wechat_beside
    wechat.switch(minute_quota=1_000_000)
    wechat.add_app(APPID, secret=SECRET)
    settings = {
        "database_url": database_url,
        "master_key_file": "first.key",
        "wechat_base_url": wechat.url,
        "shutdown_grace": "0",
        "phone_per_user_daily": "1000",
        "rate_limits": "false",
    }
    nodes = []
    for n in range(NODES):
        folder = tmp_path_factory.mktemp(f"node-{n}")
        nodes.append(Node(folder, dict(settings)))
    key = new_master_key()
    for node in nodes:
        node.settings["public_url"] = nodes[0].url
        file = node.directory / "first.key"
        file.touch(mode=0o600)
        file.write_text(key)
        node.settings["master_key_file"] = str(file)
    cluster = Cluster(nodes[0].directory, wechat, nodes)
    cluster.told("migrate")
    cluster.told("apps", "add", APPID, "--slug", APP, "--open-platform", "demo", stdin=SECRET)
    cluster.service_key = cluster.told("clients", "add", "api", "--scope", "access_token")["service_key"]
    try:
        for node in nodes:
            node._start()
        _people(cluster)
        yield cluster
    finally:
        for node in nodes:
            node.close()


def _people(cluster: Cluster) -> None:
    url = cluster.nodes[0].url
    for n in range(PEOPLE):
        name = f"person-{n}"
        cluster.wechat.add_person(id=name, nickname=name, unionid=True, phone=f"1380000{n:04}")
        login = {"code": cluster.wechat.login(name, APP)}
        token = httpx.post(f"{url}/v1/{APP}/login", json=login).json()["access_token"]
        given = {"code": cluster.wechat.phone_number(name, APP)["code"]}
        headers = {"authorization": f"Bearer {token}"}
        assert httpx.post(f"{url}/v1/{APP}/phone", json=given, headers=headers).status_code == 200
