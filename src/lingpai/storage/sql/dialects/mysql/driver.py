"""MySQL and MariaDB as a driver: what `servers/port.py` asks for."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
from asyncmy import errors
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from lingpai.model import Attempt, LoginEvent, NewLogin, SessionKey, SignedIn, User
from lingpai.secret import random_bytes
from lingpai.storage.port import SchemaState
from lingpai.storage.sql.dialects.mysql import faults, hot
from lingpai.storage.sql.dialects.mysql.connections import Link, Opener
from lingpai.storage.sql.servers.port import Code, Ending, Fault, Purpose, Ring
from lingpai.storage.sql.servers.rows import (
    FoundLogins,
    FoundTokens,
    Known,
    LoginRows,
    Row,
    Token,
    TokenRows,
    signed_in,
)
from lingpai.storage.sql.tables import SCHEMA

_FILLER: Final = 1024
_NO_SUCH_TABLE: Final = 1146


class MysqlDriver:
    """One database of a MySQL or MariaDB server."""

    def __init__(self, url: str) -> None:
        """Raises ValueError."""
        self._opener: Final = Opener(url)

    async def connect(self) -> Link:
        return await self._opener.open("hot")

    def abandon(self, connection: Link) -> None:
        connection.close()

    async def leave(self, connection: Link) -> None:
        await connection.ensure_closed()

    def usable(self, connection: Link) -> bool:
        return bool(connection.connected)

    def engine(self, purpose: Purpose) -> AsyncEngine:
        return self._opener.engine(purpose)

    def fault(self, error: BaseException) -> Fault:
        return faults.understood(error)

    def locked(self, connection: Connection) -> bool:
        found = connection.execute(text("SELECT GET_LOCK(:name, 0)"), {"name": self._opener.lock_name})
        return found.scalar() == 1

    def in_use(self, error: BaseException) -> bool:
        return faults.understood(error).reason.startswith(faults.IN_USE)

    async def begin(self, connection: Link) -> None:
        await _run(connection, "BEGIN")

    async def commit(self, connection: Link) -> None:
        await _run(connection, "COMMIT")

    async def rollback(self, connection: Link) -> None:
        await _run(connection, "ROLLBACK")

    async def find_logins(self, connection: Link, logins: Sequence[NewLogin]) -> FoundLogins:
        escape = connection.escape_string
        found = FoundLogins(identities={}, unions={}, users={}, spent=set(), rings={})
        people = {(new.appid, new.openid) for new in logins}
        for row in await _rows(
            connection, hot.IDENTITIES + hot.pairs(("i.appid", "i.openid"), people, escape)
        ):
            found.identities[row[0], row[1]] = Known(row[2], row[3])
            found.users[row[2]] = _user(row[2:3] + row[4:])
        unions = {
            (new.open_platform, new.unionid)
            for new in logins
            if new.open_platform is not None and new.unionid is not None
        }
        if unions:
            sought = hot.pairs(("n.open_platform", "n.unionid"), unions, escape)
            for row in await _rows(connection, hot.UNIONS + sought):
                found.unions[row[0], row[1]] = row[2]
                found.users[row[2]] = _user(row[2:])
        codes = {(new.appid, new.code_digest) for new in logins}
        sought = hot.pairs(("a.appid", "a.code_digest"), codes, escape)
        found.spent.update((row[0], row[1]) for row in await _rows(connection, hot.SPENT + sought))
        rings = {
            (new.appid, new.openid)
            for new in logins
            if new.session_key is not None and (new.appid, new.openid) in found.identities
        }
        if rings:
            sought = hot.pairs(("k.appid", "k.openid"), rings, escape)
            for row in await _rows(connection, hot.RINGS + sought):
                found.rings.setdefault((row[0], row[1]), []).append((row[2], row[3]))
        return found

    async def write_logins(self, connection: Link, rows: LoginRows, committing: Callable[[], None]) -> None:
        await _run(connection, "BEGIN")
        await _write(connection, rows)
        committing()
        await _run(connection, "COMMIT")

    async def record(
        self, connection: Link, events: Sequence[LoginEvent], committing: Callable[[], None]
    ) -> None:
        committing()
        rows = [(*msgspec.structs.astuple(event), event.notable) for event in events]
        for statement in hot.writing("events", rows, connection.escape_string):
            await _run(connection, statement)

    async def lock_tokens(self, connection: Link, digests: Sequence[bytes]) -> FoundTokens:
        # Two statements: a locking read would lock all that is joined to the tokens.
        sought = hot.listed(digests, connection.escape_string)
        await _rows(connection, hot.LOCK.format(sought))
        found = FoundTokens(tokens={}, sessions={})
        for row in await _rows(connection, hot.TOKENS.format(sought)):
            session = signed_in(row[6:])
            found.sessions[session.session.id] = session
            found.tokens[row[0]] = Token(
                session_id=session.session.id,
                used_at=row[1],
                successor=row[2],
                successor_digest=row[3],
                client_tag=row[4],
                successor_used=bool(row[5]),
            )
        return found

    async def write_tokens(self, connection: Link, rows: TokenRows) -> None:
        await _write(connection, rows)

    async def end_sessions(self, connection: Link, endings: Sequence[Ending]) -> set[int]:
        escape = connection.escape_string
        ids = hot.listed([ending.session_id for ending in endings], escape)
        running = dict(await _rows(connection, hot.RUNNING.format(ids)))
        ended = {
            place
            for place, ending in enumerate(endings)
            if running.get(ending.session_id, ending.at) > ending.at
        }
        rows: list[Row] = [
            (endings[place].session_id, endings[place].at, endings[place].reason) for place in sorted(ended)
        ]
        for statement in hot.writing("ended", rows, escape):
            await _run(connection, statement)
        return ended

    async def signed_in(self, connection: Link, ids: Sequence[str]) -> dict[str, SignedIn]:
        sought = hot.listed(ids, connection.escape_string)
        return {row[0]: signed_in(row) for row in await _rows(connection, hot.GET.format(sought))}

    async def by_refresh(self, connection: Link, digests: Sequence[bytes]) -> dict[bytes, SignedIn]:
        sought = hot.listed(digests, connection.escape_string)
        rows = await _rows(connection, hot.BY_REFRESH.format(sought))
        return {row[0]: signed_in(row[1:]) for row in rows}

    async def attempts(self, connection: Link, codes: Sequence[Code]) -> dict[Code, Attempt]:
        sought = hot.pairs(("a.appid", "a.code_digest"), codes, connection.escape_string)
        return {
            Code(row[0], row[1]): Attempt(
                session_id=row[2], sealed_result=row[3], is_new=bool(row[4]), at=row[5]
            )
            for row in await _rows(connection, hot.ATTEMPTS + sought)
        }

    async def session_keys(self, connection: Link, rings: Sequence[Ring]) -> dict[Ring, list[SessionKey]]:
        found: dict[Ring, list[SessionKey]] = {}
        sought = hot.pairs(("k.appid", "k.openid"), rings, connection.escape_string)
        for row in await _rows(connection, f"{hot.KEYS}{sought} ORDER BY k.`position` DESC"):
            key = SessionKey(fingerprint=row[2], sealed=row[3], received_at=row[4])
            found.setdefault(Ring(row[0], row[1]), []).append(key)
        return found

    async def schema(self, connection: Link) -> SchemaState:
        found = await _scalar(connection, "SELECT version_num FROM alembic_version")
        oldest = await _scalar(connection, "SELECT oldest_schema FROM compatibility")
        return SchemaState(found=found, wanted=SCHEMA, oldest=oldest)

    async def probe(self, connection: Link, at: int) -> None:
        row = hot.listed((1, at, random_bytes(_FILLER)), connection.escape_string)
        await _run(connection, hot.PROBE.format(f"({row})"))


def _user(row: Sequence[Any]) -> User:
    return User(id=row[0], created_at=row[1], nickname=row[2], avatar_url=row[3])


async def _write(connection: Link, rows: LoginRows | TokenRows) -> None:
    """All parts that have rows, in the order of the struct."""
    for name in rows.__struct_fields__:
        part = getattr(rows, name)
        if part:
            for statement in hot.writing(name, part, connection.escape_string):
                await _run(connection, statement)


async def _run(connection: Link, statement: str) -> None:
    try:
        await connection.query(statement)
    except errors.MySQLError as error:
        raise faults.RefusedError(error, statement) from None


async def _rows(connection: Link, query: str) -> Sequence[tuple[Any, ...]]:
    cursor = connection.cursor()
    try:
        await cursor.execute(query)
        rows: Sequence[tuple[Any, ...]] = await cursor.fetchall()
    except errors.MySQLError as error:
        raise faults.RefusedError(error, query) from None
    finally:
        await cursor.close()
    return rows


async def _scalar(connection: Link, query: str) -> str | None:
    """The first value, or None: no row, or no such table."""
    try:
        rows = await _rows(connection, query)
    except faults.RefusedError as error:
        if isinstance(error.orig, errors.MySQLError) and error.orig.args[0] == _NO_SUCH_TABLE:
            return None
        raise
    return rows[0][0] if rows else None
