"""Lets the files grow no further (RLIMIT_FSIZE), then gives the room back; prints what the store said."""

import asyncio
import json
import resource
import sys
from pathlib import Path

from lingpai.clock import SystemClock
from lingpai.storage import StorageUnavailableError, Store, open_store
from lingpai.testing.storage_contract_samples import login


async def commit(store: Store, numbers: range) -> tuple[list[int], list[int], list[int]]:
    """Numbers acknowledged, refused, and of unknown fate."""
    answers = await asyncio.gather(*(store.logins.commit(login(n)) for n in numbers), return_exceptions=True)
    acknowledged: list[int] = []
    refused: list[int] = []
    unknown: list[int] = []
    for n, answer in zip(numbers, answers, strict=True):
        if not isinstance(answer, BaseException):
            acknowledged.append(n)
        elif isinstance(answer, StorageUnavailableError):
            (unknown if answer.unknown else refused).append(n)
        else:
            raise answer
    return acknowledged, refused, unknown


async def is_green(store: Store) -> bool:
    try:
        await store.check()
    except StorageUnavailableError:
        return False
    return True


async def main(url: str) -> None:
    log = Path(url.removeprefix("sqlite:///") + "-wal")
    store = await open_store(url, clock=SystemClock())
    before = await commit(store, range(50))
    green_before = await is_green(store)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    used = log.stat().st_size  # noqa: ASYNC240 - nothing else runs in this process now
    resource.setrlimit(resource.RLIMIT_FSIZE, (used + 20_000, hard))
    during: tuple[list[int], list[int], list[int]] = ([], [], [])
    for start in range(1_000, 3_000, 100):
        for found, more in zip(during, await commit(store, range(start, start + 100)), strict=True):
            found.extend(more)
    green_during = await is_green(store)
    readable_during = await store.users.count()
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))
    green_after = await is_green(store)
    after = await commit(store, range(5_000, 5_050))
    await store.aclose()
    json.dump(
        {
            "acknowledged": before[0] + during[0] + after[0],
            "refused": before[1] + during[1] + after[1],
            "unknown": before[2] + during[2] + after[2],
            "refused_during": len(during[1]) + len(during[2]),
            "acknowledged_after": len(after[0]),
            "green": [green_before, green_during, green_after],
            "readable_during": readable_during,
        },
        sys.stdout,
    )


asyncio.run(main(sys.argv[1]))
