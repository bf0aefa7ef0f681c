"""Tables of logins: sessions, what a login needs in between, what is remembered of it."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from lingpai.storage.sql.tables.base import APPID, ID, LARGE_ROWS, OPTIONS, WECHAT_ID, bytes_key, metadata

NOTABLE: Final = text("notable IS NOT NULL")

session_keys: Final = Table(
    "session_keys",
    metadata,
    Column("appid", APPID, primary_key=True),
    Column("openid", WECHAT_ID, primary_key=True),
    Column("fingerprint", bytes_key(16), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False, index=True),
    # Counts up within a ring: two keys may arrive in one millisecond.
    Column("position", BigInteger, nullable=False),
    **OPTIONS,
)

sessions: Final = Table(
    "sessions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("user_id", ID, ForeignKey("users.id"), nullable=False, index=True),
    Column("appid", APPID, nullable=False),
    Column("openid", WECHAT_ID, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("user_agent", String(200), nullable=False),
    Column("ended_at", BigInteger),
    Column("end_reason", String(32)),
    # Counts what runs, lists what ended, finds what a sweep takes.
    Index("ix_sessions_ended_at", "ended_at", "expires_at"),
    **OPTIONS,
)

refresh_tokens: Final = Table(
    "refresh_tokens",
    metadata,
    Column("digest", bytes_key(32), primary_key=True),
    Column("session_id", ID, ForeignKey("sessions.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("successor", LargeBinary),
    Column("successor_digest", bytes_key(32)),
    Column("client_tag", bytes_key(16)),
    **OPTIONS,
)

login_attempts: Final = Table(
    "login_attempts",
    metadata,
    Column("appid", APPID, primary_key=True),
    Column("code_digest", bytes_key(32), primary_key=True),
    Column("session_id", ID, nullable=False),
    Column("sealed_result", LargeBinary),
    Column("is_new", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
    **LARGE_ROWS,
)

login_events: Final = Table(
    "login_events",
    metadata,
    Column("id", ID, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("appid", APPID, nullable=False),
    Column("result", String(64), nullable=False),
    Column("request_id", String(64), nullable=False, index=True),
    Column("duration_ms", BigInteger, nullable=False),
    Column("user_id", ID, index=True),
    Column("session_id", ID),
    Column("is_new", Boolean, nullable=False),
    Column("errcode", BigInteger),
    Column("rid", String(128)),
    Column("note", String(64)),
    Column("kind", String(16)),
    Column("notable", Boolean),
    # Ids sort by time. The few lines that are no plain success are found here alone, without a look at the table.
    Index("ix_login_events_appid", "appid", "id"),
    Index(
        "ix_login_events_notable",
        "notable",
        "id",
        "appid",
        "result",
        "kind",
        "errcode",
        sqlite_where=NOTABLE,
        postgresql_where=NOTABLE,
    ),
    **OPTIONS,
)

oauth_states: Final = Table(
    "oauth_states",
    metadata,
    Column("digest", bytes_key(32), primary_key=True),
    Column("appid", APPID, nullable=False),
    Column("browser", bytes_key(32), nullable=False),
    Column("scope", String(32), nullable=False),
    Column("wanted", String(32), nullable=False),
    Column("return_to", Text, nullable=False),
    Column("deliver", String(16), nullable=False),
    Column("challenge", String(64)),
    Column("round", Integer, nullable=False),
    Column("fallback", LargeBinary),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("taken_at", BigInteger),
    Column("outcome", LargeBinary),
    **LARGE_ROWS,
)

tickets: Final = Table(
    "tickets",
    metadata,
    Column("digest", bytes_key(32), primary_key=True),
    Column("appid", APPID, nullable=False),
    Column("openid", WECHAT_ID, nullable=False),
    Column("session_id", ID, nullable=False),
    Column("origin", String(300), nullable=False),
    Column("return_to", Text, nullable=False),
    Column("challenge", String(64)),
    Column("sealed", LargeBinary),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("used_at", BigInteger),
    **LARGE_ROWS,
)

user_tokens: Final = Table(
    "user_tokens",
    metadata,
    Column("appid", APPID, primary_key=True),
    Column("openid", WECHAT_ID, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("access_expires_at", BigInteger, nullable=False),
    Column("refresh_expires_at", BigInteger, nullable=False, index=True),
    **LARGE_ROWS,
)
