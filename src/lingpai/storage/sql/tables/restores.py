"""Tables of coming back and of moving in: restores, imports."""

from typing import Final

from sqlalchemy import BigInteger, Column, String, Table, Text

from lingpai.storage.sql.tables.base import APPID, ID, OPTIONS, metadata

restores: Final = Table(
    "restores",
    metadata,
    Column("id", ID, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    **OPTIONS,
)

imports: Final = Table(
    "imports",
    metadata,
    # What is imported from where into which app: hex of a SHA-256.
    Column("name", String(64), primary_key=True),
    Column("appid", APPID, nullable=False),
    # JSON, both: the key of the last row done, and what became of the rows so far.
    Column("cursor", Text),
    Column("tally", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    **OPTIONS,
)
