"""Remembering: users, sessions, apps and keys, durable, behind one promise (`port.py`).

`open.py` is the door: it picks a backend by the scheme of a URL. `memory/` is the reference in memory,
`sql/` what all SQL databases share, `sql/dialects/` what only one of them knows.
"""

from lingpai.storage.batching import BatchSettings
from lingpai.storage.open import migrate, open_store, schema_state
from lingpai.storage.port import (
    CodeSpentError,
    SchemaMismatchError,
    SchemaState,
    StorageError,
    StorageUnavailableError,
    Store,
    SweepLimits,
    Swept,
    TakenError,
    UnfitError,
)

__all__ = [
    "BatchSettings",
    "CodeSpentError",
    "SchemaMismatchError",
    "SchemaState",
    "StorageError",
    "StorageUnavailableError",
    "Store",
    "SweepLimits",
    "Swept",
    "TakenError",
    "UnfitError",
    "migrate",
    "open_store",
    "schema_state",
]
