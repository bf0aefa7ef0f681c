"""What errors mean that all drivers share, and which column a key of ours ends with."""

import asyncio
from typing import Final

from sqlalchemy import UniqueConstraint
from sqlalchemy import exc as sqlalchemy_errors

from lingpai.storage.port import StorageUnavailableError
from lingpai.storage.sql.servers.port import Fault, Kind
from lingpai.storage.sql.tables import metadata

_PRIMARY: Final = "PRIMARY"


def unwrapped(error: BaseException) -> BaseException:
    """What the driver raised, without SQLAlchemy's wrapping."""
    while isinstance(error, sqlalchemy_errors.DBAPIError) and error.orig is not None:
        error = error.orig
    return error


def common(error: BaseException) -> Fault:
    """The meaning of an error that no driver has a number for."""
    match error:
        case StorageUnavailableError():
            return Fault(Kind.TROUBLE, str(error))
        case OSError() | asyncio.IncompleteReadError() | EOFError():
            return Fault(Kind.LOST, type(error).__name__)
        case sqlalchemy_errors.TimeoutError():
            return Fault(Kind.TROUBLE, "no connection of the pool became free")
        case sqlalchemy_errors.DBAPIError() if error.connection_invalidated:
            return Fault(Kind.LOST, type(error).__name__)
        case UnicodeEncodeError() | OverflowError():
            return Fault(Kind.VALUE, type(error).__name__)
        case _:
            return Fault(Kind.OURS, type(error).__name__)


def field_of(table: str | None, key: str | None) -> str | None:
    """The last column of a unique key of one of our tables, which is what `TakenError` names."""
    if table is None or key is None or table not in metadata.tables:
        return None
    found = metadata.tables[table]
    if key in (_PRIMARY, found.primary_key.name):
        return list(found.primary_key.columns)[-1].name
    for constraint in found.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.name == key:
            return list(constraint.columns)[-1].name
    for index in found.indexes:
        if index.unique and index.name == key:
            return list(index.columns)[-1].name
    return None
