"""Tables of the rate limits that nodes keep together."""

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, String, Table

from lingpai.storage.sql.tables.base import OPTIONS, metadata

debts: Final = Table(
    "limit_debts",
    metadata,
    Column("name", String(80), primary_key=True),
    # microseconds since 1970, by the database's clock
    Column("paid_at", BigInteger, nullable=False, index=True),
    **OPTIONS,
)

guesses: Final = Table(
    "limit_guesses",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("until", BigInteger, nullable=False, index=True),
    **OPTIONS,
)
