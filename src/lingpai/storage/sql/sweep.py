"""Removing what is past its time, a few hundred rows at a go."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, bindparam, delete, or_, select

from lingpai.ids import first_id
from lingpai.storage.sql.tables import budgets as budget_rows
from lingpai.storage.sql.tables import (
    debts,
    erased_sessions,
    guesses,
    key_uses,
    login_attempts,
    login_events,
    login_minutes,
    oauth_states,
    refresh_tokens,
    session_keys,
    sessions,
    tickets,
    timeline_pages,
    user_tokens,
)

ROWS: Final = 400
"""Rows that one unit of work removes, so that logins in between wait for milliseconds only."""


def attempts(connection: Connection, before: int) -> int:
    return _remove(connection, login_attempts, login_attempts.c.created_at < before)


def events(connection: Connection, before: int) -> int:
    """By id as well, which sorts by time and needs no index of its own."""
    old = and_(login_events.c.id < first_id("evt", before), login_events.c.at < before)
    return _remove(connection, login_events, old)


def timelines(connection: Connection, before: int) -> int:
    return _remove(connection, timeline_pages, timeline_pages.c.last_at < before)


def minutes(connection: Connection, before: int) -> int:
    return _remove(connection, login_minutes, login_minutes.c.minute < before)


def keys(connection: Connection, before: int) -> int:
    return _remove(connection, session_keys, session_keys.c.received_at < before)


def erased(connection: Connection, before: int) -> int:
    return _remove(connection, erased_sessions, erased_sessions.c.ended_at < before)


def budgets(connection: Connection, period: int) -> int:
    return _remove(connection, budget_rows, budget_rows.c.period < period)


def browser_logins(connection: Connection, before: int) -> int:
    """Of each of the three tables at most `ROWS`; none at all means that nothing is left."""
    return (
        _remove(connection, oauth_states, oauth_states.c.expires_at < before)
        + _remove(connection, tickets, tickets.c.expires_at < before)
        + _remove(connection, user_tokens, user_tokens.c.refresh_expires_at < before)
    )


def uses(connection: Connection, before: int) -> int:
    return _remove(connection, key_uses, key_uses.c.last_at < before)


def limits(connection: Connection, before: int, now: int) -> int:
    """Of both tables at most `ROWS`; none at all means that nothing is left. `now` is the database's."""
    paid = _remove(connection, debts, debts.c.paid_at < now * 1_000)
    return paid + _remove(connection, guesses, guesses.c.until < before)


def ended(connection: Connection, before: int) -> int:
    over = or_(
        sessions.c.ended_at < before,
        and_(sessions.c.ended_at.is_(None), sessions.c.expires_at < before),
    )
    ids = list(connection.scalars(select(sessions.c.id).where(over).limit(ROWS)))
    connection.execute(delete(refresh_tokens).where(refresh_tokens.c.session_id.in_(ids)))
    return connection.execute(delete(sessions).where(sessions.c.id.in_(ids))).rowcount if ids else 0


def _remove(connection: Connection, table: Table, past: ColumnElement[bool]) -> int:
    """Look first, remove by key then: no DELETE with a LIMIT in PostgreSQL, no such subquery in MySQL."""
    key = list(table.primary_key.columns)
    query: Select[Any] = select(*key).where(past).limit(ROWS)
    rows = [tuple(row) for row in connection.execute(query)]
    if rows:
        by_key = and_(*(column == bindparam(f"key_{at}") for at, column in enumerate(key)))
        values = [{f"key_{at}": part for at, part in enumerate(row)} for row in rows]
        connection.execute(delete(table).where(by_key), values)
    return len(rows)
