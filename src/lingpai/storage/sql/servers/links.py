"""Connections that are opened when needed and dropped together when one of them finds the server gone.

After a fail-over every connection leads to the wrong server or to none; waiting for each to find out by
itself would fail one request after the other.
"""

import asyncio
from contextlib import suppress
from typing import Final

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

from lingpai.storage.port import StorageUnavailableError
from lingpai.storage.sql.servers.port import Connection, Driver

CONNECT_SECONDS: Final = 3.0
_REST: Final = 0.2
"""Seconds after a failed attempt to connect in which the next is not even tried: callers are told at once."""


class Links:
    """All connections of one store: SQLAlchemy's pools, and one for each lane."""

    def __init__(self, driver: Driver) -> None:
        self.driver: Final = driver
        self._reading = driver.engine("read")
        self._writing = driver.engine("write")
        self._generation = 0
        self._dropped_at = -_REST
        self._leaving: Final[set[asyncio.Task[None]]] = set()

    @property
    def reading(self) -> AsyncEngine:
        """For shared statements that read."""
        return self._reading

    @property
    def writing(self) -> AsyncEngine:
        """For shared statements that write."""
        return self._writing

    @property
    def generation(self) -> int:
        """Counts the times that everything was dropped."""
        return self._generation

    async def drop(self) -> None:
        """The server is not the one we knew. What finds that out a moment later has dropped its own already."""
        loop = asyncio.get_running_loop()
        if loop.time() - self._dropped_at < _REST:
            return
        self._dropped_at = loop.time()
        self._generation += 1
        old = self._reading, self._writing
        self._reading, self._writing = self.driver.engine("read"), self.driver.engine("write")
        for engine in old:
            # What is in use comes back to a pool that nobody looks into again.
            event.listen(engine.sync_engine.pool, "checkin", _leave)
        # A server that stands still does not answer a goodbye either: nobody waits for it.
        leaving = loop.create_task(_dispose(*old))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def aclose(self) -> None:
        await asyncio.gather(_dispose(self._reading, self._writing), *self._leaving)


async def _dispose(*engines: AsyncEngine) -> None:
    for engine in engines:
        with suppress(Exception):
            await engine.dispose()


def _leave(_connection: object, entry: ConnectionPoolEntry) -> None:
    entry.invalidate()


class Link:
    """One connection of the driver, made anew when it is gone or everything was dropped."""

    def __init__(self, links: Links) -> None:
        self._links: Final = links
        self._driver: Final = links.driver
        self._connection: Connection | None = None
        self._generation = 0
        self._rest_until = 0.0

    async def open(self) -> Connection:
        """Raises StorageUnavailableError, or what the driver raises when it cannot connect."""
        if self._connection is not None:
            if self._generation == self._links.generation and self._driver.usable(self._connection):
                return self._connection
            self.abandon()
        now = asyncio.get_running_loop().time()
        if now < self._rest_until:
            raise StorageUnavailableError("the database was not reachable a moment ago")
        generation = self._links.generation
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                self._connection = await self._driver.connect()
        except Exception:
            self._rest_until = asyncio.get_running_loop().time() + _REST
            raise
        self._generation = generation
        return self._connection

    def abandon(self) -> None:
        """Close without asking the server, which may be gone."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                self._driver.abandon(connection)

    async def aclose(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    await self._driver.leave(connection)
            except Exception:  # noqa: BLE001 - whatever it says, it is closed next
                with suppress(Exception):
                    self._driver.abandon(connection)
