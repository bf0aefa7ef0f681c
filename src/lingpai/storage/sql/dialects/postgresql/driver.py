"""PostgreSQL as a driver: what `servers/port.py` asks for."""

from collections.abc import Callable, Sequence
from typing import Final

import asyncpg
import msgspec
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from lingpai.model import Attempt, LoginEvent, NewLogin, SessionKey, SignedIn, User
from lingpai.secret import random_bytes
from lingpai.storage.port import SchemaState
from lingpai.storage.sql.dialects.postgresql import faults, hot
from lingpai.storage.sql.dialects.postgresql.arrays import literal, literals
from lingpai.storage.sql.dialects.postgresql.connections import Link, Opener
from lingpai.storage.sql.servers.port import Code, Ending, Fault, Purpose, Ring
from lingpai.storage.sql.servers.rows import (
    FoundLogins,
    FoundTokens,
    Known,
    LoginRows,
    Token,
    TokenRows,
    signed_in,
)
from lingpai.storage.sql.tables import SCHEMA

_LOCK: Final = 0x6C696E67_70616901
"""The advisory lock of migrations; the letters say whose it is."""
_FILLER: Final = 1024
_ASKED: Final = ("text", "text", "text", "text", "bytea")


class PostgresDriver:
    """One database of a PostgreSQL server."""

    def __init__(self, url: str) -> None:
        """Raises ValueError."""
        self._opener: Final = Opener(url)

    async def connect(self) -> Link:
        return await self._opener.open("hot")

    def abandon(self, connection: Link) -> None:
        connection.terminate()

    async def leave(self, connection: Link) -> None:
        await connection.close()

    def usable(self, connection: Link) -> bool:
        return not connection.is_closed()

    def engine(self, purpose: Purpose) -> AsyncEngine:
        return self._opener.engine(purpose)

    def fault(self, error: BaseException) -> Fault:
        return faults.understood(error)

    def locked(self, connection: Connection) -> bool:
        found = connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK})
        return bool(found.scalar())

    def in_use(self, error: BaseException) -> bool:
        return faults.understood(error).reason.startswith(faults.IN_USE)

    async def begin(self, connection: Link) -> None:
        await connection.execute("BEGIN")

    async def commit(self, connection: Link) -> None:
        await connection.execute("COMMIT")

    async def rollback(self, connection: Link) -> None:
        if connection.is_in_transaction():
            await connection.execute("ROLLBACK")

    async def find_logins(self, connection: Link, logins: Sequence[NewLogin]) -> FoundLogins:
        asked = [(new.appid, new.openid, new.open_platform, new.unionid, new.code_digest) for new in logins]
        found = FoundLogins(identities={}, unions={}, users={}, spent=set(), rings={})
        for row in await connection.fetch(hot.FIND, *literals(_ASKED, asked)):
            (appid, openid, platform, unionid, digest, by_openid, on_record, by_unionid, *rest) = row
            created_at, nickname, avatar_url, spent, positions, fingerprints = rest
            if by_openid is not None:
                found.identities[appid, openid] = Known(by_openid, on_record)
            if by_unionid is not None:
                found.unions[platform, unionid] = by_unionid
            if created_at is not None:
                user_id = by_openid if by_openid is not None else by_unionid
                found.users[user_id] = User(
                    id=user_id, created_at=created_at, nickname=nickname, avatar_url=avatar_url
                )
            if spent:
                found.spent.add((appid, digest))
            if positions:
                found.rings[appid, openid] = list(zip(positions, fingerprints, strict=True))
        return found

    async def write_logins(self, connection: Link, rows: LoginRows, committing: Callable[[], None]) -> None:
        committing()
        await self._write(connection, rows)

    async def record(
        self, connection: Link, events: Sequence[LoginEvent], committing: Callable[[], None]
    ) -> None:
        committing()
        rows = [(*msgspec.structs.astuple(event), event.notable) for event in events]
        await connection.execute(hot.together(("events",)), *literals(hot.kinds("events"), rows))

    async def lock_tokens(self, connection: Link, digests: Sequence[bytes]) -> FoundTokens:
        sought = literal("bytea", digests)
        # Two statements: what the first waited for is seen by the second, not by its own joins.
        await connection.fetch(hot.LOCK, sought)
        found = FoundTokens(tokens={}, sessions={})
        for row in await connection.fetch(hot.TOKENS, sought):
            session = signed_in(row[6:])
            found.sessions[session.session.id] = session
            found.tokens[row[0]] = Token(
                session_id=session.session.id,
                used_at=row[1],
                successor=row[2],
                successor_digest=row[3],
                client_tag=row[4],
                successor_used=row[5],
            )
        return found

    async def write_tokens(self, connection: Link, rows: TokenRows) -> None:
        await self._write(connection, rows)

    async def end_sessions(self, connection: Link, endings: Sequence[Ending]) -> set[int]:
        asked = [(ending.session_id, ending.reason, ending.at) for ending in endings]
        ended = {
            row[0] for row in await connection.fetch(hot.END, *literals(("text", "text", "bigint"), asked))
        }
        return {place for place, ending in enumerate(endings) if ending.session_id in ended}

    async def signed_in(self, connection: Link, ids: Sequence[str]) -> dict[str, SignedIn]:
        return {row[0]: signed_in(row) for row in await connection.fetch(hot.GET, literal("text", ids))}

    async def by_refresh(self, connection: Link, digests: Sequence[bytes]) -> dict[bytes, SignedIn]:
        rows = await connection.fetch(hot.BY_REFRESH, literal("bytea", digests))
        return {row[0]: signed_in(row[1:]) for row in rows}

    async def attempts(self, connection: Link, codes: Sequence[Code]) -> dict[Code, Attempt]:
        rows = await connection.fetch(hot.ATTEMPTS, *literals(("text", "bytea"), codes))
        return {
            Code(row[0], row[1]): Attempt(session_id=row[2], sealed_result=row[3], is_new=row[4], at=row[5])
            for row in rows
        }

    async def session_keys(self, connection: Link, rings: Sequence[Ring]) -> dict[Ring, list[SessionKey]]:
        found: dict[Ring, list[SessionKey]] = {}
        for row in await connection.fetch(hot.KEYS, *literals(("text", "text"), rings)):
            key = SessionKey(fingerprint=row[2], sealed=row[3], received_at=row[4])
            found.setdefault(Ring(row[0], row[1]), []).append(key)
        return found

    async def schema(self, connection: Link) -> SchemaState:
        found = await _scalar(connection, "SELECT version_num FROM alembic_version")
        oldest = await _scalar(connection, "SELECT oldest_schema FROM compatibility")
        return SchemaState(found=found, wanted=SCHEMA, oldest=oldest)

    async def probe(self, connection: Link, at: int) -> None:
        await connection.execute(hot.PROBE, at, random_bytes(_FILLER))

    async def _write(self, connection: Link, rows: LoginRows | TokenRows) -> None:
        """All parts that have rows, in the order of the struct, as one statement."""
        names: list[str] = []
        arrays: list[str] = []
        for name in rows.__struct_fields__:
            part = getattr(rows, name)
            if part:
                names.append(name)
                arrays += literals(hot.kinds(name), part)
        if names:
            await connection.execute(hot.together(tuple(names)), *arrays)


async def _scalar(connection: Link, query: str) -> str | None:
    """The first value, or None: no row, or no such table."""
    try:
        found: str | None = await connection.fetchval(query)
    except asyncpg.UndefinedTableError:
        return None
    return found
