"""Tables of the audit log: its rows, and where their chain begins and ends."""

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from lingpai.storage.sql.tables.base import LARGE_ROWS, OPTIONS, bytes_key, metadata

audit_log: Final = Table(
    "audit_log",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor_kind", String(16), nullable=False),
    Column("actor_id", String(80), nullable=False),
    Column("actor_name", String(200), nullable=False),
    Column("action", String(64), nullable=False),
    Column("about", String(200)),
    # JSON
    Column("details", Text, nullable=False),
    Column("previous", bytes_key(32), nullable=False),
    Column("hash", bytes_key(32), nullable=False),
    **LARGE_ROWS,
)

audit_chain: Final = Table(
    "audit_chain",
    metadata,
    # One row, which every writer locks: the chain has one end.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("hash", bytes_key(32), nullable=False),
    Column("anchor_position", BigInteger, nullable=False),
    Column("anchor_hash", bytes_key(32), nullable=False),
    **OPTIONS,
)
