"""Opens a store that its user may read but not write; prints what came of it."""

import asyncio
import os
import sys

from lingpai.clock import SystemClock
from lingpai.storage import StorageUnavailableError, open_store
from lingpai.storage.sql.dialects import sqlite

NOBODY = 65534
LOADED = sqlite  # now: the user this process becomes may not be able to read the code


async def main(url: str) -> None:
    try:
        store = await open_store(url, clock=SystemClock())
        await store.check()
    except StorageUnavailableError as error:
        print("unavailable:", error)
    else:
        print("writable")


if os.getuid() == 0:
    os.setgid(NOBODY)
    os.setuid(NOBODY)
asyncio.run(main(sys.argv[1]))
