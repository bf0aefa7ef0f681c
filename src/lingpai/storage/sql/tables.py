"""The tables. Times are milliseconds since 1970, UTC; what is sealed or a digest is bytes."""

from typing import Any, Final

from sqlalchemy import (
    VARBINARY,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

SCHEMA: Final = "0006"
"""The migration this release works with; the last one under `migrations/versions`."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# One B-tree a table on SQLite; openids differ by case, which MySQL's usual collations would ignore.
_OPTIONS: dict[str, Any] = {
    "sqlite_with_rowid": False,
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
}
_ID = String(40)
_APPID = String(32)
_WECHAT_ID = String(64)


def _bytes(size: int) -> LargeBinary:
    """Bytes that can be a key: MySQL indexes no BLOB."""
    kind = LargeBinary(size)
    return kind.with_variant(VARBINARY(size), "mysql", "mariadb")


apps = Table(
    "apps",
    metadata,
    Column("appid", _APPID, primary_key=True),
    Column("slug", String(64), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("name", String(200), nullable=False),
    Column("open_platform", String(64)),
    Column("created_at", BigInteger, nullable=False),
    # JSON; NULL is all defaults.
    Column("settings", Text),
    **_OPTIONS,
)

app_secrets = Table(
    "app_secrets",
    metadata,
    Column("appid", _APPID, ForeignKey("apps.appid"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("last4", String(4), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    **_OPTIONS,
)

users = Table(
    "users",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("created_at", BigInteger, nullable=False),
    Column("nickname", String(200)),
    Column("avatar_url", String(1000)),
    **_OPTIONS,
)

profiles = Table(
    "profiles",
    metadata,
    Column("user_id", _ID, ForeignKey("users.id"), primary_key=True),
    Column("details", Text, nullable=False),
    Column("source", String(16), nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    **_OPTIONS,
)
"""What a login need not read: nickname and avatar stand in `users`."""

phones = Table(
    "phones",
    metadata,
    Column("user_id", _ID, ForeignKey("users.id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("blind_index", _bytes(16), nullable=False, index=True),
    Column("code_digest", _bytes(32)),
    Column("appid", _APPID, nullable=False),
    Column("verified_at", BigInteger, nullable=False),
    **_OPTIONS,
)

avatars = Table(
    "avatars",
    metadata,
    Column("url", String(64), primary_key=True),
    # NULL: the person was erased. No foreign key: a picture outlives its person until it is deleted.
    Column("user_id", _ID),
    Column("created_at", BigInteger, nullable=False, index=True),
    **_OPTIONS,
)
"""Pictures that are stored, about to be, or about to go; `users.avatar_url` says which one is in use."""

erasures = Table(
    "erasures",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("user_digest", _bytes(32), nullable=False, unique=True),
    Column("at", BigInteger, nullable=False),
    **_OPTIONS,
)

erased_sessions = Table(
    "erased_sessions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("ended_at", BigInteger, nullable=False, index=True),
    **_OPTIONS,
)
"""Sessions of erased people: their access tokens are refused until the last has expired."""

budgets = Table(
    "budgets",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("period", BigInteger, primary_key=True),
    Column("used", BigInteger, nullable=False),
    **_OPTIONS,
)

identities = Table(
    "identities",
    metadata,
    Column("appid", _APPID, primary_key=True),
    Column("openid", _WECHAT_ID, primary_key=True),
    Column("user_id", _ID, ForeignKey("users.id"), nullable=False, index=True),
    Column("unionid", _WECHAT_ID),
    Column("created_at", BigInteger, nullable=False),
    **_OPTIONS,
)

unions = Table(
    "unions",
    metadata,
    Column("open_platform", String(64), primary_key=True),
    Column("unionid", _WECHAT_ID, primary_key=True),
    Column("user_id", _ID, ForeignKey("users.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    **_OPTIONS,
)

user_aliases = Table(
    "user_aliases",
    metadata,
    # A user is an alias of one other at most, whoever tries twice: that is this key.
    Column("alias_id", _ID, ForeignKey("users.id"), primary_key=True),
    Column("user_id", _ID, ForeignKey("users.id"), nullable=False, index=True),
    **_OPTIONS,
)

merges = Table(
    "merges",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("winner", _ID, nullable=False, index=True),
    Column("loser", _ID, nullable=False, index=True),
    Column("reason", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("undone_at", BigInteger),
    # JSON: what went from the loser to the winner, so that it can go back.
    Column("moved", Text, nullable=False),
    **_OPTIONS,
)

session_keys = Table(
    "session_keys",
    metadata,
    Column("appid", _APPID, primary_key=True),
    Column("openid", _WECHAT_ID, primary_key=True),
    Column("fingerprint", _bytes(16), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False, index=True),
    # Counts up within a ring: two keys may arrive in one millisecond.
    Column("position", BigInteger, nullable=False),
    **_OPTIONS,
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("user_id", _ID, ForeignKey("users.id"), nullable=False, index=True),
    Column("appid", _APPID, nullable=False),
    Column("openid", _WECHAT_ID, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("user_agent", String(200), nullable=False),
    Column("ended_at", BigInteger),
    Column("end_reason", String(32)),
    # Counts what runs, lists what ended, finds what a sweep takes.
    Index("ix_sessions_ended_at", "ended_at", "expires_at"),
    **_OPTIONS,
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("digest", _bytes(32), primary_key=True),
    Column("session_id", _ID, ForeignKey("sessions.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("successor", LargeBinary),
    Column("successor_digest", _bytes(32)),
    Column("client_tag", _bytes(16)),
    **_OPTIONS,
)

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("appid", _APPID, primary_key=True),
    Column("code_digest", _bytes(32), primary_key=True),
    Column("session_id", _ID, nullable=False),
    Column("sealed_result", LargeBinary),
    Column("is_new", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
    **{**_OPTIONS, "sqlite_with_rowid": True},  # its rows are too large for the nodes of a key's B-tree
)

login_events = Table(
    "login_events",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("appid", _APPID, nullable=False),
    Column("result", String(64), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("duration_ms", BigInteger, nullable=False),
    Column("user_id", _ID, index=True),
    Column("session_id", _ID),
    Column("is_new", Boolean, nullable=False),
    Column("errcode", BigInteger),
    Column("rid", String(128)),
    Column("note", String(64)),
    **_OPTIONS,
)

oauth_states = Table(
    "oauth_states",
    metadata,
    Column("digest", _bytes(32), primary_key=True),
    Column("appid", _APPID, nullable=False),
    Column("browser", _bytes(32), nullable=False),
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
    **{**_OPTIONS, "sqlite_with_rowid": True},  # its rows are too large for the nodes of a key's B-tree
)

tickets = Table(
    "tickets",
    metadata,
    Column("digest", _bytes(32), primary_key=True),
    Column("appid", _APPID, nullable=False),
    Column("openid", _WECHAT_ID, nullable=False),
    Column("session_id", _ID, nullable=False),
    Column("origin", String(300), nullable=False),
    Column("return_to", Text, nullable=False),
    Column("challenge", String(64)),
    Column("sealed", LargeBinary),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("used_at", BigInteger),
    **{**_OPTIONS, "sqlite_with_rowid": True},
)

user_tokens = Table(
    "user_tokens",
    metadata,
    Column("appid", _APPID, primary_key=True),
    Column("openid", _WECHAT_ID, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("access_expires_at", BigInteger, nullable=False),
    Column("refresh_expires_at", BigInteger, nullable=False, index=True),
    **{**_OPTIONS, "sqlite_with_rowid": True},
)

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("kid", String(64), primary_key=True),
    Column("sealed_private", LargeBinary, nullable=False),
    Column("public_jwk", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("active_at", BigInteger, nullable=False),
    Column("retired_at", BigInteger),
    **_OPTIONS,
)

sealing_keys = Table(
    "sealing_keys",
    metadata,
    Column("id", _bytes(4), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    **_OPTIONS,
)

service_keys = Table(
    "service_keys",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("digest", _bytes(32), nullable=False, unique=True),
    Column("last4", String(4), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("last_used_at", BigInteger),
    **_OPTIONS,
)

key_uses = Table(
    "key_uses",
    metadata,
    Column("key_id", _ID, primary_key=True),
    Column("appid", _APPID, primary_key=True),
    Column("action", String(32), primary_key=True),
    Column("generation", BigInteger, primary_key=True, autoincrement=False),
    Column("uses", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False, index=True),
    **_OPTIONS,
)

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("appid", _APPID, primary_key=True),
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
    **{
        **_OPTIONS,
        "sqlite_with_rowid": True,
    },  # a token and its logs are too large for the nodes of a key's B-tree
)

probes = Table(
    "probes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("filler", LargeBinary, nullable=False),
    **_OPTIONS,
)
"""One row, written by `Store.check`."""
