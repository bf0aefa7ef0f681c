"""Blobs as files in a folder."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from lingpai.storage.blobs.port import BlobsUnavailableError, fit_name

T = TypeVar("T")
_THREADS: Final = 4
_PART: Final = ".part"


class FolderBlobs:
    """One file a blob, in sub-folders by the first two digits; only the server's own user may read them."""

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder
        self._pool: Final = ThreadPoolExecutor(_THREADS, thread_name_prefix="lingpai-blobs")

    async def put(self, name: str, data: bytes) -> None:
        await self._run(lambda path: _write(path, data), name)

    async def get(self, name: str) -> bytes | None:
        return await self._run(_read, name)

    async def delete(self, name: str) -> None:
        await self._run(_remove, name)

    async def aclose(self) -> None:
        self._pool.shutdown()

    async def _run(self, work: Callable[[Path], T], name: str) -> T:
        path = self._folder / fit_name(name)[:2] / name
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, path)
        except (OSError, RuntimeError) as error:  # RuntimeError: the pool is closed
            raise BlobsUnavailableError(
                f"{type(error).__name__}: {getattr(error, 'strerror', '')}"
            ) from error


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: written aside, synced, renamed, and the name synced, too."""
    path.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileExistsError):
        path.parent.mkdir(mode=0o700)
        _sync(path.parent.parent)
    part = path.with_suffix(path.suffix + _PART)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _remove(path: Path) -> None:
    """Also what a writer left that was killed half way."""
    path.with_suffix(path.suffix + _PART).unlink(missing_ok=True)
    try:
        path.unlink()
    except FileNotFoundError:
        return
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
