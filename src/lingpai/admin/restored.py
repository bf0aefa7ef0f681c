"""Telling that a database came from a backup and was not seen to yet."""

from lingpai.accounts.ledger import Ledger, erasures_of
from lingpai.storage.port import StorageError, Store


class DatabaseOlderError(StorageError):
    """The database came from a backup, and what must follow a restore has not been done."""


async def refuse_older(store: Store, ledger: Ledger) -> None:
    """Raises DatabaseOlderError, LedgerUnusableError, StorageUnavailableError.

    A restore that was broken off, or a ledger that knows of erasures or revocations the database does not.
    A database without people takes the ledger over: there is nobody in it to forget.
    """
    last = await store.restores.latest()
    if last is not None and last.finished_at is None:
        raise DatabaseOlderError("a restore of it was not finished")
    missing = await ledger.missing()
    if not missing:
        return
    keys = any(line.what != "user_erased" for line in missing)
    if keys or await store.users.count():
        raise DatabaseOlderError(f"{len(missing)} lines of the ledger are not in it")
    await store.erasures.remember(erasures_of(missing))
