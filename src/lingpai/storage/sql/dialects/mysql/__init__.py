"""MySQL and MariaDB, over asyncmy: each batch of logins is a few questions and one INSERT a table, in one commit.

`driver` is what `servers/port.py` asks for; `connections` opens them; `hot` has the statements that every
login and refresh pays for; `faults` says what an error number means.
"""

from lingpai.clock import Clock
from lingpai.storage.batching import BatchSettings
from lingpai.storage.port import OnProgress, SchemaState, Store
from lingpai.storage.sql.dialects.mysql.driver import MysqlDriver
from lingpai.storage.sql.servers import opening, schema

__all__ = ["migrate", "open_store", "schema_state"]


async def open_store(url: str, *, clock: Clock, batch: BatchSettings) -> Store:
    """See `lingpai.storage.open_store`."""
    return await opening.open_store(MysqlDriver(url), clock, batch)


def migrate(url: str, on_progress: OnProgress | None = None) -> tuple[str | None, str]:
    """See `lingpai.storage.migrate`."""
    return schema.migrate(MysqlDriver(url), on_progress)


def schema_state(url: str) -> SchemaState:
    """See `lingpai.storage.schema_state`."""
    return schema.schema_state(MysqlDriver(url))
