"""Rows from a file: CSV with a line of headings, or one JSON object a line."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from lingpai.storage.port_sources import Key, Row, SourceUnusableError

_LONGEST_FIELD: Final = 1 << 20


class FileSource:
    """One file. The key of a row is its number, so the file must stay as it is while it is read."""

    def __init__(self, path: Path) -> None:
        """Raises SourceUnusableError."""
        self._path: Final = path
        self._json: Final = path.suffix.lower() in (".ndjson", ".jsonl")
        if not self._json and path.suffix.lower() != ".csv":
            raise SourceUnusableError(f"{path}: its name has to end with .csv, .ndjson or .jsonl")
        csv.field_size_limit(_LONGEST_FIELD)
        try:
            self._stream: Final[IO[str]] = path.open(encoding="utf-8-sig", newline="", errors="replace")
            self._at = 0
            self._rows = self._read()
            self.columns: Final = self._columns()
        except (OSError, csv.Error) as error:
            raise SourceUnusableError(f"{path}: {getattr(error, 'strerror', error)}") from None

    @property
    def total(self) -> int | None:
        return None

    async def rows(self, after: Key | None, limit: int) -> list[tuple[Key, Row]]:
        wanted = 0 if after is None else int(after[0])
        if wanted < self._at:
            self._begin_anew()
        found: list[tuple[Key, Row]] = []
        try:
            while len(found) < limit and (row := next(self._rows, None)) is not None:
                self._at += 1
                if self._at > wanted:
                    found.append(([self._at], row))
        except (OSError, csv.Error) as error:
            raise SourceUnusableError(f"{self._path}: row {self._at + 1}: {error}") from None
        return found

    async def aclose(self) -> None:
        self._stream.close()

    def _begin_anew(self) -> None:
        self._stream.seek(0)
        self._at = 0
        self._rows = self._read()

    def _read(self) -> Iterator[Row]:
        return map(_row, filter(str.strip, self._stream)) if self._json else _table(self._stream)

    def _columns(self) -> tuple[str, ...]:
        """The headings; of JSON, the names in the first lines."""
        if not self._json:
            headings = next(csv.reader(self._stream), [])
            self._begin_anew()
            return tuple(headings)
        names: dict[str, None] = {}
        for _, row in zip(range(100), self._rows, strict=False):
            names |= dict.fromkeys(row)
        self._begin_anew()
        return tuple(names)


def _table(stream: IO[str]) -> Iterator[Row]:
    for row in csv.DictReader(stream):
        yield {name: value for name, value in row.items() if name is not None}


def _row(line: str) -> Row:
    """An object; whatever else stands in the line is a row without anything in it."""
    try:
        value: Any = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
