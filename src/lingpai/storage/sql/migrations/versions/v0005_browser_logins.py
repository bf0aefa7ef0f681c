"""Signing in by a browser, and two users who turn out to be one person."""

import sqlalchemy as sa

from lingpai.storage.sql.migrations.steps import bytes_key, create_table

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.String(40)
_APPID = sa.String(32)
_TIME = sa.BigInteger()


def upgrade() -> None:
    _merges()
    create_table(
        "oauth_states",
        sa.Column("digest", bytes_key(32), primary_key=True),
        sa.Column("appid", _APPID, nullable=False),
        sa.Column("browser", bytes_key(32), nullable=False),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("wanted", sa.String(32), nullable=False),
        sa.Column("return_to", sa.Text(), nullable=False),
        sa.Column("deliver", sa.String(16), nullable=False),
        sa.Column("challenge", sa.String(64)),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("fallback", sa.LargeBinary()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False, index=True),
        sa.Column("taken_at", _TIME),
        sa.Column("outcome", sa.LargeBinary()),
        sqlite_with_rowid=True,
    )
    create_table(
        "tickets",
        sa.Column("digest", bytes_key(32), primary_key=True),
        sa.Column("appid", _APPID, nullable=False),
        sa.Column("openid", sa.String(64), nullable=False),
        sa.Column("session_id", _ID, nullable=False),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("return_to", sa.Text(), nullable=False),
        sa.Column("challenge", sa.String(64)),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("expires_at", _TIME, nullable=False, index=True),
        sa.Column("used_at", _TIME),
        sqlite_with_rowid=True,
    )
    create_table(
        "user_tokens",
        sa.Column("appid", _APPID, primary_key=True),
        sa.Column("openid", sa.String(64), primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("access_expires_at", _TIME, nullable=False),
        sa.Column("refresh_expires_at", _TIME, nullable=False, index=True),
        sqlite_with_rowid=True,
    )


def _merges() -> None:
    create_table(
        "user_aliases",
        sa.Column("alias_id", _ID, sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("user_id", _ID, sa.ForeignKey("users.id"), nullable=False, index=True),
    )
    create_table(
        "merges",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("winner", _ID, nullable=False, index=True),
        sa.Column("loser", _ID, nullable=False, index=True),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("undone_at", _TIME),
        sa.Column("moved", sa.Text(), nullable=False),
    )
