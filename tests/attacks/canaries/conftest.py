"""A real server process with canaries for secrets, and everything it has said and kept."""

import asyncio
import base64
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from lingpai.config import new_master_key
from lingpai_emulator.client import Wechat

SECRETS = {"demo-mp": "c0ffee11c0ffee22c0ffee33c0ffee44", "demo-oa": "c0ffee55c0ffee66c0ffee77c0ffee88"}
APPIDS = {"demo-mp": "wx00000000000000a1", "demo-oa": "wx00000000000000b2"}
SHORTEST = 12  # what is shorter stands somewhere by chance


def forms_of(secret: str | bytes) -> set[bytes]:
    """A secret as it is, and as base64 (at each of its three places), hex, URL and JSON would write it."""
    raw = secret if isinstance(secret, bytes) else secret.encode()
    forms = {
        raw,
        raw.hex().encode(),
        raw.hex().upper().encode(),
        quote(raw, safe="").encode(),
        quote(raw).encode(),
    }
    for shift in range(3):
        for coded in (base64.b64encode(b"\0" * shift + raw), base64.urlsafe_b64encode(b"\0" * shift + raw)):
            # Only the letters that no neighbour has a part in.
            start = -(-shift * 8 // 6)
            end = (shift + len(raw)) * 8 // 6
            forms.add(coded[start:end])
    forms.add(json.dumps(raw.decode("latin-1"))[1:-1].encode())
    forms.add(raw.replace(b"/", b"\\/"))
    return {form for form in forms if len(form) >= SHORTEST}


@dataclass
class Canaries:
    """Secrets by name, in every form."""

    by_form: dict[bytes, str] = field(default_factory=dict)

    def plant(self, name: str, *secrets: str | bytes) -> None:
        for secret in secrets:
            for form in forms_of(secret):
                self.by_form.setdefault(form, name)

    def found_in(self, text: bytes, *, allowed: Iterable[str] = ()) -> set[str]:
        """Which kinds of canaries stand in a text."""
        permitted = set(allowed)
        return {name for form, name in self.by_form.items() if name not in permitted and form in text}


@dataclass
class Watched:
    """A server process, its log, and every answer it gave: (what was asked, the answer as bytes)."""

    directory: Path
    wechat: Wechat
    settings: dict[str, str]
    http: httpx.AsyncClient
    canaries: Canaries = field(default_factory=Canaries)
    answers: list[tuple[str, bytes]] = field(default_factory=list)
    said: list[bytes] = field(default_factory=list)
    url: str = ""
    child: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> bytes:
        return (self.directory / "server.log").read_bytes()

    def command(self, *arguments: str, stdin: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "lingpai", *arguments],
            input=stdin.encode(),
            capture_output=True,
            check=True,
            cwd=self.directory,
            env=self._environment(),
        )
        # What a new service key prints is its one showing.
        if arguments[:2] != ("clients", "add"):
            self.said += [done.stdout, done.stderr]
        return done.stdout.decode()

    async def start(self, **settings: str) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self._start, settings)

    def _start(self, settings: dict[str, str]) -> None:
        with (self.directory / "server.log").open("ab") as log:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "lingpai", "serve", "--json", "--port", "0"],
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=self.directory,
                env={
                    **self._environment(),
                    **{f"LINGPAI_{name.upper()}": value for name, value in settings.items()},
                },
            )
        assert self.child.stdout is not None
        line = self.child.stdout.readline()
        assert line, self.log[-1_000:]
        self.said.append(line)
        self.url = json.loads(line)["server"]

    def stop(self, *, kill: bool) -> None:
        if self.child is not None:
            self.child.kill() if kill else self.child.terminate()
            self.child.wait(60)
            assert self.child.stdout is not None
            self.child.stdout.close()
            self.child = None

    async def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        """One request; the whole answer is kept, headers too."""
        answer = await self.http.request(method, self.url + path, **given)
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.multi_items())
        self.answers.append((f"{method} {path}", head.encode() + b"\n\n" + answer.content))
        return answer

    def database(self) -> list[bytes]:
        """The dump of a database, and the bytes of its files, of which the log is one."""
        path = self.directory / "lingpai.db"
        texts = [file.read_bytes() for file in self.directory.glob("lingpai.db*")]
        with closing(sqlite3.connect(path)) as database:
            # A dump writes bytes in hex, in capitals; the plain forms are looked for in both.
            dump = "\n".join(database.iterdump()).encode()
        blobs = b"\n".join(bytes.fromhex(found.decode()) for found in re.findall(rb"X'([0-9A-F]*)'", dump))
        return [*texts, dump, blobs]

    def _environment(self) -> dict[str, str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith("LINGPAI_")}
        return {**outside, **{f"LINGPAI_{name.upper()}": value for name, value in self.settings.items()}}


@pytest.fixture
async def watched(wechat: Wechat, tmp_path: Path) -> AsyncIterator[Watched]:
    """`lingpai serve` with both demo apps under secrets that are easy to recognise."""
    master_key = new_master_key()
    settings = {
        "database_url": f"sqlite:///{tmp_path / 'lingpai.db'}",
        "master_key": master_key,
        "wechat_base_url": wechat.url,
        "wechat_read_timeout": "1.5",
        "wechat_total_timeout": "2",
        "log_level": "debug",
        "shutdown_grace": "0",
        "rate_limits": "false",
    }
    async with httpx.AsyncClient(timeout=30) as http:
        server = Watched(tmp_path, wechat, settings, http)
        server.canaries.plant("master key", master_key, base64.b64decode(master_key))
        server.canaries.plant("AppSecret", *SECRETS.values())
        server.command("migrate")
        for slug, appid in APPIDS.items():
            wechat.add_app(appid, secret=SECRETS[slug])
            kind = {"demo-mp": "miniprogram", "demo-oa": "official_account"}[slug]
            server.command(
                "apps",
                "add",
                appid,
                "--slug",
                slug,
                "--kind",
                kind,
                "--open-platform",
                "demo",
                stdin=SECRETS[slug],
            )
        yield server
        server.stop(kill=True)
