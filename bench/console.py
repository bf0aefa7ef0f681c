"""How long does the server take for each page of the console, with 1,000,000 attempts and 200,000 users on record?

On SQLite and on PostgreSQL. Time is taken in the process, from the request to the whole answer, database included;
CPU is that of this process: all of the work on SQLite, all but the database's on PostgreSQL. The first request of a page
also compiles its template.
"""

import argparse
import asyncio
import math
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

import httpx
import msgspec

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.machine import machine
from lingpai.clock import DAY, MINUTE
from lingpai.model import Actor
from lingpai.storage import migrate
from lingpai.testing.databases import execute, started
from lingpai.testing.server import RunningServer, TestApp, running_server, server_config
from lingpai.web import console
from lingpai.web.console.frame import Frame
from lingpai.web.pages import site_of
from lingpai.web.pages.rendering import Renderer
from lingpai.web.pages.static import Static

_LIMIT_MS: Final = 300
_APPS: Final = tuple(
    TestApp(appid=f"wx{number:016x}", secret=f"{number:032x}", slug=f"app-{number}") for number in range(1, 4)
)
_PERSON: Final = "usr_" + f"{1_234:026}"
_ATTEMPT: Final = "evt_" + f"{1_220:026}"
_SEARCHES: Final = (
    "/console/people?q=Person%20123",
    f"/console/people?q=o-{1_234:026}",
    f"/console/people?q=u-{1_234:026}",
    "/console/people?q=nobody-of-this-name",
    f"/console/people?before=usr_{1_900:026}",
    f"/console/logins?q={_PERSON}",
    "/console/logins?result=refused",
    "/console/audit?action=user.&about=usr_nobody",
)
_SAMPLES: Final = {"id": _PERSON, "appid": _APPS[0].appid, "name": "backend"}
# {n} counts from 1; the functions that differ are named by the dialect.
_USERS: Final = (
    "INSERT INTO users (id, created_at, nickname) SELECT {usr}, {old} + n, 'Person ' || n FROM {people}"
)
_IDENTITIES: Final = (
    "INSERT INTO identities (appid, openid, user_id, unionid, created_at) "
    "SELECT '{app}', {openid}, {usr}, {unionid}, {old} + n FROM {people}"
)
_SESSIONS: Final = (
    "INSERT INTO sessions (id, user_id, appid, openid, created_at, expires_at, user_agent) "
    "SELECT {ses}, {owner}, '{app}', {owner_openid}, {old} + n, {until}, 'bench' FROM {attempts}"
)
_EVENTS: Final = (
    "INSERT INTO login_events (id, at, appid, result, request_id, duration_ms, user_id, session_id, is_new, kind, "
    "errcode) SELECT {evt}, {old} + n * 80, '{app}', CASE WHEN n % 20 = 0 THEN 'code_invalid' ELSE 'signed_in' END, "
    "{evt}, n % 300, {owner}, {ses}, {no}, 'login', CASE WHEN n % 20 = 0 THEN 40029 END FROM {attempts}"
)
_MINUTES: Final = (
    "INSERT INTO login_minutes (minute, appid, kind, result, count, unrecorded) "
    "SELECT ({now} / 60000 - n) * 60000, '{app}', 'login', 'signed_in', 40 + n % 60, 0 FROM {minutes}"
)


class Size(msgspec.Struct, frozen=True):
    """How much is on record."""

    users: int
    attempts: int
    audit: int
    rounds: int


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """One page, in milliseconds."""

    path: str
    cpu: float
    """The median, of this process."""
    first: float
    p50: float
    p95: float
    most: float


def seed(url: str, size: Size) -> None:
    """Fill the database by statements of its own: a program would take an hour."""
    sqlite = url.startswith("sqlite:")
    now = time.time_ns() // 1_000_000
    statements = [
        _written(template, sqlite=sqlite, size=size, now=now)
        for template in (_USERS, _IDENTITIES, _SESSIONS, _EVENTS, _MINUTES)
    ]
    if sqlite:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database, database:
            for statement in statements:
                database.execute(statement)
            database.execute("ANALYZE")
    else:
        execute(url, *statements, "ANALYZE")


