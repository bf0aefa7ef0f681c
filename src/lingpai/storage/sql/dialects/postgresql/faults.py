"""What an SQLSTATE means (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""

from typing import Final

import asyncpg

from lingpai.storage.sql.servers.faults import common, field_of, unwrapped
from lingpai.storage.sql.servers.port import Fault, Kind

IN_USE: Final = "55P03 "
_UNIQUE: Final = "23505"
_KINDS: Final = {
    "23503": Kind.ORPHAN,
    "40001": Kind.MOVED,
    "40P01": Kind.MOVED,
    "25006": Kind.READ_ONLY,
    "57014": Kind.TROUBLE,  # cancelled, which a statement's own limit does
}
_CLASSES: Final = {
    "08": Kind.LOST,  # connection exceptions
    "57": Kind.LOST,  # the server was shut down, crashed, or is not up yet
    "22": Kind.VALUE,
    "23": Kind.VALUE,
}


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
    if state == _UNIQUE:
        table = getattr(error, "table_name", None)
        return Fault(Kind.TAKEN, reason, table, field_of(table, getattr(error, "constraint_name", None)))
    kind = _KINDS.get(state) or _CLASSES.get(state[:2]) or Kind.TROUBLE
    return Fault(kind, reason)
