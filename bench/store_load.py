"""A process that writes logins to a store, as many at once as it is told; what `storage.py` measures.

It reads one `Store` as a line of JSON, opens it, says `ready`; then for every `Turn` it reads it writes an
`Outcome`. The logins are made before the clock starts.
"""

import asyncio
import hashlib
import json
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import uvloop

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.load import Outcome
from lingpai.clock import SystemClock
from lingpai.model import NewLogin, NewSessionKey
from lingpai.storage import BatchSettings, StorageError, open_store
from lingpai.storage.sql.items import Item
from lingpai.storage.sql.servers import verbs
from lingpai.storage.sql.servers.links import Link, Links
from lingpai.storage.sql.servers.logins import CONTESTED
from lingpai.storage.sql.servers.runner import Runner
from lingpai.testing.databases.sql import driver_of

_POOL: Final = 16
_NEW: Final = 10, 3
"""Three in ten are new."""


class Store(msgspec.Struct, frozen=True, kw_only=True):
    """Which database, and whether logins share commits."""

    url: str
    shared: bool


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """So many logins from so many callers; `first` counts the logins before it."""

    first: int
    count: int
    callers: int


Commit = Callable[[NewLogin], Awaitable[object]]


async def _open(store: Store) -> Commit:
    if store.shared:
        return (await open_store(store.url, clock=SystemClock())).logins.commit
    if store.url.startswith("sqlite:"):
        alone = BatchSettings(most=1, window=0)
        return (await open_store(store.url, clock=SystemClock(), batch=alone)).logins.commit
    return _one_transaction_each(store.url)


def _one_transaction_each(url: str) -> Commit:
    """The same statements in a transaction for each login, over a pool of connections."""
    driver: Any = driver_of(url)
    links = Links(driver)
    free: asyncio.Queue[Runner] = asyncio.Queue()
    for _ in range(_POOL):
        run = verbs.hot(driver, Link(links), SystemClock())
        free.put_nowait(Runner(driver, run, links.drop, contested=CONTESTED))

    async def commit(login: NewLogin) -> None:
        runner = await free.get()
        try:
            nobody: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            (answer,) = await runner.work([Item(verbs.commit, login, nobody)])
        finally:
            free.put_nowait(runner)
        if isinstance(answer, BaseException):
            raise answer

    return commit


def _login(n: int) -> NewLogin:
    every, new = _NEW
    # Person number k first comes with login 10 k / 3 or so; the others were here before.
    people = n * new // every
    person = people if n % every < new else (n * 2_654_435_761) % max(1, people)
    code = hashlib.sha256(b"%d" % n).digest()
    name = hashlib.sha256(b"person %d" % person).hexdigest()
    return NewLogin(
        appid="wx00000000000000be",
        openid=f"o{name[:27]}",
        unionid=f"u{name[27:54]}",
        open_platform="bench",
        code_digest=code,
        sealed_result=code * 5,
        new_user_id=f"usr_{n:026}",
        session_id=f"ses_{n:026}",
        session_expires_at=2_000_000_000_000,
        refresh_digest=hashlib.sha256(code).digest(),
        session_key=NewSessionKey(fingerprint=code[:16], sealed=code + code[:21]),
        user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0.44",
        at=1_760_000_000_000 + n,
        event_id=f"evt_{n:026}",
        request_id=f"{n:016x}",
        duration_ms=12,
    )


async def _take(commit: Commit, turn: Turn) -> Outcome:
    logins = iter([_login(turn.first + n) for n in range(turn.count)])
    latencies: list[int] = []
    failed = 0

    async def caller() -> None:
        nonlocal failed
        for login in logins:
            began = time.perf_counter()
            try:
                await commit(login)
            except StorageError:
                failed += 1
            else:
                latencies.append(round((time.perf_counter() - began) * 1_000_000))

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(turn.callers)))
    seconds = time.perf_counter() - began
    return Outcome(
        seconds=seconds, latencies=latencies, statuses={200: len(latencies)}, lost=failed, bodies=[]
    )


async def _main() -> None:
    commit = await _open(msgspec.json.decode(sys.stdin.buffer.readline(), type=Store))
    print("ready", flush=True)
    while line := sys.stdin.buffer.readline():
        outcome = await _take(commit, msgspec.json.decode(line, type=Turn))
        print(json.dumps(msgspec.to_builtins(outcome, str_keys=True)), flush=True)


if __name__ == "__main__":
    uvloop.run(_main())
