"""What an SQLSTATE means (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""

from typing import Final

import asyncpg

from lingpai.storage.sql.servers.faults import common, field_of, unwrapped
from lingpai.storage.sql.servers.port import Fault, Kind

_MOVED: Final = frozenset({"40001", "40P01"})
_READ_ONLY: Final = "25006"
_LOST_CLASSES: Final = frozenset({"08", "57"})
"""Connection exceptions; a server that was shut down, crashed or is not up yet."""
_CANCELLED: Final = "57014"


def understood(error: BaseException) -> Fault:
    """The meaning of what asyncpg raised, also inside SQLAlchemy's wrapping."""
    found = _of_asyncpg(error)
    if isinstance(found, asyncpg.PostgresError):
        return _by_state(found)
    if isinstance(found, asyncpg.InterfaceError | asyncpg.InternalClientError):
        return Fault(Kind.LOST, type(found).__name__)
    return common(found)


def _of_asyncpg(error: BaseException) -> BaseException:
    found = unwrapped(error)
    cause = found.__cause__
    wrapped = isinstance(cause, asyncpg.PostgresError | asyncpg.InterfaceError | OSError)
    return cause if wrapped and cause is not None and not _plain(found) else found


def _plain(error: BaseException) -> bool:
    return isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError | OSError)


def _by_state(error: asyncpg.PostgresError) -> Fault:
    state = getattr(error, "sqlstate", None) or "XX000"
    reason = f"{state} {type(error).__name__}"
    if state == "23505":
        table = getattr(error, "table_name", None)
        return Fault(Kind.TAKEN, reason, table, field_of(table, getattr(error, "constraint_name", None)))
    if state == "23503":
        return Fault(Kind.ORPHAN, reason)
    if state in _MOVED:
        return Fault(Kind.MOVED, reason)
    if state == _READ_ONLY:
        return Fault(Kind.READ_ONLY, reason)
    if state[:2] in _LOST_CLASSES and state != _CANCELLED:
        return Fault(Kind.LOST, reason)
    if state[:2] in ("22", "23"):
        return Fault(Kind.VALUE, reason)
    return Fault(Kind.TROUBLE, reason)
