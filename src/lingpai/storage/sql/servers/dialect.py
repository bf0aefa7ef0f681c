"""The dialect of a database server: which statement goes down which lane, over which connection."""

import asyncio
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

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
from lingpai.storage.port import CodeSpentError, StorageUnavailableError
from lingpai.storage.sql import moment
from lingpai.storage.sql.port import Statement, T
from lingpai.storage.sql.servers import verbs
from lingpai.storage.sql.servers.lane import Lane
from lingpai.storage.sql.servers.links import Link, Links
from lingpai.storage.sql.servers.logins import CONTESTED
from lingpai.storage.sql.servers.port import Code, Driver, Ending, Kind, Ring
from lingpai.storage.sql.servers.runner import UNIT_SECONDS, Runner
from lingpai.storage.sql.servers.runner import Attempt as Try

_COLD: Final = 64
"""Shared statements in one unit of work."""


class ServerDialect:
    """Three lanes over a connection each (logins, sessions, single rows by key), one lane for the shared
    statements that write, and a pool for those that read.
    """

    def __init__(self, driver: Driver, clock: Clock, batch: BatchSettings) -> None:
        self._driver: Final = driver
        self._clock: Final = clock
        self._links: Final = Links(driver)
        self._closed = False
        self._logins: Final = self._lane("logins", batch, contested=CONTESTED, commits="logins")
        self._sessions: Final = self._lane("sessions", batch, commits="sessions")
        self._by_key: Final = self._lane("key", BatchSettings(window=0.0, queue=batch.queue, most=batch.most))
        self._shared: Final = Lane(
            "lingpai-storage-shared",
            work=Runner(driver, self._run_shared, self._links.drop, looks_first=True).work,
            close=_nothing,
            clock=clock,
            batch=BatchSettings(window=0.0, queue=batch.queue, most=_COLD),
            commits="shared",
        )

    def _lane(
        self, name: str, batch: BatchSettings, contested: frozenset[str] = frozenset(), commits: str = ""
    ) -> Lane:
        link = Link(self._links)
        runner = Runner(
            self._driver, verbs.hot(self._driver, link, self._clock), self._links.drop, contested=contested
        )
        return Lane(
            f"lingpai-storage-{name}",
            work=runner.work,
            close=link.aclose,
            clock=self._clock,
            batch=batch,
            commits=commits,
        )

    async def read(self, statement: Statement[T]) -> T:
        """On a connection of the pool, with one view of the database from beginning to end."""
        if self._closed:
            raise StorageUnavailableError("the store is closed")
        for turn in range(2):
            try:
                async with asyncio.timeout(UNIT_SECONDS), self._links.reading.connect() as connection:
                    return await connection.run_sync(statement)
            except Exception as error:
                fault = self._driver.fault(error)
                if fault.kind is Kind.OURS:
                    raise
                lost = fault.kind in (Kind.LOST, Kind.READ_ONLY)
                if lost:
                    await self._links.drop()
                if not lost or turn > 0:
                    raise StorageUnavailableError(fault.reason) from None
        raise AssertionError

    async def write(self, statement: Statement[T]) -> T:
        answer: T = await self._shared.submit(_shared, statement)
        return answer

    def now(self, connection: Connection) -> int:
        """What time the database has, in milliseconds; what all its nodes agree on."""
        return moment.now(connection)

    async def commit(self, login: NewLogin) -> CommittedLogin:
        answer = await self._logins.submit(verbs.commit, login)
        # The lane raises what is an exception; this line is for the type checker.
        if isinstance(answer, CodeSpentError):
            raise answer
        return answer

    async def record(self, event: LoginEvent) -> None:
        await self._logins.submit(verbs.record, event)

    async def rotate(self, rotation: Rotation) -> Rotated | NotRotated:
        return await self._sessions.submit(verbs.rotate, rotation)

    async def end(self, session_id: str, reason: EndReason, at: int) -> bool:
        return await self._sessions.submit(verbs.end, Ending(session_id, reason, at))

    async def attempt(self, appid: str, code_digest: bytes) -> Attempt | None:
        return await self._by_key.submit(verbs.attempt, Code(appid, code_digest))

    async def signed_in(self, session_id: str) -> SignedIn | None:
        return await self._by_key.submit(verbs.get, session_id)

    async def by_refresh(self, digest: bytes) -> SignedIn | None:
        return await self._by_key.submit(verbs.by_refresh, digest)

    async def session_keys(self, appid: str, openid: str) -> list[SessionKey]:
        return await self._by_key.submit(verbs.session_keys, Ring(appid, openid))

    async def scrub(self) -> None:
        """A server reuses the space of what was deleted by itself, and keeps it in its log until then."""

    async def check(self) -> None:
        """Asks for the schema over the connection that reads, and writes over the one that logins use."""
        (await self._by_key.submit(verbs.schema, None)).insist()
        await self._logins.submit(verbs.probe, self._clock.now())

    async def aclose(self) -> None:
        self._closed = True
        for lane in (self._logins, self._sessions, self._shared, self._by_key):
            await lane.aclose()
        await self._links.aclose()

    async def _run_shared(self, verb: Any, statements: list[Statement[Any]], attempt: Try) -> list[Any]:
        """As if nobody else wrote: the shared statements look before they write, on every node at once."""
        async with self._links.writing.connect() as connection:
            try:
                answers: list[Any] = await verb(connection, statements)
                attempt.commits()
                await connection.commit()
            except BaseException:
                await _undo(connection)
                raise
        return answers


async def _shared(to: AsyncConnection, statements: list[Statement[Any]]) -> list[Any]:
    return [await to.run_sync(statement) for statement in statements]


async def _undo(connection: AsyncConnection) -> None:
    with suppress(Exception):
        if connection.invalidated or connection.closed:
            return
        await connection.rollback()


async def _nothing() -> None:
    return None
