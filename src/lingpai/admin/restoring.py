"""Putting a backup in the place of a database that is a file."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final

import msgspec

from lingpai.accounts.ledger import every_erasure, line_of_erasure, revoked_keys
from lingpai.admin.after_restore import Followed
from lingpai.admin.backing_up import BackupElsewhereError
from lingpai.admin.backup_archive import BackupInvalidError
from lingpai.admin.unpacking import unpack
from lingpai.clock import Clock, rfc3339
from lingpai.storage.blobs import Blobs
from lingpai.storage.ledger_file import LedgerLine
from lingpai.storage.open import file_of, files, migrate, open_store, schema_state
from lingpai.storage.port import OnProgress, SchemaMismatchError, StorageError, Store

_STAGED: Final = ".restoring"

Follow = Callable[[Store, list[LedgerLine]], Awaitable[Followed]]
"""Sees to the database that came back, given what the former one knows to have been taken away."""


class PlaceTakenError(ValueError):
    """There is a database already."""


class RestoredFile(msgspec.Struct, frozen=True, kw_only=True):
    """A backup in its place."""

    made_at: int
    release: str
    pictures: int
    schema_found: str
    schema_now: str
    former: str | None
    """Where the database lies now that was there before."""
    followed: Followed


class Restoring:
    """Restores one database that is a file."""

    def __init__(self, url: str, blobs: Blobs, clock: Clock) -> None:
        """Raises BackupElsewhereError."""
        path = file_of(url)
        if path is None:
            raise BackupElsewhereError("this database is not a file")
        self._url: Final = url
        self._path: Final = path
        self._staged: Final = path.with_name(path.name + _STAGED)
        self._blobs: Final = blobs
        self._clock: Final = clock

    async def restore(
        self,
        file: Path,
        master_keys: Sequence[bytes],
        follow: Follow,
        *,
        force: bool = False,
        on_read: OnProgress | None = None,
    ) -> RestoredFile:
        """Unpack, bring up to date, see to it, put it in place: the last step is a rename.

        Raises PlaceTakenError, DatabaseInUseError, BackupInvalidError, OtherKeyError, SchemaMismatchError,
        MasterKeyWrongError, StorageUnavailableError, BlobsUnavailableError, OSError.
        """
        there = _is_there(self._path)
        if there and not force:
            raise PlaceTakenError(f"{self._path} is there already")
        if there:
            files().checkpoint(self._path)
        with self._alone(there=there):
            pass  # before an hour's work is done for nothing
        about, pictures = await unpack(file, master_keys, self._staged, self._blobs, on_read)
        try:
            found, now = await asyncio.to_thread(self._migrated)
            known = await self._known_before() if there else []
            store = await open_store(f"sqlite:///{self._staged}", clock=self._clock)
            try:
                followed = await follow(store, known)
            finally:
                await store.aclose()
            former = _former(self._path, self._clock.now())
            await asyncio.to_thread(files().settle, self._staged)
            with self._alone(there=there):
                files().install(self._staged, self._path, former)
        finally:
            files().discard(self._staged)
        return RestoredFile(
            made_at=about.made_at,
            release=about.release,
            pictures=pictures,
            schema_found=found,
            schema_now=now,
            former=str(former) if there else None,
            followed=followed,
        )

    def _alone(self, *, there: bool) -> AbstractContextManager[None]:
        return files().alone(self._path) if there else nullcontext()

    def _migrated(self) -> tuple[str, str]:
        """A copy may be migrated at once: the backup itself stays as it is."""
        url = f"sqlite:///{self._staged}"
        files().settle(self._staged)
        found = schema_state(url).found
        if found is None:
            raise BackupInvalidError("the database in it is empty")
        _, now = migrate(url)
        return found, now

    async def _known_before(self) -> list[LedgerLine]:
        """What the former database knows to have been taken away; nothing, if it cannot be read any more."""
        try:
            store = await open_store(self._url, clock=self._clock)
        except (StorageError, SchemaMismatchError):
            return []
        try:
            erased = [line_of_erasure(each) for each in await every_erasure(store)]
            keys = await revoked_keys(store)
        except StorageError:
            return []
        finally:
            await store.aclose()
        return erased + keys


def _is_there(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _former(path: Path, now: int) -> Path:
    """A name that is free: the former database may be all that somebody has."""
    stamp = rfc3339(now).replace(":", "").replace("-", "")
    names = (
        f"{path.name}.before-{stamp}{tail}" for tail in ("", *(f"-{number}" for number in range(2, 1_000)))
    )
    return next(other for name in names if not (other := path.with_name(name)).exists())
