"""Tables of the apps: what is registered, their AppSecrets, WeChat's tokens."""

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from lingpai.storage.sql.tables.base import APPID, LARGE_ROWS, OPTIONS, metadata

apps: Final = Table(
    "apps",
    metadata,
    Column("appid", APPID, primary_key=True),
    Column("slug", String(64), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("name", String(200), nullable=False),
    Column("open_platform", String(64)),
    Column("created_at", BigInteger, nullable=False),
    # JSON; NULL is all defaults.
    Column("settings", Text),
    **OPTIONS,
)

app_secrets: Final = Table(
    "app_secrets",
    metadata,
    Column("appid", APPID, ForeignKey("apps.appid"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("last4", String(4), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("state", String(16)),
    Column("changed_at", BigInteger),
    Column("probed_at", BigInteger),
    # JSON
    Column("trouble", Text),
    **OPTIONS,
)

access_tokens: Final = Table(
    "access_tokens",
    metadata,
    Column("appid", APPID, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("generation", BigInteger, nullable=False),
    Column("sealed", LargeBinary),
    Column("fetched_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_from", BigInteger, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Column("tried_version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    # JSON
    Column("trouble", Text),
    Column("failures", BigInteger, nullable=False),
    Column("settled_at", BigInteger, nullable=False),
    Column("next_attempt_at", BigInteger, nullable=False),
    Column("wanted_at", BigInteger, nullable=False),
    Column("checks", BigInteger, nullable=False),
    Column("checked_at", BigInteger, nullable=False),
    Column("day", BigInteger, nullable=False),
    Column("calls", BigInteger, nullable=False),
    # JSON, both
    Column("forced_at", Text, nullable=False),
    Column("replaced_at", Text, nullable=False),
    **LARGE_ROWS,
)
