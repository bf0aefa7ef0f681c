"""Everything that the first release remembers."""

import sqlalchemy as sa

from lingpai.storage.sql.migrations.steps import bytes_key, create_table

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.String(40)
_APPID = sa.String(32)
_WECHAT_ID = sa.String(64)
_TIME = sa.BigInteger()


def upgrade() -> None:
    _apps()
    _people()
    _sessions()
    _logins()
    _keys()
    create_table(
        "probes",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("filler", sa.LargeBinary(), nullable=False),
    )


def _apps() -> None:
    create_table(
        "apps",
        sa.Column("appid", _APPID, primary_key=True),
        sa.Column("slug", sa.String(64), nullable=False, unique=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("open_platform", sa.String(64)),
        sa.Column("created_at", _TIME, nullable=False),
    )
    create_table(
        "app_secrets",
        sa.Column("appid", _APPID, sa.ForeignKey("apps.appid"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last4", sa.String(4), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
    )


def _people() -> None:
    create_table(
        "users",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("nickname", sa.String(200)),
        sa.Column("avatar_url", sa.String(1000)),
    )
    create_table(
        "identities",
        sa.Column("appid", _APPID, primary_key=True),
        sa.Column("openid", _WECHAT_ID, primary_key=True),
        sa.Column("user_id", _ID, sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("unionid", _WECHAT_ID),
        sa.Column("created_at", _TIME, nullable=False),
    )
    create_table(
        "unions",
        sa.Column("open_platform", sa.String(64), primary_key=True),
        sa.Column("unionid", _WECHAT_ID, primary_key=True),
        sa.Column("user_id", _ID, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
    )


def _sessions() -> None:
    create_table(
        "sessions",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("user_id", _ID, sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("appid", _APPID, nullable=False),
        sa.Column("openid", _WECHAT_ID, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("user_agent", sa.String(200), nullable=False),
        sa.Column("ended_at", _TIME),
        sa.Column("end_reason", sa.String(32)),
        sa.Index("ix_sessions_ended_at", "ended_at", "expires_at"),
    )
    create_table(
        "refresh_tokens",
        sa.Column("digest", bytes_key(32), primary_key=True),
        sa.Column("session_id", _ID, sa.ForeignKey("sessions.id"), nullable=False, index=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("used_at", _TIME),
        sa.Column("successor", sa.LargeBinary()),
        sa.Column("successor_digest", bytes_key(32)),
        sa.Column("client_tag", bytes_key(16)),
    )
    create_table(
        "session_keys",
        sa.Column("appid", _APPID, primary_key=True),
        sa.Column("openid", _WECHAT_ID, primary_key=True),
        sa.Column("fingerprint", bytes_key(16), primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", _TIME, nullable=False, index=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
    )


def _logins() -> None:
    create_table(
        "login_attempts",
        sa.Column("appid", _APPID, primary_key=True),
        sa.Column("code_digest", bytes_key(32), primary_key=True),
        sa.Column("session_id", _ID, nullable=False),
        sa.Column("sealed_result", sa.LargeBinary()),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False, index=True),
        sqlite_with_rowid=True,
    )
    create_table(
        "login_events",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("at", _TIME, nullable=False, index=True),
        sa.Column("appid", _APPID, nullable=False),
        sa.Column("result", sa.String(64), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("user_id", _ID, index=True),
        sa.Column("session_id", _ID),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("errcode", sa.BigInteger()),
        sa.Column("rid", sa.String(128)),
        sa.Column("note", sa.String(64)),
    )


def _keys() -> None:
    create_table(
        "signing_keys",
        sa.Column("kid", sa.String(64), primary_key=True),
        sa.Column("sealed_private", sa.LargeBinary(), nullable=False),
        sa.Column("public_jwk", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("active_at", _TIME, nullable=False),
        sa.Column("retired_at", _TIME),
    )
    create_table(
        "sealing_keys",
        sa.Column("id", bytes_key(4), primary_key=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
    )
    create_table(
        "service_keys",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("digest", bytes_key(32), nullable=False, unique=True),
        sa.Column("last4", sa.String(4), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("revoked_at", _TIME),
    )
