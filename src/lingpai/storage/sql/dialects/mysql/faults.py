"""What an error number means (https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html,
https://mariadb.com/kb/en/mariadb-error-code-reference/).
"""

import re
from typing import Final

from asyncmy import errors
from sqlalchemy.exc import DBAPIError

from lingpai.storage.sql.servers.faults import common, field_of, unwrapped
from lingpai.storage.sql.servers.port import Fault, Kind

IN_USE: Final = "1205 "
_DUPLICATE: Final = 1062
_ORPHAN: Final = frozenset({1216, 1217, 1451, 1452})
_MOVED: Final = frozenset({1213, 1020})
"""A deadlock; a record that has changed since it was read."""
_VALUE: Final = frozenset({1048, 1153, 1264, 1265, 1292, 1300, 1366, 1406, 1690, 3819, 4025})
_LOST: Final = frozenset(
    {
        *(1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1184, 1927),  # shut down, broken off, killed
        *(2002, 2003, 2006, 2013, 2055),  # the client's own: no server there, or gone
    }
)
_READ_ONLY: Final = frozenset({1290, 1792, 1836})
_TABLE: Final = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE)\s+`?(\w+)`?", re.IGNORECASE)


class RefusedError(Exception):
    """A statement of ours with what the driver said about it; never shown."""

    def __init__(self, orig: BaseException, statement: str) -> None:
        super().__init__(type(orig).__name__)
        self.orig: Final = orig
        self.statement: Final = statement


def understood(error: BaseException) -> Fault:
    """The meaning of what asyncmy raised, also inside SQLAlchemy's wrapping."""
    statement = error.statement if isinstance(error, DBAPIError | RefusedError) else None
    found = error.orig if isinstance(error, RefusedError) else unwrapped(error)
    if not isinstance(found, errors.MySQLError):
        return common(found)
    number = found.args[0] if found.args and isinstance(found.args[0], int) else 0
    reason = f"{number} {type(found).__name__}"
    if number == _DUPLICATE:
        table = _table(statement)
        return Fault(Kind.TAKEN, reason, table, field_of(table, _key(str(found.args[-1]))))
    return Fault(_kind(number, found), reason)


def _kind(number: int, error: BaseException) -> Kind:
    if number in _ORPHAN:
        return Kind.ORPHAN
    if number in _MOVED:
        return Kind.MOVED
    if number in _VALUE:
        return Kind.VALUE
    if number in _READ_ONLY:
        return Kind.READ_ONLY
    # Without a number: "not connected", or an answer that did not fit the question.
    if number in _LOST or isinstance(error, errors.InterfaceError | errors.InternalError):
        return Kind.LOST
    return Kind.TROUBLE


def _table(statement: str | None) -> str | None:
    """MariaDB names the key of a duplicate, and not its table."""
    found = _TABLE.match(statement or "")
    return None if found is None else found[1]


def _key(words: str) -> str:
    """From "Duplicate entry '…' for key 'uq_apps_slug'"; MySQL writes 'apps.uq_apps_slug'."""
    return words.rpartition(" for key ")[2].strip("'`").rpartition(".")[2]
