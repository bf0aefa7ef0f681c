"""What a person told or let WeChat tell: profile and phone number; and how often that was asked for."""

import sqlalchemy as sa

from lingpai.storage.sql.migrations.steps import bytes_key, create_table

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.String(40)
_TIME = sa.BigInteger()


def upgrade() -> None:
    create_table(
        "profiles",
        sa.Column("user_id", _ID, sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
    )
    create_table(
        "phones",
        sa.Column("user_id", _ID, sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("blind_index", bytes_key(16), nullable=False, index=True),
        sa.Column("code_digest", bytes_key(32)),
        sa.Column("appid", sa.String(32), nullable=False),
        sa.Column("verified_at", _TIME, nullable=False),
    )
    create_table(
        "budgets",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("period", sa.BigInteger(), primary_key=True),
        sa.Column("used", sa.BigInteger(), nullable=False),
    )
