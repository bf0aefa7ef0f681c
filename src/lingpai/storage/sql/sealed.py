"""Everything that is sealed, column by column, in the order of its keys."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, or_, select, update

from lingpai.model import SEALED, SealedValue
from lingpai.storage.sql.tables import metadata


def page(connection: Connection, noun: str, after: SealedValue | None, limit: int) -> list[SealedValue]:
    key, column = _columns(noun)
    query = select(*key, column).where(column.is_not(None)).order_by(*key).limit(limit)
    if after is not None:
        query = query.where(_behind(key, after.key))
    return [SealedValue(noun, tuple(row[:-1]), bytes(row[-1])) for row in connection.execute(query)]


def reseal(connection: Connection, changes: Sequence[tuple[SealedValue, bytes]]) -> int:
    replaced = 0
    for value, sealed in changes:
        key, column = _columns(value.noun)
        same = [part == given for part, given in zip(key, value.key, strict=True)]
        # A login that wrote in between has sealed something newer: that stays.
        change = update(column.table).where(*same, column == value.sealed).values({column: sealed})
        replaced += connection.execute(change).rowcount
    return replaced


def _columns(noun: str) -> tuple[list[Column[Any]], Column[Any]]:
    table = metadata.tables[noun]
    return list(table.primary_key.columns), table.c[SEALED[noun].column]


def _behind(key: Sequence[Column[Any]], last: Sequence[Any]) -> ColumnElement[bool]:
    """Behind `last` in the order of the key, written so that every database walks its index."""
    steps = [
        and_(*(key[place] == last[place] for place in range(depth)), key[depth] > last[depth])
        for depth in range(len(key))
    ]
    return or_(*steps)
