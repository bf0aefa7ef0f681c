"""Columns as array literals (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO).

asyncpg asks of each element of an array whether it is an array itself, which costs more than all the rest of a
login; a text is passed through, and PostgreSQL reads it in C.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final


def _texts(column: Sequence[str | None]) -> str:
    if None in column:
        return f"{{{','.join(['NULL' if value is None else _quoted(value) for value in column])}}}"
    joined = '","'.join(column)  # type: ignore[arg-type]  # the line above has seen to None
    # As many quotes as there are separators, no backslash: nothing in it needs escaping.
    if "\\" in joined or joined.count('"') != 2 * (len(column) - 1):
        return f"{{{','.join([_quoted(value or '') for value in column])}}}"
    return f'{{"{joined}"}}'


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _bytes(column: Sequence[bytes | None]) -> str:
    parts = ["NULL" if value is None else f'"\\\\x{value.hex()}"' for value in column]
    return f"{{{','.join(parts)}}}"


def _numbers(column: Sequence[int | None]) -> str:
    return f"{{{','.join(['NULL' if value is None else str(value) for value in column])}}}"


def _truths(column: Sequence[bool | None]) -> str:
    return f"{{{','.join(['NULL' if value is None else 't' if value else 'f' for value in column])}}}"


_LITERALS: Final[dict[str, Callable[[Any], str]]] = {
    "text": _texts,
    "bytea": _bytes,
    "bigint": _numbers,
    "boolean": _truths,
}


def literal(kind: str, column: Sequence[Any]) -> str:
    """A column of values of one type, not empty, as the text of an array."""
    return _LITERALS[kind](column)


def literals(kinds: Iterable[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Rows, not none, turned into one array a column."""
    return [literal(kind, column) for kind, column in zip(kinds, zip(*rows, strict=True), strict=True)]
