"""The audit of service keys: counts that grow, one line for each key, app, action and generation."""

from typing import Any, Final

import msgspec
from sqlalchemy import Connection, and_, case, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from lingpai.model import KeyUse
from lingpai.storage.sql.tables import key_uses, service_keys

_columns: Final = key_uses.c


def add(connection: Connection, uses: list[KeyUse]) -> None:
    for use in uses:
        if not _grow(connection, use) and not _begin(connection, use):
            _grow(connection, use)  # another node began the line between the two
        _note_last(connection, use)


def of_key(connection: Connection, key_id: str, limit: int) -> list[KeyUse]:
    query = (
        select(key_uses)
        .where(_columns.key_id == key_id)
        .order_by(_columns.last_at.desc(), _columns.generation.desc())
        .limit(limit)
    )
    return [KeyUse(**row) for row in connection.execute(query).mappings()]


def _grow(connection: Connection, use: KeyUse) -> bool:
    place = and_(
        _columns.key_id == use.key_id,
        _columns.appid == use.appid,
        _columns.action == use.action,
        _columns.generation == use.generation,
    )
    change = {
        "uses": _columns.uses + use.uses,
        "first_at": _least(_columns.first_at, use.first_at),
        "last_at": _greatest(_columns.last_at, use.last_at),
    }
    return connection.execute(update(key_uses).where(place).values(change)).rowcount > 0


def _begin(connection: Connection, use: KeyUse) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(insert(key_uses).values(msgspec.structs.asdict(use)))
    except IntegrityError:
        return False
    return True


def _note_last(connection: Connection, use: KeyUse) -> None:
    older = or_(service_keys.c.last_used_at.is_(None), service_keys.c.last_used_at < use.last_at)
    change = update(service_keys).where(service_keys.c.id == use.key_id, older)
    connection.execute(change.values(last_used_at=use.last_at))


def _least(column: Any, value: int) -> Any:
    return case((column < value, column), else_=value)


def _greatest(column: Any, value: int) -> Any:
    return case((column > value, column), else_=value)
