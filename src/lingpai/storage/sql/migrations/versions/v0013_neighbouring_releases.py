"""Which releases may work beside the one that migrated last."""

import sqlalchemy as sa

from lingpai.storage.sql.migrations.steps import create_table

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
compatible_with = "0013"  # earlier releases ask for their own schema and look no further


def upgrade() -> None:
    create_table(
        "compatibility",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("oldest_schema", sa.String(32), nullable=False),
    )
