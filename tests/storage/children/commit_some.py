"""Commits as many logins as asked, 16 at a time, while others do the same; prints what was acknowledged."""

import asyncio
import itertools
import json
import sys

from lingpai.clock import SystemClock
from lingpai.storage import open_store
from lingpai.testing.storage_contract_samples import login


async def main(url: str, first: int, count: int) -> None:
    store = await open_store(url, clock=SystemClock())
    numbers = iter(range(first, first + count))
    acknowledged: list[int] = []

    async def caller() -> None:
        for n in numbers:
            # All processes log the same few people in: their identities collide.
            person = n % 10
            await store.logins.commit(login(n, openid=f"oShared{person}", unionid=f"uShared{person}"))
            acknowledged.append(n)

    await asyncio.gather(*itertools.starmap(caller, [()] * 16))
    await store.aclose()
    json.dump(acknowledged, sys.stdout)


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
