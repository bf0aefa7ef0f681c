"""The audit log and its chain; operators and what lets them in."""

import sqlalchemy as sa

from lingpai.storage.sql.migrations.steps import bytes_key, create_table

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TIME = sa.BigInteger()
_POSITION = sa.BigInteger()
_ID = sa.String(40)


def upgrade() -> None:
    _audit()
    _operators()
    _ways_in()


def _audit() -> None:
    create_table(
        "audit_log",
        sa.Column("position", _POSITION, primary_key=True, autoincrement=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("actor_kind", sa.String(16), nullable=False),
        sa.Column("actor_id", sa.String(80), nullable=False),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("about", sa.String(200)),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", bytes_key(32), nullable=False),
        sa.Column("hash", bytes_key(32), nullable=False),
        sqlite_with_rowid=True,
    )
    create_table(
        "audit_chain",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("position", _POSITION, nullable=False),
        sa.Column("hash", bytes_key(32), nullable=False),
        sa.Column("anchor_position", _POSITION, nullable=False),
        sa.Column("anchor_hash", bytes_key(32), nullable=False),
    )


def _operators() -> None:
    create_table(
        "operators",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("totp_sealed", sa.LargeBinary()),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", _TIME),
    )
    create_table(
        "operator_passkeys",
        sa.Column("id", bytes_key(255), primary_key=True),
        _owner(index=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_used_at", _TIME),
        sqlite_with_rowid=True,
    )
    create_table(
        "operator_codes",
        sa.Column("digest", bytes_key(32), primary_key=True),
        _owner(index=True),
    )


def _ways_in() -> None:
    create_table(
        "operator_steps",
        sa.Column("digest", bytes_key(32), primary_key=True),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("operator_id", _ID),
        sa.Column("challenge", sa.LargeBinary()),
        sa.Column("expires_at", _TIME, nullable=False, index=True),
        sa.Column("used_at", _TIME),
    )
    create_table(
        "operator_sessions",
        sa.Column("digest", bytes_key(32), primary_key=True),
        sa.Column("id", _ID, nullable=False, unique=True),
        _owner(index=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.Column("proven_at", _TIME, nullable=False),
        sa.Column("user_agent", sa.String(200), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
    )
    create_table(
        "operator_keys",
        sa.Column("id", _ID, primary_key=True),
        _owner(index=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("digest", bytes_key(32), nullable=False, unique=True),
        sa.Column("last4", sa.String(4), nullable=False),
        sa.Column("permissions", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("revoked_at", _TIME),
        sa.Column("last_used_at", _TIME),
        sa.UniqueConstraint("operator_id", "name"),
    )
    create_table(
        "operator_tries",
        sa.Column("subject", sa.String(100), primary_key=True),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("since", _TIME, nullable=False),
    )


def _owner(*, index: bool) -> sa.Column[str]:
    return sa.Column("operator_id", _ID, sa.ForeignKey("operators.id"), nullable=False, index=index)
