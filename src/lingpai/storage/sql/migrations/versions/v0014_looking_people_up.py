"""Indexes for looking people up: by the beginning of a nickname, by openid alone, by unionid alone.

A login of somebody known writes none of these columns, so it does not pay for them.
"""

from lingpai.storage.sql.migrations.steps import create_index

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
compatible_with = "0013"  # indexes disturb nobody


def upgrade() -> None:
    create_index("ix_users_nickname", "users", "nickname")
    create_index("ix_identities_openid", "identities", "openid")
    create_index("ix_identities_unionid", "identities", "unionid")
