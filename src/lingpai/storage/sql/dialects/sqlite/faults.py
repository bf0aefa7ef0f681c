"""What an error of the driver means: one value is bad, the database is busy, or the database is ill.

The code numbers are SQLite's result codes, https://www.sqlite.org/rescode.html.
"""

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError

from lingpai.storage.port import StorageError, StorageUnavailableError, TakenError, UnfitError

_OF_THE_VALUE: Final = frozenset({sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH})
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_UNIQUE: Final = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})


def of_the_driver(error: BaseException) -> BaseException:
    """What the driver raised, without SQLAlchemy's wrapping."""
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


def of_one_value(error: BaseException) -> bool:
    """Whether the error is about the value at hand, so that other values may still succeed."""
    if not isinstance(error, sqlite3.DatabaseError):
        return True
    # Errors that the binding found, not SQLite, carry no code.
    code = getattr(error, "sqlite_errorcode", None)
    return code is None or _primary(code) in _OF_THE_VALUE


def busy(error: BaseException) -> bool:
    """Whether another process holds the lock: nothing is broken."""
    return isinstance(error, sqlite3.DatabaseError) and _code(error) in _BUSY


def translated(error: BaseException) -> BaseException:
    """The exception of the port for an error about one value; what is no driver's error stays as it is."""
    if isinstance(error, StorageError):
        return error
    if isinstance(error, sqlite3.IntegrityError) and getattr(error, "sqlite_errorcode", 0) in _UNIQUE:
        # "UNIQUE constraint failed: app_secrets.appid, app_secrets.version"
        return TakenError(str(error).rpartition(".")[2])
    if isinstance(error, sqlite3.Error | OverflowError | UnicodeEncodeError):
        return UnfitError(type(error).__name__)
    return error


def unavailable(error: BaseException, *, unknown: bool = False) -> StorageUnavailableError:
    """The same trouble, once for each caller."""
    return StorageUnavailableError(reason(error), unknown=unknown)


def reason(error: BaseException) -> str:
    """SQLite's name for the trouble and its words, which hold no values."""
    if isinstance(error, StorageError):
        return str(error)
    return f"{getattr(error, 'sqlite_errorname', type(error).__name__)}: {error}"


def _code(error: sqlite3.DatabaseError) -> int:
    return _primary(getattr(error, "sqlite_errorcode", 0))


def _primary(code: int) -> int:
    return code & 0xFF
