"""What the crash tests share: a server process, an emulator process, clients that follow the documented policy."""

import asyncio
import hashlib
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import httpx
import msgspec
import pytest

from lingpai.config import new_master_key
from lingpai_emulator.client import Wechat

APPS = {"demo-mp": "wx00000000000000a1", "second-mp": "wx00000000000000d4"}
SECRETS = {"demo-mp": "a1" * 16, "second-mp": "d4" * 16}
BACKOFF = 0.05  # seconds a client waits before it sends the same request again
BELOW_EPHEMERAL = (20_000, 30_000)

# Each row of the first has its other half in the second.
BELONG = [
    ("sessions.user_id", "users.id"),
    ("identities.user_id", "users.id"),
    ("unions.user_id", "users.id"),
    ("users.id", "identities.user_id"),
    ("login_attempts.session_id", "sessions.id"),
    ("refresh_tokens.session_id", "sessions.id"),
    ("sessions.id", "login_attempts.session_id"),
    ("sessions.id", "refresh_tokens.session_id"),
    ("sessions.id", "login_events.session_id"),
    ("sessions.openid", "identities.openid"),
]


def orphans(database: sqlite3.Connection) -> list[str]:
    found = []
    for one, other in BELONG:
        here, there = one.partition(".")[0], other.partition(".")[0]
        (count,) = database.execute(
            f"SELECT count(*) FROM {here} WHERE NOT EXISTS (SELECT 1 FROM {there} WHERE {one} = {other})"
        ).fetchone()
        found += [f"{count} {here} without {there}"] if count else []
    return found


def free_port() -> int:
    """Outside the range of outgoing ports: a client that dials a dead port there may meet itself."""
    chance = random.SystemRandom()
    while True:
        port = chance.randint(*BELOW_EPHEMERAL)
        with socket.socket() as sock:
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@dataclass
class EmulatorProcess:
    """A WeChat whose process can be stopped and continued."""

    wechat: Wechat
    child: subprocess.Popen[str]

    def stop(self) -> None:
        """WeChat is dark: connections are accepted by the kernel, nobody answers."""
        self.child.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.child.send_signal(signal.SIGCONT)


