"""The SQLite dialect: which statement goes down which thread."""

import asyncio
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from lingpai.clock import Clock
from lingpai.model import (
    Attempt,
    CommittedLogin,
    EndReason,
    LoginEvent,
    NewLogin,
    NotRotated,
    Rotated,
    Rotation,
    SessionKey,
    SignedIn,
)
from lingpai.storage.batching import BatchSettings
from lingpai.storage.port import CodeSpentError, StorageUnavailableError, Store
from lingpai.storage.sql.dialects.sqlite import faults, hot_logins, hot_sessions
from lingpai.storage.sql.dialects.sqlite.connections import Connections, path_of
from lingpai.storage.sql.dialects.sqlite.lane import Lane
from lingpai.storage.sql.dialects.sqlite.reader import Reader
from lingpai.storage.sql.dialects.sqlite.schema import schema, schema_state
from lingpai.storage.sql.dialects.sqlite.writer import Writer, probe, shared
from lingpai.storage.sql.port import Statement, T
from lingpai.storage.sql.store import SqlStore

_READING: Final = BatchSettings(window=0.0, most=64)
_PATIENCE: Final = 0.05
_PAUSE: Final = 0.1
_SCRUBS: Final = 15


async def open_store(url: str, *, clock: Clock, batch: BatchSettings) -> Store:
    """See `lingpai.storage.open_store`."""
    path = path_of(url)
    state = schema_state(url)
    state.insist()
    try:
        return SqlStore(SqliteDialect(path, clock, batch))
    except sqlite3.Error as error:
        raise StorageUnavailableError(faults.reason(error)) from error


class SqliteDialect:
    """One writer; one reader for single rows by key, which many wait for; one for lists, which may be long."""

    def __init__(self, path: Path, clock: Clock, batch: BatchSettings) -> None:
        """Raises sqlite3.Error."""

        def writing() -> Connections:
            return Connections(path, reading=False)

        def reading() -> Connections:
            return Connections(path, reading=True)

        self._path: Final = path
        self._clock: Final = clock
        writer, by_key, lists = Writer(writing, clock), Reader(reading), Reader(reading)
        self._writer: Final = Lane(
            "lingpai-sqlite-write",
            work=writer.work,
            close=writer.close,
            clock=clock,
            batch=batch,
            commits="write",
        )
        self._by_key: Final = Lane(
            "lingpai-sqlite-key", work=by_key.work, close=by_key.close, clock=clock, batch=_READING
        )
        self._lists: Final = Lane(
            "lingpai-sqlite-list", work=lists.work, close=lists.close, clock=clock, batch=_READING
        )

    async def read(self, statement: Statement[T]) -> T:
        answer: T = await self._lists.submit(shared, statement)
        return answer

    async def write(self, statement: Statement[T]) -> T:
        answer: T = await self._writer.submit(shared, statement)
        return answer

    def now(self, connection: Connection) -> int:  # noqa: ARG002 - a file has no clock but its host's
        return self._clock.now()

    async def commit(self, login: NewLogin) -> CommittedLogin:
        answer = await self._writer.submit(hot_logins.commit, login)
        # The lane raises what is an exception; this line is for the type checker.
        if isinstance(answer, CodeSpentError):
            raise answer
        return answer

    async def record(self, event: LoginEvent) -> None:
        await self._writer.submit(hot_logins.record, event)

    async def rotate(self, rotation: Rotation) -> Rotated | NotRotated:
        return await self._writer.submit(hot_sessions.rotate, rotation)

    async def end(self, session_id: str, reason: EndReason, at: int) -> bool:
        return await self._writer.submit(hot_sessions.end, hot_sessions.Ending(session_id, reason, at))

    async def attempt(self, appid: str, code_digest: bytes) -> Attempt | None:
        return await self._by_key.submit(hot_sessions.attempt, hot_sessions.Code(appid, code_digest))

    async def signed_in(self, session_id: str) -> SignedIn | None:
        return await self._by_key.submit(hot_sessions.get, session_id)

    async def by_refresh(self, digest: bytes) -> SignedIn | None:
        return await self._by_key.submit(hot_sessions.by_refresh, digest)

    async def session_keys(self, appid: str, openid: str) -> list[SessionKey]:
        return await self._by_key.submit(hot_sessions.session_keys, hot_sessions.Ring(appid, openid))

    async def scrub(self) -> None:
        """Empty the write-ahead log, which still holds pages as they were."""
        await asyncio.to_thread(_empty_the_log, self._path)

    async def check(self) -> None:
        """Asks both kinds of reader for the schema, and the writer to write, which also heals it."""
        for lane in (self._by_key, self._lists):
            (await lane.submit(schema, None)).insist()
        await self._writer.submit(probe, self._clock.now())

    async def aclose(self) -> None:
        for lane in (self._writer, self._by_key, self._lists):
            await lane.aclose()


def _empty_the_log(path: Path) -> None:
    """On a connection of its own: the writer's is always within a transaction.

    While it waits for a reader, nobody can write; so it waits for moments only, and comes back. A log that stays
    busy (a backup runs) is left to empty itself later.
    """
    with suppress(sqlite3.Error):
        to = Connections(path, reading=False, busy_seconds=_PATIENCE)
        try:
            for _ in range(_SCRUBS):
                (busy, *_) = to.cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if not busy:
                    return
                time.sleep(_PAUSE)
        finally:
            to.close()
