"""Writing again when another unit of work made the same row in between."""

from typing import Final

from lingpai.storage.port import TakenError
from lingpai.storage.sql.port import Dialect, Statement, T

_TRIES: Final = 6
"""Every node may want the same new row at once, and at each try another of them gets it."""


async def insistently(dialect: Dialect, statement: Statement[T]) -> T:
    """Write as a unit of work of its own; the next try finds what the last one would have made.

    Raises TakenError when the row was made by others, and gone again, at every try.
    """
    for _ in range(_TRIES - 1):
        try:
            return await dialect.write(statement)
        except TakenError:
            continue
    return await dialect.write(statement)
