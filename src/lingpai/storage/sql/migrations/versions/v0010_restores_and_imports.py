"""Coming back from a backup, and moving in from another table."""

import sqlalchemy as sa

from lingpai.storage.sql.migrations.steps import create_table

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.String(40)
_TIME = sa.BigInteger()


def upgrade() -> None:
    create_table(
        "restores",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("finished_at", _TIME),
    )
    create_table(
        "imports",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("appid", sa.String(32), nullable=False),
        sa.Column("cursor", sa.Text()),
        sa.Column("tally", sa.Text(), nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("finished_at", _TIME),
    )
