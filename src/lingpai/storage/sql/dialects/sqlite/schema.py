"""Which schema the file has, and bringing it up to date."""

import sqlite3
import time
from pathlib import Path
from typing import Final

from lingpai.storage.port import OnProgress, SchemaMismatchError, SchemaState, StorageUnavailableError
from lingpai.storage.sql.dialects.sqlite import faults
from lingpai.storage.sql.dialects.sqlite.connections import Connections, create_file, path_of
from lingpai.storage.sql.tables import SCHEMA

_MIGRATION_SECONDS: Final = 120.0
"""How long a migration waits for another one to finish."""
_STEP: Final = 0.05


def schema(to: Connections, nothing: list[None]) -> list[SchemaState]:
    """What is on record."""
    found = _scalar(to, "alembic_version", "SELECT version_num FROM alembic_version")
    oldest = _scalar(to, "compatibility", "SELECT oldest_schema FROM compatibility")
    state = SchemaState(found=found, wanted=SCHEMA, oldest=oldest)
    return [state for _ in nothing]


def _scalar(to: Connections, table: str, query: str) -> str | None:
    there = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
    if to.cursor.execute(there, (table,)).fetchone()[0] == 0:
        return None
    row = to.cursor.execute(query).fetchone()
    return None if row is None else row[0]


def schema_state(url: str) -> SchemaState:
    """See `lingpai.storage.schema_state`."""
    path = path_of(url)
    if not path.exists():
        return SchemaState(found=None, wanted=SCHEMA)
    try:
        to = Connections(path, reading=True)
        try:
            (state,) = schema(to, [None])
        finally:
            to.close()
    except sqlite3.Error as error:
        raise StorageUnavailableError(faults.reason(error)) from error
    return state


def migrate(url: str, on_progress: OnProgress | None = None) -> tuple[str | None, str]:
    """See `lingpai.storage.migrate`.

    All of it is one transaction under SQLite's own write lock: a second process waits and finds nothing to
    do, and a migration that is killed never happened.
    """
    path = path_of(url)
    try:
        create_file(path)
        to = _open(path)
        try:
            to.cursor.execute("BEGIN EXCLUSIVE")
            (state,) = schema(to, [None])
            now = _upgraded(to, state, on_progress)
            to.cursor.execute("COMMIT")
        finally:
            to.close()
    except (sqlite3.Error, OSError) as error:
        raise StorageUnavailableError(faults.reason(error)) from error
    return state.found, now


def _open(path: Path) -> Connections:
    """A connection in WAL mode. SQLite does not wait for the lock that the first change to WAL takes."""
    deadline = time.monotonic() + _MIGRATION_SECONDS
    while True:
        try:
            return Connections(path, reading=False, busy_seconds=_MIGRATION_SECONDS)
        except sqlite3.Error as error:
            if not faults.busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(_STEP)


def _upgraded(to: Connections, state: SchemaState, on_progress: OnProgress | None) -> str:
    found = state.found
    if found is not None and (state.up_to_date or state.ahead):
        state.insist()
        return found
    # Alembic takes longer to import than a server takes to start; only a migration needs it.
    from lingpai.storage.sql.migrations.run import revisions, upgrade  # noqa: PLC0415

    if found is not None and found not in revisions():
        raise SchemaMismatchError(found, SCHEMA)
    upgrade(to.core, found, on_progress)
    return SCHEMA
