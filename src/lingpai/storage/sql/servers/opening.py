"""Opening a store on a database server: only with a schema that this release works with."""

import asyncio
from contextlib import suppress

from lingpai.clock import Clock
from lingpai.storage.batching import BatchSettings
from lingpai.storage.port import StorageUnavailableError, Store
from lingpai.storage.sql.servers.dialect import ServerDialect
from lingpai.storage.sql.servers.links import CONNECT_SECONDS
from lingpai.storage.sql.servers.port import Driver
from lingpai.storage.sql.store import SqlStore


async def open_store(driver: Driver, clock: Clock, batch: BatchSettings) -> Store:
    """See `lingpai.storage.open_store`."""
    connection = None
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            connection = await driver.connect()
            state = await driver.schema(connection)
            await driver.leave(connection)
    except Exception as error:  # noqa: BLE001 - said in words of ours
        with suppress(Exception):
            driver.abandon(connection)
        # Not "from error": its words may name the host and the user.
        raise StorageUnavailableError(driver.fault(error).reason) from None
    state.insist()
    return SqlStore(ServerDialect(driver, clock, batch))
