"""What is promised of a table that is not ours, or of a file with rows: it is read in the order of a key, from any place."""

from typing import Any, Protocol

Row = dict[str, Any]
"""By the name of the column."""
Key = list[str | int]
"""Where a row stands among the others. It can be written down, and reading goes on behind it."""


class SourceUnusableError(ValueError):
    """The source cannot be read; the message says why, and names no password."""


class Source(Protocol):
    """Rows of somebody else's. Nothing is ever written there."""

    @property
    def columns(self) -> tuple[str, ...]:
        """In their order there."""
        ...

    @property
    def total(self) -> int | None:
        """How many rows there were when it was opened, if that is known."""
        ...

    async def rows(self, after: Key | None, limit: int) -> list[tuple[Key, Row]]:
        """The next rows. Raises SourceUnusableError."""
        ...

    async def aclose(self) -> None: ...
