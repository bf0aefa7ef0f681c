"""What can be done with a database that is a file, beside opening it: copying it whole, putting a copy in its place."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

from lingpai.storage.port import OnProgress


class DatabaseInUseError(Exception):
    """Another process has the database open."""


class FileDatabases(Protocol):
    """Each raises StorageUnavailableError for what the disk or the file says. All block: not for an event loop."""

    def nameless(self, folder: Path) -> AbstractContextManager[BinaryIO]:
        """An empty file in `folder` that is gone with its last reader. Raises OSError."""
        ...

    def snapshot(self, path: Path, to: BinaryIO, on_progress: OnProgress | None = None) -> list[str]:
        """Copy the database at `path` into a nameless file, as it is at one moment; the URLs of its pictures.

        Writers do not wait, and a copy that is killed leaves nothing behind.
        """
        ...

    def alone(self, path: Path) -> AbstractContextManager[None]:
        """Nobody else has the database open, and nobody can open it. Raises DatabaseInUseError."""
        ...

    def checkpoint(self, path: Path) -> None:
        """Bring what the write-ahead log holds into the file, as far as that can be done."""
        ...

    def settle(self, path: Path) -> None:
        """Make one whole file of a database that nobody else has open; raises when it is not sound."""
        ...

    def install(self, staged: Path, path: Path, former: Path) -> None:
        """Put `staged` in the place of `path`; what was there goes to `former`."""
        ...

    def discard(self, path: Path) -> None:
        """Remove a database that was never put in place."""
        ...
