"""Looking into a database from outside the store, on any server."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, text

from lingpai.storage.sql.servers.port import Kind
from lingpai.storage.sql.servers.schema import Migrating
from lingpai.storage.sql.tables import metadata

T = TypeVar("T")


def driver_of(url: str) -> Migrating:
    """The driver for a server's URL."""
    if url.startswith("postgresql:"):
        from lingpai.storage.sql.dialects.postgresql.driver import PostgresDriver  # noqa: PLC0415

        return PostgresDriver(url)
    from lingpai.storage.sql.dialects.mysql.driver import MysqlDriver  # noqa: PLC0415 - only what is asked for

    return MysqlDriver(url)


def answers(url: str) -> bool:
    """Whether a server lets us in."""
    try:
        rows(url, "SELECT 1")
    except Exception as error:
        if driver_of(url).fault(error).kind is Kind.OURS:
            raise
        return False
    return True


def execute(url: str, *statements: str) -> None:
    """Run statements, each committed by itself."""

    def run(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    _with_connection(url, run)


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    return _with_connection(url, lambda to: [tuple(row) for row in to.execute(text(query))])


def emptied(url: str) -> None:
    """Remove every row of our tables; dearer than TRUNCATE on large tables, and much cheaper on small ones."""

    def run(connection: Connection) -> None:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())

    _with_connection(url, run)


def _with_connection(url: str, work: Callable[[Connection], T]) -> T:
    async def run() -> T:
        engine = driver_of(url).engine("migrate")
        try:
            async with engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                return await connection.run_sync(work)
        finally:
            await engine.dispose()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run())).result()
