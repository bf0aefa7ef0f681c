"""Tables of the vault: keys of ours under each master key, and who holds which."""

from typing import Final

from sqlalchemy import BigInteger, Column, LargeBinary, String, Table, Text

from lingpai.storage.sql.tables.base import ID, OPTIONS, metadata

key_wraps: Final = Table(
    "key_wraps",
    metadata,
    # The id of a data key in hex, or "fingerprint".
    Column("name", String(16), primary_key=True),
    Column("master", String(16), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    **OPTIONS,
)

vault_nodes: Final = Table(
    "vault_nodes",
    metadata,
    Column("node", ID, primary_key=True),
    Column("master", String(16), nullable=False),
    Column("sealing", String(8), nullable=False),
    # JSON
    Column("known", Text, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    **OPTIONS,
)
