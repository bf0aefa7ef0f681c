"""Tables of the flight recorder beside the lines of the login history: timelines by the page, counts by the minute."""

from typing import Final

from sqlalchemy import BigInteger, Column, LargeBinary, String, Table

from lingpai.storage.sql.tables.base import APPID, ID, LARGE_ROWS, OPTIONS, metadata

timeline_pages: Final = Table(
    "timeline_pages",
    metadata,
    Column("id", ID, primary_key=True),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
    **LARGE_ROWS,
)

login_minutes: Final = Table(
    "login_minutes",
    metadata,
    Column("minute", BigInteger, primary_key=True, autoincrement=False),
    Column("appid", APPID, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("result", String(64), primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("unrecorded", BigInteger, nullable=False),
    **OPTIONS,
)
