"""Opening somebody else's database to read one table of it."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from lingpai.storage.port_sources import SourceUnusableError
from lingpai.storage.sql.foreign import ForeignTable
from lingpai.storage.sql.servers.port import Kind
from lingpai.storage.sql.servers.schema import Migrating

T = TypeVar("T")


async def open_served(driver: Migrating, table: str, key: tuple[str, ...]) -> ForeignTable:
    """A table of a database server. Raises SourceUnusableError."""
    engine = driver.engine("read")

    async def run(work: Callable[[Connection], T]) -> T:
        try:
            async with engine.connect() as connection:
                return await connection.run_sync(work)
        except SourceUnusableError:
            raise
        except Exception as error:
            fault = driver.fault(error)
            # Not "from error": its words may name the host and the user.
            if fault.kind is Kind.OURS and not isinstance(error, SQLAlchemyError):
                raise
            raise SourceUnusableError(f"the source does not answer: {fault.reason}") from None

    try:
        return await ForeignTable(run, engine.dispose, table, key).look()
    except BaseException:
        await engine.dispose()
        raise


async def open_sqlite(url: str, table: str, key: tuple[str, ...]) -> ForeignTable:
    """A table of a file, which is opened for reading. Raises SourceUnusableError."""
    from lingpai.storage.sql.dialects.sqlite.connections import Connections, path_of  # noqa: PLC0415

    try:
        to = Connections(path_of(url), reading=True)
    except (ValueError, sqlite3.Error) as error:
        raise SourceUnusableError(f"the source cannot be opened: {error}") from None

    async def run(work: Callable[[Connection], T]) -> T:
        try:
            return await asyncio.to_thread(work, to.core)
        except (sqlite3.Error, SQLAlchemyError) as error:
            raise SourceUnusableError(f"the source cannot be read: {type(error).__name__}") from None

    async def close() -> None:
        to.close()

    try:
        return await ForeignTable(run, close, table, key).look()
    except BaseException:
        to.close()
        raise
