"""The reference in memory: what the promise means, in the fewest words. Forgets all when closed."""

from lingpai.storage.memory.store import migrate, open_store, schema_state

__all__ = ["migrate", "open_store", "schema_state"]
