"""Steps of a migration that may be run again after it was killed: each looks before it changes anything."""

from typing import Any

import sqlalchemy as sa
from alembic import op


def add_column(table: str, column: sa.Column[Any]) -> None:
    """Add a column unless it is there."""
    there = {found["name"] for found in sa.inspect(op.get_bind()).get_columns(table)}
    if column.name not in there:
        op.add_column(table, column)


def create_table(name: str, *parts: Any, sqlite_with_rowid: bool = False) -> None:
    """Create a table unless it is there, with the options that all our tables have."""
    op.create_table(
        name,
        *parts,
        sqlite_with_rowid=sqlite_with_rowid,
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        if_not_exists=True,
    )


def bytes_key(size: int) -> sa.LargeBinary:
    """Bytes that can be a key: MySQL indexes no BLOB."""
    return sa.LargeBinary(size).with_variant(sa.VARBINARY(size), "mysql", "mariadb")
