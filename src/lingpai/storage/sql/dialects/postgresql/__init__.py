"""PostgreSQL, over asyncpg: each batch of logins is one question and one statement that writes it all.

`driver` is what `servers/port.py` asks for; `connections` opens them; `hot` has the statements that every
login and refresh pays for; `faults` says what an SQLSTATE means.
"""

from lingpai.clock import Clock
from lingpai.storage.batching import BatchSettings
from lingpai.storage.port import OnProgress, SchemaState, Store
from lingpai.storage.sql.dialects.postgresql.driver import PostgresDriver
from lingpai.storage.sql.servers import opening, schema

__all__ = ["migrate", "open_store", "schema_state"]


async def open_store(url: str, *, clock: Clock, batch: BatchSettings) -> Store:
    """See `lingpai.storage.open_store`."""
    return await opening.open_store(PostgresDriver(url), clock, batch)


def migrate(url: str, on_progress: OnProgress | None = None) -> tuple[str | None, str]:
    """See `lingpai.storage.migrate`."""
    return schema.migrate(PostgresDriver(url), on_progress)


def schema_state(url: str) -> SchemaState:
    """See `lingpai.storage.schema_state`."""
    return schema.schema_state(PostgresDriver(url))
