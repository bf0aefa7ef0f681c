"""Steps of a migration that may be run again after it was killed: each looks before it changes anything.

DDL of MySQL is committed statement by statement, so a run that was killed may have made a table and only some
of its indexes. A step that is there counts as done.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.operations.ops import CreateTableOp
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable


def add_column(table: str, column: sa.Column[Any]) -> None:
    """Add a column unless it is there."""
    there = {found["name"] for found in sa.inspect(op.get_bind()).get_columns(table)}
    if column.name not in there:
        _compare_bytes(column)
        op.add_column(table, column)


def create_table(name: str, *parts: Any, sqlite_with_rowid: bool = False) -> None:
    """Create a table and its indexes unless they are there, with the options that all our tables have."""
    for part in parts:
        if isinstance(part, sa.Column):
            _compare_bytes(part)
    wanted = CreateTableOp(
        name,
        parts,
        sqlite_with_rowid=sqlite_with_rowid,
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
    table = wanted.to_table(op.get_context())
    bind = op.get_bind()
    bind.execute(CreateTable(table, if_not_exists=True))
    there = {found["name"] for found in sa.inspect(bind).get_indexes(name)}
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        if index.name not in there:
            bind.execute(CreateIndex(index))


def create_index(name: str, table: str, *columns: str, where: str | None = None) -> None:
    """Create an index unless it is there. `where` makes it partial; MySQL has no such thing and indexes all."""
    bind = op.get_bind()
    if name not in {found["name"] for found in sa.inspect(bind).get_indexes(table)}:
        part = None if where is None else sa.text(where)
        op.create_index(name, table, list(columns), sqlite_where=part, postgresql_where=part)


def drop_index(name: str, table: str) -> None:
    """Drop an index unless it is gone."""
    if name in {found["name"] for found in sa.inspect(op.get_bind()).get_indexes(table)}:
        op.drop_index(name, table)


def bytes_key(size: int) -> sa.LargeBinary:
    """Bytes that can be a key: MySQL indexes no BLOB."""
    return sa.LargeBinary(size).with_variant(sa.VARBINARY(size), "mysql", "mariadb")


def _compare_bytes(column: sa.Column[Any]) -> None:
    """On PostgreSQL, text that is ordered as on the others, whatever the locale of the database; cheaper, too."""
    kind = column.type
    if isinstance(kind, sa.Text):
        column.type = kind.with_variant(postgresql.TEXT(collation="C"), "postgresql")
    elif isinstance(kind, sa.String):
        column.type = kind.with_variant(postgresql.VARCHAR(kind.length, collation="C"), "postgresql")
