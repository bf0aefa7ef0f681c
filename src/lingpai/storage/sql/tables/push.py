"""Tables of WeChat's events and of webhooks."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from lingpai.storage.sql.tables.base import APPID, ID, LARGE_ROWS, OPTIONS, bytes_key, metadata

push_settings: Final = Table(
    "push_settings",
    metadata,
    Column("appid", APPID, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    **OPTIONS,
)

push_events: Final = Table(
    "push_events",
    metadata,
    Column("key", bytes_key(32), primary_key=True),
    Column("nonce", bytes_key(32), nullable=False, unique=True),
    Column("appid", APPID, nullable=False),
    Column("name", String(64), nullable=False),
    # NULL once the event was acted on.
    Column("sealed", LargeBinary),
    Column("digest", bytes_key(32), nullable=False),
    Column("received_at", BigInteger, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("fence", BigInteger, nullable=False),
    # NULL once it is closed: then nobody looks for it.
    Column("next_at", BigInteger, index=True),
    Column("outcome", String(16)),
    # With commas.
    Column("forgotten", String(100), nullable=False),
    Column("user_digest", bytes_key(32)),
    Column("settled_at", BigInteger, index=True),
    **LARGE_ROWS,
)

webhooks: Final = Table(
    "webhooks",
    metadata,
    Column("id", ID, primary_key=True),
    Column("url", Text, nullable=False),
    # With commas.
    Column("events", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    **OPTIONS,
)

notices: Final = Table(
    "notices",
    metadata,
    Column("id", ID, primary_key=True),
    Column("event", String(64), nullable=False),
    Column("subject", bytes_key(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
    **LARGE_ROWS,
)

deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("webhook_id", ID, primary_key=True),
    Column("notice_id", ID, primary_key=True),
    Column("event", String(64), nullable=False),
    Column("subject", bytes_key(16), nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("told", String(200)),
    Column("settled_at", BigInteger),
    Index("ix_deliveries_state", "state", "next_at"),
    # What is earlier about the same one.
    Index("ix_deliveries_subject", "webhook_id", "subject", "state", "created_at"),
    Index("ix_deliveries_notice_id", "notice_id"),
    **OPTIONS,
)

webhook_cursors: Final = Table(
    "webhook_cursors",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("at", BigInteger, nullable=False),
    **OPTIONS,
)
