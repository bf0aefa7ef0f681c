"""Somebody else's table, read page by page along its primary key."""

import warnings
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, TableClause, column, func, inspect, select, table
from sqlalchemy.exc import NoSuchTableError

from lingpai.storage.port_sources import Key, Row, SourceUnusableError
from lingpai.storage.sql.keyset import beyond

T = TypeVar("T")
Run = Callable[[Callable[[Connection], T]], Awaitable[T]]


class ForeignTable:
    """A `Source` over a connection that `run` lends."""

    def __init__(
        self,
        run: Callable[[Callable[[Connection], Any]], Awaitable[Any]],
        close: Callable[[], Awaitable[None]],
        name: str,
        key: tuple[str, ...],
    ) -> None:
        """`name` may have a schema before a dot; an empty `key` means the primary key."""
        self._run: Final = run
        self._close: Final = close
        self._name: Final = name
        self._key = key
        self._table: TableClause = table(name)
        self.columns: tuple[str, ...] = ()
        self.total: int | None = None

    async def look(self) -> "ForeignTable":
        """Learn what it has. Raises SourceUnusableError."""
        self.columns, self._key, self.total = await self._run(self._described)
        schema, _, name = self._name.rpartition(".")
        self._table = table(name, *map(column, self.columns), schema=schema or None)
        return self

    async def rows(self, after: Key | None, limit: int) -> list[tuple[Key, Row]]:
        columns = self._table.c
        key = [columns[name] for name in self._key]
        query = select(self._table).order_by(*key).limit(limit)
        if after is not None:
            query = query.where(beyond(key, after))
        found = await self._run(lambda connection: connection.execute(query).mappings().all())
        return [(self._place(row), dict(row)) for row in found]

    async def aclose(self) -> None:
        await self._close()

    def _place(self, row: Any) -> Key:
        place = [row[name] for name in self._key]
        for value in place:
            if not isinstance(value, str | int):
                raise SourceUnusableError(
                    f"{self._name}: the key {', '.join(self._key)} is neither text nor a whole number; "
                    "name other columns with --key"
                )
        return place

    def _described(self, connection: Connection) -> tuple[tuple[str, ...], tuple[str, ...], int]:
        schema, _, name = self._name.rpartition(".")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of types we do not know, and do not need to
                looking = inspect(connection)
                columns = tuple(found["name"] for found in looking.get_columns(name, schema or None))
                primary = tuple(looking.get_pk_constraint(name, schema or None)["constrained_columns"])
        except NoSuchTableError:
            raise SourceUnusableError(f"there is no table {self._name}") from None
        key = self._key or primary
        if not key:
            raise SourceUnusableError(f"{self._name} has no primary key; name unique columns with --key")
        unknown = [each for each in key if each not in columns]
        if unknown:
            raise SourceUnusableError(f"{self._name} has no column {unknown[0]}")
        counted = select(func.count()).select_from(table(name, schema=schema or None))
        return columns, key, connection.execute(counted).scalar_one()
