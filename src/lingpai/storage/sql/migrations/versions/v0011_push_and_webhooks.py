"""Events of WeChat, and telling others of what happened."""

import sqlalchemy as sa

from lingpai.storage.sql.migrations.steps import bytes_key, create_table

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ID = sa.String(40)
_TIME = sa.BigInteger()


def upgrade() -> None:
    _events()
    create_table(
        "webhooks",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
    )
    create_table(
        "notices",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("subject", bytes_key(16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False, index=True),
        sqlite_with_rowid=True,
    )
    _deliveries()
    create_table(
        "webhook_cursors",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("at", _TIME, nullable=False),
    )


def _events() -> None:
    create_table(
        "push_settings",
        sa.Column("appid", sa.String(32), primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
    )
    create_table(
        "push_events",
        sa.Column("key", bytes_key(32), primary_key=True),
        sa.Column("nonce", bytes_key(32), nullable=False, unique=True),
        sa.Column("appid", sa.String(32), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("digest", bytes_key(32), nullable=False),
        sa.Column("received_at", _TIME, nullable=False, index=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("next_at", _TIME, index=True),
        sa.Column("outcome", sa.String(16)),
        sa.Column("forgotten", sa.String(100), nullable=False),
        sa.Column("user_digest", bytes_key(32)),
        sa.Column("settled_at", _TIME, index=True),
        sqlite_with_rowid=True,
    )


def _deliveries() -> None:
    create_table(
        "deliveries",
        sa.Column("webhook_id", _ID, primary_key=True),
        sa.Column("notice_id", _ID, primary_key=True),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("subject", bytes_key(16), nullable=False),
        sa.Column("created_at", _TIME, nullable=False, index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("next_at", _TIME, nullable=False),
        sa.Column("told", sa.String(200)),
        sa.Column("settled_at", _TIME),
        sa.Index("ix_deliveries_state", "state", "next_at"),
        sa.Index("ix_deliveries_subject", "webhook_id", "subject", "state", "created_at"),
        sa.Index("ix_deliveries_notice_id", "notice_id"),
    )
