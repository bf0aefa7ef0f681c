"""Taking a backup file apart: the database beside its future place, the pictures where pictures lie."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from lingpai.admin.backup_archive import About, ArchiveReader, BackupInvalidError, opened
from lingpai.storage.blobs import Blobs, BlobsUnavailableError
from lingpai.storage.open import files
from lingpai.storage.port import OnProgress

_AT_ONCE: Final = 32


async def unpack(
    file: Path,
    master_keys: Sequence[bytes],
    staged: Path,
    blobs: Blobs,
    on_progress: OnProgress | None = None,
) -> tuple[About, int]:
    """Write the backup's database to `staged` and its pictures to `blobs`; what it says, and how many pictures came.

    When the file turns out not to be whole, nothing of it stays. `on_progress` counts the database's bytes.
    Raises BackupInvalidError, OtherKeyError, BlobsUnavailableError, OSError.
    """
    _readable(file)
    files().discard(staged)
    put: list[str] = []
    try:
        with file.open("rb") as stream, opened(stream, master_keys) as archive:
            about = archive.about()
            await asyncio.to_thread(_write_database, archive, about, staged, on_progress)
            await _put_pictures(archive, blobs, put)
            archive.finish()
    except BaseException:
        files().discard(staged)
        for name in put:
            with suppress(BlobsUnavailableError):
                await blobs.delete(name)
        raise
    return about, len(put)


def _readable(file: Path) -> None:
    try:
        file.open("rb").close()
    except OSError as error:
        raise BackupInvalidError(f"{file}: {error.strerror}") from None


def _write_database(
    archive: ArchiveReader, about: About, staged: Path, on_progress: OnProgress | None
) -> None:
    done = 0

    def count(read: int) -> None:
        nonlocal done
        done += read
        if on_progress is not None:
            on_progress(done, about.database_bytes)

    with os.fdopen(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:
        archive.database(to, count)


async def _put_pictures(archive: ArchiveReader, blobs: Blobs, put: list[str]) -> None:
    waiting: list[tuple[str, bytes]] = []

    async def place(name: str, data: bytes) -> None:
        # One that is there is the same, and may be in use: it must not go when this file turns out broken.
        if await blobs.get(name) is None:
            put.append(name)
            await blobs.put(name, data)

    async def flush() -> None:
        try:
            await asyncio.gather(*(place(name, data) for name, data in waiting))
        except ValueError:
            raise BackupInvalidError("there is something in it that does not belong there") from None
        waiting.clear()

    for name, data in archive.pictures():
        waiting.append((name, data))
        if len(waiting) >= _AT_ONCE:
            await flush()
    await flush()
