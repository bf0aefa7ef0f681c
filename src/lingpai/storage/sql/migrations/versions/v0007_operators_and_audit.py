"""The audit log and its chain."""

import sqlalchemy as sa

from lingpai.storage.sql.migrations.steps import bytes_key, create_table

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TIME = sa.BigInteger()
_POSITION = sa.BigInteger()


def upgrade() -> None:
    create_table(
        "audit_log",
        sa.Column("position", _POSITION, primary_key=True, autoincrement=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("actor_kind", sa.String(16), nullable=False),
        sa.Column("actor_id", sa.String(80), nullable=False),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("about", sa.String(200)),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", bytes_key(32), nullable=False),
        sa.Column("hash", bytes_key(32), nullable=False),
        sqlite_with_rowid=True,
    )
    create_table(
        "audit_chain",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("position", _POSITION, nullable=False),
        sa.Column("hash", bytes_key(32), nullable=False),
        sa.Column("anchor_position", _POSITION, nullable=False),
        sa.Column("anchor_hash", bytes_key(32), nullable=False),
    )
