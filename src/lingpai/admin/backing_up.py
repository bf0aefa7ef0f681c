"""Making a backup: the database at one moment, the pictures it knows, in one file that is whole or not there."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from lingpai.accounts import AVATARS
from lingpai.admin.backup_archive import ABOUT, DATABASE, FORMAT, PICTURES, About, ArchiveWriter, written
from lingpai.clock import Clock
from lingpai.storage.blobs import Blobs
from lingpai.storage.open import file_of, files, schema_state
from lingpai.storage.port import OnProgress, SchemaMismatchError

_PART: Final = ".part"
_AT_ONCE: Final = 32


class BackupElsewhereError(ValueError):
    """The database is no file: its own tools back it up."""


class BackupFailedError(Exception):
    """The file cannot be written; the message says why."""


class BackupExistsError(ValueError):
    """A backup is never overwritten."""


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that is there."""

    file: str
    bytes: int
    made_at: int
    sealed: bool
    schema: str
    pictures: int
    pictures_missing: int
    """On record, and not found: taken away while the backup ran, or lost before."""


class BackingUp:
    """Makes backups of one database that is a file."""

    def __init__(self, url: str, blobs: Blobs | None, clock: Clock, *, release: str) -> None:
        """Without `blobs`, pictures are left out. Raises BackupElsewhereError."""
        path = file_of(url)
        if path is None:
            raise BackupElsewhereError("this database is not a file")
        self._url: Final = url
        self._path: Final = path
        self._blobs: Final = blobs
        self._clock: Final = clock
        self._release: Final = release

    async def make(
        self,
        file: Path,
        master_key: bytes | None,
        *,
        on_copied: OnProgress | None = None,
        on_written: OnProgress | None = None,
    ) -> Made:
        """Write a backup, sealed under the master key unless that is None.

        Raises BackupExistsError, BackupFailedError, SchemaMismatchError, StorageUnavailableError,
        BlobsUnavailableError.
        """
        refuse_existing(file)
        state = schema_state(self._url)
        if state.found is None:
            raise SchemaMismatchError(None, state.wanted)
        try:
            return await self._made(file, master_key, state.found, on_copied, on_written)
        except OSError as error:
            raise BackupFailedError(f"{error.filename or file}: {error.strerror}") from None

    async def _made(
        self,
        file: Path,
        master_key: bytes | None,
        schema: str,
        on_copied: OnProgress | None,
        on_written: OnProgress | None,
    ) -> Made:
        made_at = self._clock.now()
        with files().nameless(self._path.parent) as copy:
            pictures = await asyncio.to_thread(files().snapshot, self._path, copy, on_copied)
            names = [url.removeprefix(AVATARS) for url in pictures] if self._blobs is not None else []
            about = About(
                format=FORMAT,
                made_at=made_at,
                release=self._release,
                schema=schema,
                database_bytes=os.fstat(copy.fileno()).st_size,
                pictures=len(names),
            )
            with _new_file(file) as stream, written(stream, master_key) as archive:
                archive.add(ABOUT, msgspec.json.encode(about))
                await asyncio.to_thread(_add_database, archive, copy, about.database_bytes, on_written)
                kept = await self._add_pictures(archive, names)
            written_bytes = _size(file)
        return Made(
            file=str(file),
            bytes=written_bytes,
            made_at=made_at,
            sealed=master_key is not None,
            schema=schema,
            pictures=kept,
            pictures_missing=len(names) - kept,
        )

    async def _add_pictures(self, archive: ArchiveWriter, names: list[str]) -> int:
        kept = 0
        for start in range(0, len(names), _AT_ONCE):
            some = names[start : start + _AT_ONCE]
            assert self._blobs is not None  # noqa: S101 - without it there are no names
            for name, data in zip(some, await asyncio.gather(*map(self._blobs.get, some)), strict=True):
                if data is not None:
                    archive.add(PICTURES + name, data)
                    kept += 1
        return kept


def refuse_existing(file: Path) -> None:
    """Raises BackupExistsError."""
    if file.exists():
        raise BackupExistsError(f"{file} is there already")


def _size(file: Path) -> int:
    return file.stat().st_size


def _add_database(archive: ArchiveWriter, copy: BinaryIO, size: int, on_written: OnProgress | None) -> None:
    done = 0

    def count(read: int) -> None:
        nonlocal done
        done += read
        if on_written is not None:
            on_written(done, size)

    copy.seek(0)
    archive.stream(DATABASE, size, copy, count)


@contextmanager
def _new_file(file: Path) -> Iterator[BinaryIO]:
    """A file that appears under its name when the block has ended, durable and for its owner's eyes only.

    Raises BackupExistsError, OSError.
    """
    part = file.with_name(file.name + _PART)
    part.unlink(missing_ok=True)  # of one that was killed; its rights may be others
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(part, file)  # unlike a rename, it overwrites nothing
        except FileExistsError:
            raise BackupExistsError(f"{file} is there already") from None
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    handle = os.open(file.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
