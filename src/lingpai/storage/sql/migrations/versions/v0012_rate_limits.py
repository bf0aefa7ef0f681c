"""How often something was done, of all nodes together."""

import sqlalchemy as sa

from lingpai.storage.sql.migrations.steps import create_table

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "limit_debts",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("paid_at", sa.BigInteger(), nullable=False, index=True),
    )
    create_table(
        "limit_guesses",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("until", sa.BigInteger(), nullable=False, index=True),
    )
