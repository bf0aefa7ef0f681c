"""A server whose disk fails, for a while and then at single moments; prints what it acknowledged and how it felt."""

import asyncio
import json
import os
import random
import sys
from collections.abc import Iterable
from pathlib import Path

import httpx

from lingpai.storage import StorageUnavailableError, Store
from lingpai.testing.faulty_disk import FULL, SYNC_FAILED, WRITE_FAILED, FaultyDisk
from lingpai.testing.server import running_server, server_config
from lingpai.testing.storage_contract_samples import login

DISKS = {
    "enospc": lambda: FaultyDisk("write", FULL),
    "eio-write": lambda: FaultyDisk("write", WRITE_FAILED),
    "eio-half-write": lambda: FaultyDisk("write", WRITE_FAILED, half=True),
    "eio-fsync": lambda: FaultyDisk("sync", SYNC_FAILED),
    "eio-fsync-dropped": lambda: FaultyDisk("sync", SYNC_FAILED, drops=True),
}
MOMENTS = 40
LOGINS = 20
OPERATIONS = {"write": 40, "sync": 1}
"""What one login takes, about: so the fault comes in any of the logins."""


async def commit(store: Store, numbers: Iterable[int]) -> dict[str, list[int]]:
    """Sign people in all at once; how each was answered."""
    wanted = list(numbers)
    answers = await asyncio.gather(*(store.logins.commit(login(n)) for n in wanted), return_exceptions=True)
    told: dict[str, list[int]] = {"acknowledged": [], "refused": [], "unknown": []}
    for n, answer in zip(wanted, answers, strict=True):
        if not isinstance(answer, BaseException):
            told["acknowledged"].append(n)
        elif isinstance(answer, StorageUnavailableError):
            told["unknown" if answer.unknown else "refused"].append(n)
        else:
            raise answer
    return told


async def main(directory: Path, name: str) -> None:
    disk, chance = DISKS[name](), random.Random(name)
    config = server_config(directory, "http://127.0.0.1:9", log_level="error")
    async with running_server(config) as running, httpx.AsyncClient(base_url=running.url) as http:
        store = running.server.rooms.store
        told, ready = [await commit(store, range(50))], [(await http.get("/readyz")).status_code]
        disk.fail()
        told += [await commit(store, range(start, start + 10)) for start in range(1_000, 1_100, 10)]
        ready.append((await http.get("/readyz")).status_code)
        disk.mend()
        ready.append((await http.get("/readyz")).status_code)
        told.append(await commit(store, range(2_000, 2_050)))
        struck = 0
        for moment in range(MOMENTS):
            disk.fail_once_after(chance.randrange(LOGINS * OPERATIONS[disk.where]))
            of_moment = [await commit(store, [10_000 + moment * 100 + n]) for n in range(LOGINS)]
            struck += any(one["refused"] or one["unknown"] for one in of_moment)
            told += of_moment
            disk.mend()
            ready.append((await http.get("/readyz")).status_code)
        told.append(await commit(store, range(90_000, 90_050)))
    sums = {kind: [n for one in told for n in one[kind]] for kind in told[0]}
    json.dump({**sums, "ready": ready, "struck": struck}, sys.stdout)
    sys.stdout.flush()
    os._exit(0)


asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
