"""Indexes for looking people up: by the beginning of a nickname, by openid alone, by unionid alone.

A login of somebody known writes none of these columns, so it does not pay for them.
"""

from lingpai.storage.sql.migrations.steps import add_index

revision = "0014"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_index("users", "nickname")
    add_index("identities", "openid")
    add_index("identities", "unionid")
