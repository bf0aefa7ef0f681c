"""The database's own time, for statements that nodes must agree about: their clocks may differ.

update(leases).where(leases.c.until < now_ms()).values(until=now_ms() + 10_000)
"""

from typing import Any

from sqlalchemy import BigInteger, Connection, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class now_ms(FunctionElement[int]):  # noqa: N801 - it stands in statements as functions do
    """Milliseconds since 1970, UTC, when the statement runs; not when its transaction began."""

    type = BigInteger()
    inherit_cache = True


@compiles(now_ms, "sqlite")
def _sqlite(_element: now_ms, _compiler: Any, **_options: Any) -> str:
    return "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)"


@compiles(now_ms, "postgresql")
def _postgresql(_element: now_ms, _compiler: Any, **_options: Any) -> str:
    return "CAST(extract(epoch FROM statement_timestamp()) * 1000 AS bigint)"


@compiles(now_ms, "mysql")
@compiles(now_ms, "mariadb")
def _mysql(_element: now_ms, _compiler: Any, **_options: Any) -> str:
    return "CAST(unix_timestamp(now(3)) * 1000 AS SIGNED)"


def now(connection: Connection) -> int:
    """The database's time in milliseconds."""
    return connection.execute(select(now_ms())).scalar_one()
