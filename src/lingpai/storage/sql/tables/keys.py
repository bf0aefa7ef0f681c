"""Tables of keys: those that sign, those that seal, those of programs."""

from typing import Final

from sqlalchemy import BigInteger, Column, LargeBinary, String, Table, Text

from lingpai.storage.sql.tables.base import APPID, ID, OPTIONS, bytes_key, metadata

signing_keys: Final = Table(
    "signing_keys",
    metadata,
    Column("kid", String(64), primary_key=True),
    Column("sealed_private", LargeBinary, nullable=False),
    Column("public_jwk", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("active_at", BigInteger, nullable=False),
    Column("retired_at", BigInteger),
    **OPTIONS,
)

sealing_keys: Final = Table(
    "sealing_keys",
    metadata,
    Column("id", bytes_key(4), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("active_at", BigInteger),
    Column("canary", LargeBinary),
    **OPTIONS,
)

service_keys: Final = Table(
    "service_keys",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("digest", bytes_key(32), nullable=False, unique=True),
    Column("last4", String(4), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("last_used_at", BigInteger),
    **OPTIONS,
)

key_uses: Final = Table(
    "key_uses",
    metadata,
    Column("key_id", ID, primary_key=True),
    Column("appid", APPID, primary_key=True),
    Column("action", String(32), primary_key=True),
    Column("generation", BigInteger, primary_key=True, autoincrement=False),
    Column("uses", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False, index=True),
    **OPTIONS,
)
