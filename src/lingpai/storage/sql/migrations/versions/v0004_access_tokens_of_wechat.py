"""The access_tokens and tickets that all nodes share, and the audit of who was given them."""

import sqlalchemy as sa

from lingpai.storage.sql.migrations.steps import add_column, create_table

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TIME = sa.BigInteger()
_COUNT = sa.BigInteger()


def upgrade() -> None:
    _access_tokens()
    add_column("service_keys", sa.Column("last_used_at", _TIME))
    create_table(
        "key_uses",
        sa.Column("key_id", sa.String(40), primary_key=True),
        sa.Column("appid", sa.String(32), primary_key=True),
        sa.Column("action", sa.String(32), primary_key=True),
        sa.Column("generation", _COUNT, primary_key=True, autoincrement=False),
        sa.Column("uses", _COUNT, nullable=False),
        sa.Column("first_at", _TIME, nullable=False),
        sa.Column("last_at", _TIME, nullable=False, index=True),
    )


def _access_tokens() -> None:
    create_table(
        "access_tokens",
        sa.Column("appid", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("generation", _COUNT, nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("fetched_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("fence", _COUNT, nullable=False),
        sa.Column("lease_owner", sa.String(64)),
        sa.Column("lease_from", _TIME, nullable=False),
        sa.Column("lease_until", _TIME, nullable=False),
        sa.Column("sent_at", _TIME),
        sa.Column("tried_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("trouble", sa.Text()),
        sa.Column("failures", _COUNT, nullable=False),
        sa.Column("settled_at", _TIME, nullable=False),
        sa.Column("next_attempt_at", _TIME, nullable=False),
        sa.Column("wanted_at", _TIME, nullable=False),
        sa.Column("checks", _COUNT, nullable=False),
        sa.Column("checked_at", _TIME, nullable=False),
        sa.Column("day", _COUNT, nullable=False),
        sa.Column("calls", _COUNT, nullable=False),
        sa.Column("forced_at", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.Text(), nullable=False),
        sqlite_with_rowid=True,
    )
