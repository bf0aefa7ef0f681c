"""The door to storage: which backend a URL means, opened or brought up to date."""

from typing import Protocol

from lingpai.clock import Clock
from lingpai.storage.batching import BatchSettings
from lingpai.storage.port import OnProgress, SchemaState, Store
from lingpai.storage.urls import SCHEMES, complaint

__all__ = ["SCHEMES", "migrate", "open_store", "schema_state"]


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