def _written(template: str, *, sqlite: bool, size: Size, now: int) -> str:
    def padded(prefix: str, number: str) -> str:
        text = f"printf('%026d', {number})" if sqlite else f"lpad(({number})::text, 26, '0')"
        return f"'{prefix}' || {text}"

    def numbers(most: int) -> str:
        if sqlite:
            return (
                f"(WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < {most}) "
                "SELECT n FROM up) AS numbers"
            )
        return f"generate_series(1, {most}) AS numbers(n)"

    owner = f"1 + n % {size.users}"
    return template.format(
        app=_APPS[0].appid,
        usr=padded("usr_", "n"),
        openid=padded("o-", "n"),
        unionid=padded("u-", "n"),
        ses=padded("ses_", "n"),
        evt=padded("evt_", "n"),
        owner=padded("usr_", owner),
        owner_openid=padded("o-", owner),
        old=now - 30 * DAY,
        now=now - now % MINUTE,
        until=now + 30 * DAY,
        no="0" if sqlite else "false",
        people=numbers(size.users),
        attempts=numbers(size.attempts),
        minutes=numbers(60 * 24),
    )


def pages(running: RunningServer, samples: Mapping[str, str]) -> list[str]:
    """Every page, with `samples` in the braces, and the searches."""
    rooms, static = running.server.rooms, Static(*console.STATIC)
    frame = Frame(Renderer(static, version=""), site_of(rooms, static, ""))
    paths = {route.path for route in console.console_routes(frame, rooms) if route.method == "GET"}
    return [*sorted(_filled(path, samples) for path in paths), *_SEARCHES]


def _filled(path: str, samples: Mapping[str, str]) -> str:
    of_attempt = {"id": _ATTEMPT} if path.startswith("/console/logins") else {}
    return re.sub(r"\{(\w+)\}", lambda name: {**samples, **of_attempt}[name[1]], path)


async def measure(url: str, size: Size, directory: Path) -> list[Timing]:
    """Ask for every page some times, one after the other."""
    config = server_config(directory, "http://127.0.0.1:9", database_url=url, log_level="error")
    async with running_server(config, _APPS, open_console=True) as running:
        by = Actor("cli", "bench", "bench")
        desk = running.server.rooms.desk
        await desk.clients.add("backend", ("introspect",), by=by)
        operator, _ = await running.server.rooms.operators.registry.add("backend", ("viewer",), by=by)
        samples = _SAMPLES | {"operator": operator.id}
        for number in range(size.audit):
            await desk.audit.note(by, "user.exported", f"usr_{number:026}")
        transport = httpx.ASGITransport(app=running.server.front, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", headers={"accept": "text/html"}, timeout=120
        ) as client:
            return [await _timed(client, path, size.rounds) for path in pages(running, samples)]


async def _timed(client: httpx.AsyncClient, path: str, rounds: int) -> Timing:
    taken: list[float] = []
    spent: list[float] = []
    for _ in range(rounds + 1):
        began, began_cpu = time.perf_counter(), time.process_time()
        answer = await client.get(path)
        taken.append((time.perf_counter() - began) * 1_000)
        spent.append((time.process_time() - began_cpu) * 1_000)
        if answer.status_code != httpx.codes.OK:
            raise SystemExit(f"{path}: {answer.status_code}")
    first, *rest = taken
    rest.sort()
    return Timing(
        path=path,
        cpu=statistics.median(spent),
        first=first,
        p50=_at(rest, 0.5),
        p95=_at(rest, 0.95),
        most=max(first, rest[-1]),
    )


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def _tell(name: str, timings: Sequence[Timing]) -> bool:
    print(f"\n{name}\n{'page':<64}{'CPU ms':>8}{'first ms':>9}{'p50':>8}{'p95':>8}{'max':>8}")
    for one in sorted(timings, key=lambda timing: -timing.most):
        shown = one.path.replace(_PERSON, "usr_…")
        print(
            f"{shown[:63]:<64}{one.cpu:>8.1f}{one.first:>9.1f}{one.p50:>8.1f}{one.p95:>8.1f}{one.most:>8.1f}"
        )
    worst = max(timing.p95 for timing in timings)
    met = worst < _LIMIT_MS
    print(f"p95 of every page under {_LIMIT_MS} ms: {'met' if met else 'missed'} ({worst:.0f} ms)")
    return met


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a hundredth of the rows, three rounds")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one database")
    given = parser.parse_args()
    size = Size(2_000, 10_000, 50, 3) if given.quick else Size(200_000, 1_000_000, 6_000, 20)
    print("\n".join(machine()[:4]))
    print(f"{size.users:,} users, {size.attempts:,} attempts and sessions, {size.audit:,} audited actions")
    met = True
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lingpai-bench-")))
        urls = {}
        if given.only != "postgresql":
            urls["SQLite"] = f"sqlite:///{directory / 'lingpai.db'}"
        if given.only != "sqlite":
            server = started("postgresql")
            stack.callback(server.stop)
            urls["PostgreSQL"] = server.url("postgres")
        for name, url in urls.items():
            migrate(url)
            seed(url, size)
            met &= _tell(name, asyncio.run(measure(url, size, directory)))
    if not met:
        sys.exit(1)


if __name__ == "__main__":
    main()
