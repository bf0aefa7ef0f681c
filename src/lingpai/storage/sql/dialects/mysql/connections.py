"""Opening connections to MySQL or MariaDB: where a URL leads, and with what settings."""

import hashlib
import logging
import ssl
from typing import Any, Final
from urllib.parse import SplitResult, unquote

import asyncmy
from asyncmy.constants import CLIENT
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from lingpai.storage.sql.servers.port import READERS, Purpose
from lingpai.storage.urls import checked, database_of, options_of

Link = Any
"""asyncmy's connection."""
_CONNECT_SECONDS: Final = 3.0
# A value that does not fit is refused, not cut; literals compare byte by byte, as the columns do.
_SETTINGS: Final = (
    "SET sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', collation_connection = 'utf8mb4_bin', "
    "innodb_lock_wait_timeout = 4, lock_wait_timeout = {metadata}"
)
_ISOLATION: Final[dict[Purpose, str]] = {
    "hot": "READ COMMITTED",
    "read": "REPEATABLE READ",
    "write": "SERIALIZABLE",
    "migrate": "READ COMMITTED",
}

# The driver logs every warning of the server with the value that it is about.
logging.getLogger("asyncmy").setLevel(logging.CRITICAL)


class Opener:
    """Opens connections to one URL. Its repr does not show it."""

    def __init__(self, url: str) -> None:
        """Raises ValueError, and OSError or ssl.SSLError for certificates that cannot be read."""
        parts = checked(url)
        options = options_of(parts)
        self._where: Final[dict[str, Any]] = {
            "host": parts.hostname or "localhost",
            "port": parts.port or 3306,
            "user": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "db": database_of(parts),
        }
        if "unix_socket" in options:
            self._where["unix_socket"] = options["unix_socket"]
        context = _tls(options)
        if context is not None:
            self._where["ssl"] = context
        self.lock_name: Final = _lock_name(parts)

    async def open(self, purpose: Purpose) -> Link:
        connection: Link = await asyncmy.connect(
            **self._where,
            charset="utf8mb4",
            autocommit=purpose == "hot",
            connect_timeout=_CONNECT_SECONDS,
            # An UPDATE counts the rows it found, also those that were like that before.
            client_flag=CLIENT.FOUND_ROWS,
        )
        await connection.query(_SETTINGS.format(metadata=1 if purpose == "migrate" else 4))
        await connection.query(f"SET SESSION TRANSACTION ISOLATION LEVEL {_ISOLATION[purpose]}")
        return connection

    def engine(self, purpose: Purpose) -> AsyncEngine:
        async def creator() -> Link:
            return await self.open(purpose)

        if purpose == "migrate":
            return create_async_engine("mysql+asyncmy://", async_creator=creator, poolclass=NullPool)
        return create_async_engine(
            "mysql+asyncmy://",
            async_creator=creator,
            pool_size=READERS if purpose == "read" else 1,
            max_overflow=0,
            pool_timeout=_CONNECT_SECONDS,
        )


def _tls(options: dict[str, str]) -> ssl.SSLContext | None:
    mode = options.get("ssl_mode", "VERIFY_CA" if "ssl_ca" in options else "DISABLED").upper()
    if mode == "DISABLED":
        return None
    context = ssl.create_default_context(cafile=options.get("ssl_ca"))
    context.check_hostname = mode == "VERIFY_IDENTITY"
    if mode == "REQUIRED":
        context.verify_mode = ssl.CERT_NONE
    if "ssl_cert" in options:
        context.load_cert_chain(options["ssl_cert"], options.get("ssl_key"))
    return context


def _lock_name(parts: SplitResult) -> str:
    """Locks belong to the whole server, databases do not: one name for each, of at most 64 characters."""
    return "lingpai.migrate." + hashlib.sha256(database_of(parts).encode()).hexdigest()[:40]
