"""What an operator may choose for one app."""

import sqlalchemy as sa

from lingpai.storage.sql.migrations.steps import add_column

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_column("apps", sa.Column("settings", sa.Text()))
