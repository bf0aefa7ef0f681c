"""Coming back from a backup: an epoch, and the end of everything that could sign in by itself."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Table, and_, delete, insert, select, update

from lingpai.model import Restore
from lingpai.storage.sql import access_tokens
from lingpai.storage.sql.keyset import beyond, up_to
from lingpai.storage.sql.tables import (
    login_attempts,
    oauth_states,
    refresh_tokens,
    restores,
    session_keys,
    sessions,
    tickets,
    user_tokens,
)

ROWS: Final = 2_000
"""Rows that one unit of work walks over."""
FORGOTTEN: Final[tuple[Table, ...]] = (
    refresh_tokens,
    session_keys,
    login_attempts,
    oauth_states,
    tickets,
    user_tokens,
)
"""What could sign somebody in, or be told again, without asking WeChat."""

Mark = Sequence[Any] | None
"""The key of the last row walked over."""


def latest(connection: Connection) -> Restore | None:
    query = select(restores).order_by(restores.c.id.desc()).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Restore(**row)


def begin(connection: Connection, restore: Restore) -> Restore:
    last = latest(connection)
    if last is None or last.finished_at is not None:
        connection.execute(insert(restores).values(msgspec.structs.asdict(restore)))
        return restore
    again = msgspec.structs.replace(last, at=max(last.at, restore.at))
    connection.execute(update(restores).where(restores.c.id == last.id).values(at=again.at))
    return again


def finish(connection: Connection, restore_id: str, at: int) -> bool:
    change = (
        update(restores)
        .where(restores.c.id == restore_id, restores.c.finished_at.is_(None))
        .values(finished_at=at)
    )
    return connection.execute(change).rowcount > 0


def forget(connection: Connection, table: Table, after: Mark) -> tuple[int, int, Mark]:
    """Remove the next rows of a table; (rows walked over, rows removed, where to go on or None at the end)."""
    walked, window, last = _window(connection, table, after)
    return (
        (walked, 0, None) if last is None else (walked, _count(connection, delete(table).where(window)), last)
    )


def end_sessions(connection: Connection, at: int, after: Mark) -> tuple[int, int, Mark]:
    """End the next sessions of the table that still run; the answer is that of `forget`."""
    walked, window, last = _window(connection, sessions, after)
    if last is None:
        return walked, 0, None
    running = and_(window, sessions.c.ended_at.is_(None), sessions.c.expires_at > at)
    change = update(sessions).where(running).values(ended_at=at, end_reason="restored")
    return walked, _count(connection, change), last


def leap(connection: Connection) -> int:
    """Forget WeChat's tokens of all apps, their generations far ahead; how many."""
    return access_tokens.leap(connection)


def _window(connection: Connection, table: Table, after: Mark) -> tuple[int, Any, Mark]:
    """The next rows by key: how many, a condition for them, the last key or None when there are none."""
    key = list(table.primary_key.columns)
    query = select(*key).order_by(*key).limit(ROWS)
    if after is not None:
        query = query.where(beyond(key, after))
    rows = connection.execute(query).all()
    if not rows:
        return 0, None, None
    last = tuple(rows[-1])
    window = up_to(key, last) if after is None else and_(beyond(key, after), up_to(key, last))
    return len(rows), window, last


def _count(connection: Connection, statement: Any) -> int:
    found: int = connection.execute(statement).rowcount
    return found
