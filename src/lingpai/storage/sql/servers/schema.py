"""Which schema a server's database has, and bringing it up to date.

One process migrates at a time, under a lock that the server gives back by itself when the process dies.
Where DDL is not transactional a killed migration stops between two statements; each step looks before it
changes anything, so the next run completes it.

Whoever asks for a table behind a migration that waits for it waits, too. So a migration waits for a second at a time,
and lets the others go first in between.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from lingpai.storage.port import (
    OnProgress,
    SchemaMismatchError,
    SchemaState,
    StorageError,
    StorageUnavailableError,
)
from lingpai.storage.sql.servers.port import Fault, Kind, Purpose
from lingpai.storage.sql.tables import SCHEMA

T = TypeVar("T")
_PATIENCE: Final = 120.0
"""Seconds that a migration waits for another one to finish."""
_STEP: Final = 0.05
_LET_OTHERS: Final = 0.5


class Migrating(Protocol):
    """What a dialect brings to its migrations."""

    def engine(self, purpose: Purpose) -> AsyncEngine: ...
    def fault(self, error: BaseException) -> Fault: ...
    def locked(self, connection: Connection) -> bool:
        """Try to take the lock of all migrations of this database, for as long as the connection lives."""
        ...

    def in_use(self, error: BaseException) -> bool:
        """Whether a statement gave up because somebody uses its table; a migration waits for a second."""
        ...


def schema_state(driver: Migrating) -> SchemaState:
    """See `lingpai.storage.schema_state`."""
    return _alone(lambda: _with_connection(driver, lambda connection: connection.run_sync(_state)))


def migrate(driver: Migrating, on_progress: OnProgress | None = None) -> tuple[str | None, str]:
    """See `lingpai.storage.migrate`."""

    async def work(connection: AsyncConnection) -> tuple[str | None, str]:
        return await _migrate(driver, connection, on_progress)

    return _alone(lambda: _with_connection(driver, work))


async def _migrate(
    driver: Migrating, connection: AsyncConnection, on_progress: OnProgress | None
) -> tuple[str | None, str]:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE
    while not await connection.run_sync(driver.locked):
        await connection.rollback()
        if loop.time() > deadline:
            raise StorageUnavailableError("another migration has not finished")
        await asyncio.sleep(_STEP)
    # What the lock was waited for is only seen by a transaction that begins now.
    await connection.rollback()
    state = await connection.run_sync(_state)
    if state.found is not None and (state.up_to_date or state.ahead):
        state.insist()
        return state.found, state.found
    while True:
        try:
            await connection.run_sync(_upgrade, state.found, on_progress)
            await connection.commit()
        except Exception as error:
            if not driver.in_use(error):
                raise
        else:
            return state.found, SCHEMA
        await connection.rollback()
        if loop.time() > deadline:
            raise StorageUnavailableError("a table stayed in use, by a backup perhaps; migrate again later")
        await asyncio.sleep(_LET_OTHERS)


def _upgrade(connection: Connection, found: str | None, on_progress: OnProgress | None) -> None:
    # Alembic takes longer to import than a server takes to start; only a migration needs it.
    from lingpai.storage.sql.migrations.run import revisions, upgrade  # noqa: PLC0415

    if found is not None and found not in revisions():
        raise SchemaMismatchError(found, SCHEMA)
    upgrade(connection, found, on_progress)


def _state(connection: Connection) -> SchemaState:
    there = inspect(connection).has_table

    def scalar(table: str, query: str) -> str | None:
        return connection.execute(text(query)).scalar() if there(table) else None

    return SchemaState(
        found=scalar("alembic_version", "SELECT version_num FROM alembic_version"),
        wanted=SCHEMA,
        oldest=scalar("compatibility", "SELECT oldest_schema FROM compatibility"),
    )


async def _with_connection(driver: Migrating, work: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T:
    engine = driver.engine("migrate")
    try:
        async with engine.connect() as connection:
            return await work(connection)
    except StorageError:
        raise
    except Exception as error:
        fault = driver.fault(error)
        if fault.kind is Kind.OURS:
            raise
        raise StorageUnavailableError(fault.reason) from None
    finally:
        await engine.dispose()


def _alone(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run to the end in an event loop and a thread of its own: the caller may be inside a loop already."""
    with ThreadPoolExecutor(1, thread_name_prefix="lingpai-schema") as thread:
        return thread.submit(lambda: asyncio.run(work())).result()
