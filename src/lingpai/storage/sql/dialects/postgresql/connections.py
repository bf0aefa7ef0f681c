"""Opening connections to PostgreSQL: where a URL leads, and with what settings."""

from typing import Any, Final
from urllib.parse import urlencode, urlunsplit

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from lingpai.storage.sql.servers.port import READERS, Purpose
from lingpai.storage.urls import checked, options_of

_CONNECT_SECONDS: Final = 3.0
_LIMITS: Final = {
    # A node that vanished holds no lock for longer.
    "statement_timeout": "10000",
    "lock_timeout": "4000",
    "idle_in_transaction_session_timeout": "10000",
}
# Every hot statement looks rows up by key for a batch of unknown size. The planner, asked anew while tables
# are small, would scan them, and keep to that while they grow; its choice is made for it, once.
_HOT: Final = {
    **_LIMITS,
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
_COLD: Final = {**_LIMITS, "jit": "off"}
_SETTINGS: Final[dict[Purpose, dict[str, str]]] = {
    "hot": _HOT,
    "read": {**_COLD, "default_transaction_isolation": "repeatable read"},
    "write": {**_COLD, "default_transaction_isolation": "serializable"},
    # Who asks for a table behind DDL that waits for it waits, too; less than the others' own limit.
    "migrate": {"lock_timeout": "1000"},
}


Link = Any
"""asyncpg's connection."""


class Opener:
    """Opens connections to one URL. Its repr does not show it."""

    def __init__(self, url: str) -> None:
        """Raises ValueError."""
        parts = checked(url)
        options = options_of(parts)
        self._dsn: Final = urlunsplit(parts._replace(query=urlencode(options)))

    def engine(self, purpose: Purpose) -> AsyncEngine:
        async def creator() -> Link:
            return await self.open(purpose)

        if purpose == "migrate":
            return create_async_engine("postgresql+asyncpg://", async_creator=creator, poolclass=NullPool)
        return create_async_engine(
            "postgresql+asyncpg://",
            async_creator=creator,
            pool_size=READERS if purpose == "read" else 1,
            max_overflow=0,
            pool_timeout=_CONNECT_SECONDS,
        )

    async def open(self, purpose: Purpose) -> Link:
        connection: Link = await asyncpg.connect(
            self._dsn,
            timeout=_CONNECT_SECONDS,
            # With several hosts in the URL: the one that writes.
            target_session_attrs="read-write",
            server_settings={"application_name": "lingpai", **_SETTINGS[purpose]},
            max_cacheable_statement_size=0,
        )
        return connection
