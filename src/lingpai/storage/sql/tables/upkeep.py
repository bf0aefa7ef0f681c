"""Tables that serve the database itself."""

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table

from lingpai.storage.sql.tables.base import OPTIONS, metadata

probes: Final = Table(
    "probes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("filler", LargeBinary, nullable=False),
    **OPTIONS,
)
"""One row, written by `Store.check`."""

compatibility: Final = Table(
    "compatibility",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("oldest_schema", String(32), nullable=False),
    **OPTIONS,
)
"""One row, written by migrations: the oldest release, by its schema, that may still work here."""
