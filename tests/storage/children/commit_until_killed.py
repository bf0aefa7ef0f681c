"""Commits logins and refreshes from 32 callers for ever; prints each number once it is acknowledged."""

import asyncio
import itertools
import sys

from lingpai.clock import SystemClock
from lingpai.model import Rotated
from lingpai.storage import open_store
from lingpai.testing.storage_contract_samples import digest, login, rotation


async def main(url: str, first: int) -> None:
    store = await open_store(url, clock=SystemClock())
    numbers = itertools.count(first)

    async def caller() -> None:
        for n in numbers:
            await store.logins.commit(login(n))
            print("login", n, flush=True)
            rotated = await store.sessions.rotate(rotation(n, digest(f"refresh {n}")))
            if not isinstance(rotated, Rotated):
                sys.exit("a fresh token was refused")
            print("rotation", n, flush=True)

    await asyncio.gather(*(caller() for _ in range(32)))


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
