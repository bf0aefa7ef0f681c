"""Opening the file: which one a URL means, and with what settings."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

_PREFIX: Final = "sqlite:///"
BUSY_SECONDS: Final = 5.0
"""How long another process may hold the write lock before callers are told."""

# FULL: the write-ahead log is synced before a commit is told. Few, larger checkpoints: a page that many
# commits touch is copied once. The size limit gives the log's space back after a burst.
_WRITER: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA wal_autocheckpoint = 8000",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA cache_size = -8000",
    "PRAGMA trusted_schema = OFF",
    # What is deleted or overwritten is overwritten with zeros: an erased person leaves nothing in the file.
    "PRAGMA secure_delete = ON",
)
_READER: Final = (
    "PRAGMA query_only = ON",
    "PRAGMA cache_size = -2000",
    "PRAGMA trusted_schema = OFF",
)


def path_of(url: str) -> Path:
    """`sqlite:///relative.db` and `sqlite:////absolute.db`, as SQLAlchemy has them.

    Raises ValueError for anything else; memory has a scheme of its own.
    """
    name = url.removeprefix(_PREFIX)
    if not url.startswith(_PREFIX) or not name or "?" in name or name.startswith(":"):
        raise ValueError("expected sqlite:///relative.db or sqlite:////absolute.db, without options")
    return Path(name)


def create_file(path: Path) -> None:
    """An empty database that only its owner can read, unless there is one already.

    SQLite gives the write-ahead log the mode of the database.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


class Connections:
    """One connection to the file, as the driver's (`db`) and as SQLAlchemy's (`core`).

    SQLAlchemy never begins or commits on it: transactions are the driver's, and the writer's to decide.
    """

    def __init__(self, path: Path, *, reading: bool, busy_seconds: float = BUSY_SECONDS) -> None:
        """Raises sqlite3.Error; a missing file is not made."""
        self.db: Final = sqlite3.connect(
            f"file:{quote(str(path))}?mode=rw",
            uri=True,
            timeout=busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        self.cursor: Final = self.db.cursor()
        self.taken_at: float | None = None
        """When the batch that is being written was taken up, on the monotonic clock."""
        try:
            for pragma in _READER if reading else _WRITER:
                self.cursor.execute(pragma).fetchall()
        except BaseException:
            self.db.close()
            raise
        # Now, not when first asked for: SQLAlchemy rolls back once when it meets a new database.
        self._engine: Final = create_engine(
            "sqlite://", creator=lambda: self.db, poolclass=StaticPool, pool_reset_on_return=None
        )
        self.core: Final[Connection] = self._engine.connect()

    def close(self) -> None:
        with suppress(Exception):  # whatever it says, the connection below it is closed next
            self.core.close()
            self._engine.dispose()
        with suppress(sqlite3.Error):
            self.db.close()
