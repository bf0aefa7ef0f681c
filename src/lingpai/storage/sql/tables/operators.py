"""Tables of operators: who they are, what lets them in, who is in."""

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table, Text, UniqueConstraint

from lingpai.storage.sql.tables.base import ID, LARGE_ROWS, OPTIONS, bytes_key, metadata

operators: Final = Table(
    "operators",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    # JSON
    Column("roles", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("password_hash", String(200)),
    Column("totp_sealed", LargeBinary),
    Column("totp_step", BigInteger, nullable=False),
    Column("disabled_at", BigInteger),
    **OPTIONS,
)

operator_passkeys: Final = Table(
    "operator_passkeys",
    metadata,
    Column("id", bytes_key(255), primary_key=True),
    Column("operator_id", ID, ForeignKey("operators.id"), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_used_at", BigInteger),
    **LARGE_ROWS,
)

operator_codes: Final = Table(
    "operator_codes",
    metadata,
    Column("digest", bytes_key(32), primary_key=True),
    Column("operator_id", ID, ForeignKey("operators.id"), nullable=False, index=True),
    **OPTIONS,
)

operator_steps: Final = Table(
    "operator_steps",
    metadata,
    Column("digest", bytes_key(32), primary_key=True),
    Column("purpose", String(16), nullable=False),
    Column("operator_id", ID),
    Column("challenge", LargeBinary),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("used_at", BigInteger),
    **OPTIONS,
)

operator_sessions: Final = Table(
    "operator_sessions",
    metadata,
    Column("digest", bytes_key(32), primary_key=True),
    Column("id", ID, nullable=False, unique=True),
    Column("operator_id", ID, ForeignKey("operators.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("proven_at", BigInteger, nullable=False),
    Column("user_agent", String(200), nullable=False),
    Column("address", String(64), nullable=False),
    **OPTIONS,
)

operator_keys: Final = Table(
    "operator_keys",
    metadata,
    Column("id", ID, primary_key=True),
    Column("operator_id", ID, ForeignKey("operators.id"), nullable=False),
    Column("name", String(64), nullable=False),
    Column("digest", bytes_key(32), nullable=False, unique=True),
    Column("last4", String(4), nullable=False),
    # JSON
    Column("permissions", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("last_used_at", BigInteger),
    UniqueConstraint("operator_id", "name"),
    **OPTIONS,
)

operator_tries: Final = Table(
    "operator_tries",
    metadata,
    Column("subject", String(100), primary_key=True),
    Column("failures", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
    **OPTIONS,
)
