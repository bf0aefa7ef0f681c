"""Copying the file while others write to it, and putting a copy in its place while nobody does."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from lingpai.storage.port import OnProgress, StorageUnavailableError
from lingpai.storage.port_files import DatabaseInUseError
from lingpai.storage.sql.dialects.sqlite import faults
from lingpai.storage.sql.dialects.sqlite.connections import Connections

_PAGES: Final = 2_000
"""Pages copied between two looks at how far it is."""
# Where every SQLite process holds a lock while it has the file open in WAL mode:
# https://www.sqlite.org/src/file/src/os.h (SHARED_FIRST, SHARED_SIZE).
_SHARED_FIRST: Final = 0x40000002
_SHARED_SIZE: Final = 510
_BESIDE: Final = ("", "-wal", "-shm")


def snapshot(path: Path, to: BinaryIO, on_progress: OnProgress | None = None) -> list[str]:
    """Copy the database at `path` into the empty file `to`, as it is at one moment; the URLs of its pictures.

    Writers do not wait. `to` has no name any more: a copy that is killed leaves nothing behind.
    Raises StorageUnavailableError.
    """
    try:
        source = Connections(path, reading=True)
        try:
            # A read that stays open is what keeps the copy at one moment, and SQLite from beginning it anew.
            source.cursor.execute("BEGIN")
            pictures = _pictures(source)
            _copy(source.db, to, on_progress)
        finally:
            source.close()
    except (sqlite3.Error, OSError) as error:
        raise StorageUnavailableError(faults.reason(error)) from error
    return pictures


@contextmanager
def nameless(folder: Path) -> Iterator[BinaryIO]:
    """An empty file in `folder` that is gone with its last reader. Raises OSError."""
    name = folder / f".lingpai-{os.getpid()}.snapshot"
    name.unlink(missing_ok=True)
    with open(name, "w+b", opener=lambda path, flags: os.open(path, flags | os.O_EXCL, 0o600)) as stream:
        try:
            yield stream
        finally:
            name.unlink(missing_ok=True)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else has the database open, and nobody can open it. Raises DatabaseInUseError, StorageUnavailableError."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError as error:
        raise StorageUnavailableError(f"{path}: {error.strerror}") from None
    try:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
        except OSError:
            raise DatabaseInUseError(f"{path} is in use") from None
        yield
    finally:
        os.close(handle)


def checkpoint(path: Path) -> None:
    """Bring what the write-ahead log holds into the file, as far as that can be done."""
    with suppress(sqlite3.Error):
        to = Connections(path, reading=False)
        try:
            to.cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            to.close()


def settle(path: Path) -> None:
    """Make one whole file of a database that nobody else has open, and look whether it is sound.

    Raises StorageUnavailableError.
    """
    try:
        to = Connections(path, reading=False)
        try:
            (said,) = to.cursor.execute("PRAGMA quick_check(1)").fetchone()
            to.cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            to.close()
    except sqlite3.Error as error:
        raise StorageUnavailableError(faults.reason(error)) from error
    if said != "ok":
        raise StorageUnavailableError("the file is damaged")


def install(staged: Path, path: Path, former: Path) -> None:
    """Put `staged` in the place of `path`; what was there goes to `former`, its write-ahead log with it.

    A log that stayed would be taken for the new file's. Raises StorageUnavailableError.
    """
    try:
        _synced(staged)
        for tail in reversed(_BESIDE):  # the database last: until then the former one is whole under its name
            with suppress(FileNotFoundError):
                Path(f"{path}{tail}").rename(f"{former}{tail}")
        staged.rename(path)
        _synced(path.parent)
    except OSError as error:
        raise StorageUnavailableError(f"{error.filename}: {error.strerror}") from None


def discard(path: Path) -> None:
    """Remove a database that was never put in place."""
    for tail in _BESIDE:
        Path(f"{path}{tail}").unlink(missing_ok=True)


def _pictures(source: Connections) -> list[str]:
    there = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'avatars'"
    if source.cursor.execute(there).fetchone()[0] == 0:
        return []
    query = "SELECT url FROM avatars WHERE user_id IS NOT NULL ORDER BY url"
    return [url for (url,) in source.cursor.execute(query)]


def _copy(source: sqlite3.Connection, to: BinaryIO, on_progress: OnProgress | None) -> None:
    target = sqlite3.connect(to.name, isolation_level=None)
    Path(to.name).unlink()
    try:
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")

        def copied(_status: int, remaining: int, total: int) -> None:
            if on_progress is not None:
                on_progress(total - remaining, total)

        source.backup(target, pages=_PAGES, progress=copied, sleep=0.0)
    finally:
        target.close()


def _synced(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
