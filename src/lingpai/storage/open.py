"""The door to storage: which backend a URL means, opened or brought up to date."""

from pathlib import Path
from typing import Protocol

from lingpai.clock import Clock
from lingpai.storage.batching import BatchSettings
from lingpai.storage.port import OnProgress, SchemaState, Store
from lingpai.storage.port_files import FileDatabases
from lingpai.storage.port_sources import Source, SourceUnusableError
from lingpai.storage.source_files import FileSource
from lingpai.storage.urls import SCHEMES, complaint

__all__ = ["SCHEMES", "file_of", "files", "migrate", "open_source", "open_store", "schema_state"]


class _Backend(Protocol):
    async def open_store(self, url: str, *, clock: Clock, batch: BatchSettings) -> Store: ...
    def migrate(self, url: str, on_progress: OnProgress | None) -> tuple[str | None, str]: ...
    def schema_state(self, url: str) -> SchemaState: ...


async def open_store(url: str, *, clock: Clock, batch: BatchSettings | None = None) -> Store:
    """The store at `url`: `sqlite:///relative.db`, `sqlite:////absolute.db`, `memory:`,
    `postgresql://user:password@host:port/database` or `mysql://…`, which MariaDB answers to as well.

    Raises ValueError for a URL that names no backend, SchemaMismatchError when `migrate` is due or a
    later release made a schema that this one cannot work with, StorageUnavailableError when the database cannot be reached.
    """
    return await _backend(url).open_store(url, clock=clock, batch=batch or BatchSettings())


def migrate(url: str, on_progress: OnProgress | None = None) -> tuple[str | None, str]:
    """Bring the database up to date; (schema found, schema now). Blocks: not for an event loop.

    `on_progress` counts the migrations, in whichever thread they run. A schema of a later release that this one
    may work with is left alone. Safe to run twice, from many processes at once, or killed half way.
    Raises ValueError, SchemaMismatchError for any other schema of a later release, StorageUnavailableError.
    """
    return _backend(url).migrate(url, on_progress)


def schema_state(url: str) -> SchemaState:
    """The schema found and the one wanted. Changes nothing. Blocks: not for an event loop.

    Raises ValueError, StorageUnavailableError.
    """
    return _backend(url).schema_state(url)


def file_of(url: str) -> Path | None:
    """The file that is the database at `url`; None for a server, and for memory. Raises ValueError."""
    if not url.startswith("sqlite:"):
        return None
    from lingpai.storage.sql.dialects.sqlite.connections import path_of  # noqa: PLC0415 - as in _backend

    return path_of(url)


def files() -> FileDatabases:
    """What can be done with databases that are files."""
    from lingpai.storage.sql.dialects.sqlite import backup  # noqa: PLC0415 - as in _backend

    return backup


async def open_source(url: str, table: str, key: tuple[str, ...] = ()) -> Source:
    """A table of somebody else's database, or (without a scheme) a file of rows: CSV or a JSON object a line.

    `key` are columns that tell its rows apart, when it has no primary key. Raises SourceUnusableError.
    """
    scheme, colon, _ = url.partition(":")
    if not colon or "/" in scheme:
        return FileSource(Path(url))
    words = complaint(url) if scheme != "memory" else "there is nothing in memory to import"
    if words is not None:
        raise SourceUnusableError(words)
    from lingpai.storage.sql import sources  # noqa: PLC0415 - as in _backend

    match scheme:
        case "sqlite":
            return await sources.open_sqlite(url, table, key)
        case "postgresql":
            from lingpai.storage.sql.dialects.postgresql.driver import PostgresDriver  # noqa: PLC0415

            return await sources.open_served(PostgresDriver(url), table, key)
        case _:
            from lingpai.storage.sql.dialects.mysql.driver import MysqlDriver  # noqa: PLC0415

            return await sources.open_served(MysqlDriver(url), table, key)


def _backend(url: str) -> _Backend:
    """Backends are imported when asked for: one release knows more drivers than one server needs."""
    words = complaint(url)
    if words is not None:
        raise ValueError(words)
    match url.partition(":")[0]:
        case "sqlite":
            from lingpai.storage.sql.dialects import sqlite  # noqa: PLC0415 - see the docstring

            return sqlite
        case "postgresql":
            from lingpai.storage.sql.dialects import postgresql  # noqa: PLC0415 - see the docstring

            return postgresql
        case "mysql":
            from lingpai.storage.sql.dialects import mysql  # noqa: PLC0415 - see the docstring

            return mysql
        case _:
            from lingpai.storage import memory  # noqa: PLC0415 - see the docstring

            return memory