@pytest.fixture
def emulator() -> Iterator[EmulatorProcess]:
    command = [sys.executable, "-m", "lingpai_emulator", "--json", "--port", "0", "--no-phone"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        wechat = Wechat(json.loads(child.stdout.readline())["emulator"])
        wechat.switch(minute_quota=1_000_000)
        for slug, appid in APPS.items():
            fields = {"kind": "miniprogram", "slug": slug, "open_platform": "demo", "secret": SECRETS[slug]}
            wechat.add_app(appid, **fields)
        try:
            yield EmulatorProcess(wechat, child)
        finally:
            child.send_signal(signal.SIGCONT)
            child.terminate()


@dataclass
class ServerProcess:
    """`lingpai serve` as a process of its own, on one port and one database all its lives."""

    directory: Path
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    kills: int = 0
    child: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.directory / "server.log").read_text()

    def command(self, *arguments: str, stdin: str = "") -> str:
        """Run a command of `lingpai` to its end; its standard output."""
        done = subprocess.run(
            [sys.executable, "-m", "lingpai", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.directory,
            env=self._environment(),
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    async def start(self) -> None:
        """Start it and wait until it says where it listens."""
        await asyncio.get_running_loop().run_in_executor(None, self._start)

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
        line = self.child.stdout.readline()
        assert line, self.log[-2_000:]
        assert json.loads(line) == {"server": self.settings.get("public_url", self.url), "port": self.port}

    def kill(self) -> None:
        self.kills += 1
        self.close()

    def terminate(self) -> None:
        assert self.child is not None
        self.child.terminate()

    async def exit_code(self) -> int:
        assert self.child is not None
        return await asyncio.get_running_loop().run_in_executor(None, self.child.wait, 60)

    def close(self) -> None:
        if self.child is not None:
            self.child.kill()
            self.child.wait()
            assert self.child.stdout is not None
            self.child.stdout.close()
            self.child = None

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """A copy of the database as the dead process left it, log included: looking at it mends nothing."""
        copy = self.directory / "copy.db"
        for suffix in ("", "-wal"):
            file = self.directory / f"lingpai.db{suffix}"
            target = self.directory / f"copy.db{suffix}"
            target.unlink(missing_ok=True)
            if file.exists():
                target.write_bytes(file.read_bytes())
        (self.directory / "copy.db-shm").unlink(missing_ok=True)
        with closing(sqlite3.connect(copy)) as database:
            yield database

    def _environment(self) -> dict[str, str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith("LINGPAI_")}
        return {**outside, **{f"LINGPAI_{name.upper()}": value for name, value in self.settings.items()}}


@pytest.fixture
async def make_server(
    emulator: EmulatorProcess, tmp_path: Path
) -> AsyncIterator[Callable[..., "asyncio.Future[ServerProcess]"]]:
    """Starts `lingpai serve` on a fresh, migrated database with both apps."""
    made: list[ServerProcess] = []

    async def make(**settings: str) -> ServerProcess:
        server = ServerProcess(
            tmp_path,
            {
                "database_url": f"sqlite:///{tmp_path / 'lingpai.db'}",
                "master_key": new_master_key(),
                "wechat_base_url": emulator.wechat.url,
                "refresh_grace": "300",
                "rate_limits": "false",
                **settings,
            },
        )
        made.append(server)
        server.command("migrate")
        for slug, appid in APPS.items():
            server.command(
                "apps", "add", appid, "--slug", slug, "--open-platform", "demo", stdin=SECRETS[slug] + "\n"
            )
        await server.start()
        return server

    yield make  # type: ignore[misc]  # a coroutine function is what is awaited
    for server in made:
        server.close()


class Held(NamedTuple):
    """What a client was given."""

    session_id: str
    refresh_token: str
    access_token: str
    user_id: str


@dataclass
class Book:
    """Everything that was acknowledged to anybody, and what it cost."""

    held: dict[str, Held] = field(default_factory=dict)
    given: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    users: dict[str, set[str]] = field(default_factory=dict)
    sent: int = 0
    logins: int = 0
    refreshes: int = 0
    repeats: int = 0
    retries: int = 0
    restarts: int = 0
    lost: int = 0


@dataclass
class Client:
    """One person's phone: a nonce for each attempt, the same request again when no answer came."""

    person: str
    server: ServerProcess
    wechat: httpx.AsyncClient
    http: httpx.AsyncClient
    book: Book
    chance: random.Random
    held: Held | None = None

    async def live(self, leave: asyncio.Event) -> None:
        """Sign in, go on a few times, sign in again; until asked to leave. Ends signed in."""
        while not leave.is_set():
            await self.sign_in(self.chance.choice(list(APPS)))
            for _ in range(self.chance.randint(0, 3)):
                await self.refresh()

    async def wx_login(self, app: str) -> str:
        answer = await self.wechat.post("/__emulator__/wx/login", json={"appid": app, "person": self.person})
        code: str = answer.json()["code"]
        return code

    async def sign_in(self, app: str) -> Held:
        kills_before, began_again = self.server.kills, 0
        while True:
            code, nonce = await self.wx_login(app), f"{self.chance.getrandbits(128):032x}"
            answer = await self.answered(f"/v1/{app}/login", {"code": code, "nonce": nonce})
            if answer.status_code == httpx.codes.OK:
                break
            assert answer.json()["code"] == "restart_login", answer.text
            began_again += 1
            self.book.restarts += 1
            # One more wx.login for a kill that was met, and none without.
            assert began_again <= self.server.kills - kills_before
        held = self._took(answer, code, nonce)
        self.book.logins += 1
        if self.chance.random() < 0.2:
            again = await self.answered(f"/v1/{app}/login", {"code": code, "nonce": nonce})
            assert again.status_code == httpx.codes.OK, again.text
            assert self._took(again, code, nonce).refresh_token == held.refresh_token
            self.book.repeats += 1
        return held

    async def refresh(self) -> Held:
        assert self.held is not None
        before = self.held
        nonce = f"{self.chance.getrandbits(128):032x}"
        answer = await self.answered(
            "/v1/session/refresh", {"refresh_token": before.refresh_token, "nonce": nonce}
        )
        assert answer.status_code == httpx.codes.OK, answer.text
        after = self._took(answer)
        assert after.session_id == before.session_id
        assert after.refresh_token != before.refresh_token
        self.book.refreshes += 1
        return after

    async def answered(self, path: str, body: dict[str, str]) -> httpx.Response:
        """The first answer that is none of 5xx; until then the very same request."""
        while True:
            self.book.sent += 1
            try:
                answer = await self.http.post(path, json=body)
            except httpx.TransportError:
                self.book.lost += 1
            else:
                if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    return answer
            self.book.retries += 1
            await asyncio.sleep(BACKOFF)

    def _took(self, answer: httpx.Response, *attempt: str) -> Held:
        told = answer.json()
        payload = told["access_token"].split(".")[1]
        claims = msgspec.json.decode(decoded(payload))
        held = Held(claims["sid"], told["refresh_token"], told["access_token"], told["user"]["id"])
        self.held = self.book.held[held.session_id] = held
        self.book.users.setdefault(self.person, set()).add(held.user_id)
        if attempt:
            code, nonce = attempt
            self.book.given.setdefault((code, nonce), set()).add(held.session_id)
        return held


def decoded(segment: str) -> bytes:
    """A segment of a JWT."""
    return urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


@pytest.fixture
async def make_clients(
    emulator: EmulatorProcess,
) -> AsyncIterator[Callable[[ServerProcess, int, int], tuple[Book, list[Client]]]]:
    """So many people with a phone each, and the book they write into."""
    connections: list[httpx.AsyncClient] = []

    def make(server: ServerProcess, count: int, seed: int) -> tuple[Book, list[Client]]:
        limits = httpx.Limits(max_connections=count, max_keepalive_connections=count)
        wechat = httpx.AsyncClient(base_url=emulator.wechat.url, timeout=30, limits=limits)
        http = httpx.AsyncClient(base_url=server.url, timeout=30, limits=limits)
        connections.extend([wechat, http])
        book, people = Book(), [f"person-{number}" for number in range(count)]
        for person in people:
            emulator.wechat.add_person(id=person, nickname=person, unionid=True)
        chances = [random.Random(f"{seed} {person}") for person in people]
        return book, [
            Client(person, server, wechat, http, book, chance)
            for person, chance in zip(people, chances, strict=True)
        ]

    yield make
    for connection in connections:
        await connection.aclose()


@pytest.fixture
def broken_rules() -> Callable[[ServerProcess, Book], list[str]]:
    """What is wrong with a database: damage, orphans, and acknowledged sessions that are not in it."""

    def look(server: ServerProcess, book: Book) -> list[str]:
        with server.database() as database:
            (integrity,) = database.execute("PRAGMA integrity_check").fetchone()
            wrong = [] if integrity == "ok" else [str(integrity)]
            wrong += [f"dangling {row}" for row in database.execute("PRAGMA foreign_key_check")]
            wrong += orphans(database)
            stored = {
                bytes(digest): (session_id, user_id)
                for digest, session_id, user_id in database.execute(
                    "SELECT t.digest, s.id, s.user_id FROM refresh_tokens t JOIN sessions s"
                    " ON s.id = t.session_id JOIN users u ON u.id = s.user_id WHERE s.ended_at IS NULL"
                )
            }
        for held in book.held.values():
            found = stored.get(hashlib.sha256(held.refresh_token.encode()).digest())
            if found != (held.session_id, held.user_id):
                wrong.append(f"acknowledged and lost: {held.session_id}")
        wrong += [f"{attempt}: {ids}" for attempt, ids in book.given.items() if len(ids) > 1]
        wrong += [f"{person} is {ids}" for person, ids in book.users.items() if len(ids) > 1]
        return wrong

    return look
