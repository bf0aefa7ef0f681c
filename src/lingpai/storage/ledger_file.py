"""A file that outlives the database: what must not come back with a backup, a line each, only ever appended.

A line is JSON and ends with a newline. One without it was being written when the process died: nobody was told
that it is there, so it does not count.
"""

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec

What = Literal["user_erased", "service_key_revoked", "operator_key_revoked"]


class LedgerLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that was taken away for good. It tells neither a person nor a key."""

    what: What
    id: str
    """The erasure's audit id, or the key's id."""
    at: int
    """Milliseconds since 1970."""
    user_digest: str = ""
    """SHA-256 in hex; of `user_erased` alone."""


class LedgerUnusableError(Exception):
    """The file cannot be read or written; the message says why."""


class LedgerFile:
    """One file. Each call opens it: it may lie on a disk that is exchanged, and others write to it, too."""

    def __init__(self, path: Path) -> None:
        self.path: Final = path

    def read(self) -> tuple[list[LedgerLine], int]:
        """The lines, oldest first, each once; and how many cannot be read. No file is no lines.

        Raises LedgerUnusableError.
        """
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return [], 0
        except OSError as error:
            raise LedgerUnusableError(f"{self.path}: cannot be read: {error.strerror}") from None
        whole, _, _torn = text.rpartition(b"\n")
        found: dict[tuple[str, str], LedgerLine] = {}
        unreadable = 0
        for line in whole.split(b"\n"):
            if not line.strip():
                continue
            try:
                entry = msgspec.json.decode(line, type=LedgerLine)
            except msgspec.DecodeError:
                unreadable += 1
            else:
                found.setdefault((entry.what, entry.id), entry)
        return list(found.values()), unreadable

    def append(self, lines: Sequence[LedgerLine]) -> None:
        """Returns once the lines are durable. Raises LedgerUnusableError."""
        try:
            new = not self.path.exists()
            handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                # Behind a line that was torn: it stays unreadable, and spoils no other.
                torn = _ends_torn(handle)
                told = b"\n" * torn + b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
                if os.write(handle, told) != len(told):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(handle)
            finally:
                os.close(handle)
            if new:
                _sync(self.path.parent)
        except OSError as error:
            raise LedgerUnusableError(f"{self.path}: cannot be written: {error.strerror}") from None


def _ends_torn(handle: int) -> bool:
    size = os.lseek(handle, 0, os.SEEK_END)
    return size > 0 and os.pread(handle, 1, size - 1) != b"\n"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
