"""Data keys under several master keys, and AppSecrets that are tried before they are in force."""

import sqlalchemy as sa
from alembic import op

from lingpai.storage.sql.migrations.steps import add_column, create_table

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TIME = sa.BigInteger()


def upgrade() -> None:
    add_column("sealing_keys", sa.Column("active_at", _TIME))
    add_column("sealing_keys", sa.Column("canary", sa.LargeBinary()))
    # Until now the last key sealed from the moment it was made.
    op.execute("UPDATE sealing_keys SET active_at = created_at WHERE active_at IS NULL")
    create_table(
        "key_wraps",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("master", sa.String(16), primary_key=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
    )
    create_table(
        "vault_nodes",
        sa.Column("node", sa.String(40), primary_key=True),
        sa.Column("master", sa.String(16), nullable=False),
        sa.Column("sealing", sa.String(8), nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
    )
    add_column("app_secrets", sa.Column("state", sa.String(16)))
    add_column("app_secrets", sa.Column("changed_at", _TIME))
    add_column("app_secrets", sa.Column("probed_at", _TIME))
    add_column("app_secrets", sa.Column("trouble", sa.Text()))
    _name_those_in_force()


def _name_those_in_force() -> None:
    """Until now the highest version was in force at once, and the others served nobody."""
    bind = op.get_bind()
    newest = bind.execute(sa.text("SELECT appid, max(version) FROM app_secrets GROUP BY appid")).all()
    for appid, version in newest:
        values = {"appid": appid, "version": version}
        bind.execute(
            sa.text("DELETE FROM app_secrets WHERE appid = :appid AND version < :version AND state IS NULL"),
            values,
        )
        bind.execute(
            sa.text(
                "UPDATE app_secrets SET state = 'current', changed_at = created_at"
                " WHERE appid = :appid AND version = :version AND state IS NULL"
            ),
            values,
        )
