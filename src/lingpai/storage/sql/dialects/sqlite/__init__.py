"""SQLite: one file, one writer thread with group commit, readers in threads of their own.

`hot_logins` and `hot_sessions` are the statements that every login and refresh pays for; `writer` commits
many of them at once; `lane` is the thread below it; `faults` says what an error of the driver means.
"""

from lingpai.storage.sql.dialects.sqlite.dialect import open_store
from lingpai.storage.sql.dialects.sqlite.schema import migrate, schema_state

__all__ = ["migrate", "open_store", "schema_state"]
