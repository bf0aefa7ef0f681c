"""How long it takes to come back: a database of many people is backed up, loses some, is lost, and is restored.

make restore-drill PEOPLE=1000000
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.machine import machine
from lingpai.clock import SystemClock
from lingpai.model import Erasure, user_digest
from lingpai.storage import open_store
from lingpai.storage.batching import BatchSettings
from lingpai.testing.storage_contract_samples import login

_AT_ONCE: Final = 2_000
_ERASED: Final = 100
_LIFETIME: Final = 30 * 86_400_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory(prefix="lingpai-drill-") as name:
        failed = _drill(Path(name), people)
    sys.exit(1 if failed else 0)


def _drill(folder: Path, people: int) -> list[str]:
    print(*machine(), sep="\n")
    _lingpai(folder, "init")
    _lingpai(folder, "migrate")
    took = _Took()
    with took("fill"):
        asyncio.run(_fill(folder, people))
    size = (folder / "lingpai.db").stat().st_size
    with took("backup"):
        made = json.loads(_lingpai(folder, "backup", "drill.backup", "--json"))
    with took("erase"):
        erased = asyncio.run(_erase(folder, min(_ERASED, people // 2)))
    _lingpai(folder, "users", "erase", f"usr_{people:08}", "--yes")  # with which the ledger catches up
    for file in folder.glob("lingpai.db*"):
        if file.suffix != ".ledger":
            file.unlink()
    with took("restore"):
        told = json.loads(_lingpai(folder, "restore", "drill.backup", "--json"))
    with took("serve until ready"):
        _ready(folder)
    failed = asyncio.run(_wrong(folder, people - erased - 1))
    if told["followed"]["erased_again"] != erased + 1:
        failed.append("not everybody was erased again")
    print(f"{people} people, database {size >> 20} MiB, backup {made['bytes'] >> 20} MiB")
    for name, seconds in took.seconds.items():
        print(f"  {name:<18} {seconds:8.1f} s")
    rto = took.seconds["restore"] + took.seconds["serve until ready"]
    print(f"  RTO                {rto:8.1f} s; back: 0 of {erased + 1} erased people, 0 of {people} sessions")
    for line in failed:
        print(f"  WRONG: {line}")
    return failed


class _Took:
    """Seconds by what they were spent on."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._name = ""
        self._since = 0.0

    def __call__(self, name: str) -> "_Took":
        self._name = name
        return self

    def __enter__(self) -> None:
        self._since = time.monotonic()

    def __exit__(self, *_told: object) -> None:
        self.seconds[self._name] = time.monotonic() - self._since


async def _fill(folder: Path, people: int) -> None:
    clock = SystemClock()
    batch = BatchSettings(window=0.0, most=_AT_ONCE, queue=2 * _AT_ONCE)
    store = await open_store(f"sqlite:///{folder}/lingpai.db", clock=clock, batch=batch)
    for start in range(1, people + 1, _AT_ONCE):
        some = range(start, min(start + _AT_ONCE, people + 1))
        expires = clock.now() + _LIFETIME
        await asyncio.gather(
            *(store.logins.commit(login(n, at=clock.now(), session_expires_at=expires)) for n in some)
        )
    await store.aclose()


async def _erase(folder: Path, count: int) -> int:
    clock = SystemClock()
    store = await open_store(f"sqlite:///{folder}/lingpai.db", clock=clock)
    for n in range(1, count + 1):
        user = f"usr_{n:08}"
        line = Erasure(id=f"era_{n:08}", user_digest=user_digest(user), at=clock.now())
        await store.erasures.commit(line, user, clock.now())
    await store.aclose()
    return count


async def _wrong(folder: Path, expected: int) -> list[str]:
    clock = SystemClock()
    store = await open_store(f"sqlite:///{folder}/lingpai.db", clock=clock)
    found = []
    if (users := await store.users.count()) != expected:
        found.append(f"{users} users, expected {expected}")
    if running := await store.sessions.count_running(clock.now()):
        found.append(f"{running} sessions run")
    await store.aclose()
    return found


def _ready(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "lingpai", "serve", "--json", "--port", "0"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        told: dict[str, Any] = json.loads(server.stdout.readline())
        with urllib.request.urlopen(f"{told['server']}/readyz", timeout=60) as answer:
            assert answer.status == 200
        server.terminate()


def _lingpai(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "lingpai", *words], cwd=folder, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    main()
