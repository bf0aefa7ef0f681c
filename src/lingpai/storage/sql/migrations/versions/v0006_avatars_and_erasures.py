"""Which pictures are kept, and who was erased."""

import sqlalchemy as sa

from lingpai.storage.sql.migrations.steps import bytes_key, create_table

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.String(40)
_TIME = sa.BigInteger()


def upgrade() -> None:
    create_table(
        "avatars",
        sa.Column("url", sa.String(64), primary_key=True),
        sa.Column("user_id", _ID),
        sa.Column("created_at", _TIME, nullable=False, index=True),
    )
    create_table(
        "erasures",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("user_digest", bytes_key(32), nullable=False, unique=True),
        sa.Column("at", _TIME, nullable=False),
    )
    create_table(
        "erased_sessions",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("ended_at", _TIME, nullable=False, index=True),
    )
