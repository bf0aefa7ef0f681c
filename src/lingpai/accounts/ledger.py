"""The ledger of what was taken away for good: kept beside the database, so that a backup cannot bring it back.

The database is written first, then the ledger, then somebody is told. So a ledger that knows more than its
database means one thing: the database is older, it came from a backup.
"""

import asyncio
from contextlib import suppress
from typing import Final

from lingpai.model import Erasure
from lingpai.observe import logger
from lingpai.storage.ledger_file import LedgerFile, LedgerLine, LedgerUnusableError
from lingpai.storage.port import StorageUnavailableError, Store

_PAGE: Final = 500


class Ledger:
    """The ledger of one database; without a file it is nobody's, and does nothing."""

    def __init__(self, store: Store, file: LedgerFile | None) -> None:
        self._store: Final = store
        self._file: Final = file
        self._written: set[str] | None = None
        self._behind = False

    async def lines(self) -> list[LedgerLine]:
        """What the file holds, oldest first. Raises LedgerUnusableError."""
        if self._file is None:
            return []
        lines, unreadable = await asyncio.to_thread(self._file.read)
        if unreadable:
            logger().warning("ledger_damaged", lines=unreadable)
        return lines

    async def missing(self) -> list[LedgerLine]:
        """Lines that the database knows nothing of. Raises LedgerUnusableError, StorageUnavailableError."""
        lines = await self.lines()
        if not lines:
            return []
        erased = {each.user_digest.hex() for each in await every_erasure(self._store)}
        valid = {key.id for key in await self._store.keys.services() if key.revoked_at is None}
        valid |= {key.id for key in await self._store.operator_sessions.keys() if key.revoked_at is None}
        return [
            line
            for line in lines
            if (line.what == "user_erased" and line.user_digest not in erased)
            or (line.what != "user_erased" and line.id in valid)
        ]

    async def note(self) -> None:
        """Write down what was just taken away; what cannot be written now is left to `catch_up`."""
        with suppress(StorageUnavailableError):
            await self.catch_up()

    async def catch_up(self, *, whole: bool = False) -> None:
        """Write down what is on record and not in the file: the latest, or with `whole` all of it.

        When the file cannot be written, the log says so, once; the next call tries again.
        Raises StorageUnavailableError.
        """
        if self._file is None:
            return
        try:
            written = await self._known()
            new = [*await self._keys(written), *await self._erasures(written, whole=whole)]
            if new:
                await asyncio.to_thread(self._file.append, new)
        except LedgerUnusableError as trouble:
            if not self._behind:
                logger().error("ledger_behind", reason=str(trouble))
            self._behind = True
            return
        self._behind = False
        written |= {line.id for line in new}

    async def _keys(self, written: set[str]) -> list[LedgerLine]:
        return [line for line in await revoked_keys(self._store) if line.id not in written]

    async def _erasures(self, written: set[str], *, whole: bool) -> list[LedgerLine]:
        new: list[Erasure] = []
        last: str | None = None
        while page := await self._store.erasures.page(_PAGE, before=last):
            last = page[-1].id
            unknown = [each for each in page if each.id not in written]
            new += unknown
            if not (unknown or whole):
                break
        return [line_of_erasure(each) for each in reversed(new)]

    async def _known(self) -> set[str]:
        if self._written is None:
            self._written = {line.id for line in await self.lines()}
        return self._written


async def every_erasure(store: Store) -> list[Erasure]:
    """Every erasure on record, oldest first."""
    found: list[Erasure] = []
    while page := await store.erasures.page(_PAGE, before=found[-1].id if found else None):
        found += page
    return found[::-1]


async def revoked_keys(store: Store) -> list[LedgerLine]:
    """Every revoked key on record: of services and of operators."""
    return [
        *(
            LedgerLine(what="service_key_revoked", id=key.id, at=key.revoked_at)
            for key in await store.keys.services()
            if key.revoked_at is not None
        ),
        *(
            LedgerLine(what="operator_key_revoked", id=key.id, at=key.revoked_at)
            for key in await store.operator_sessions.keys()
            if key.revoked_at is not None
        ),
    ]


def line_of_erasure(erasure: Erasure) -> LedgerLine:
    """An erasure as the ledger has it."""
    return LedgerLine(what="user_erased", id=erasure.id, at=erasure.at, user_digest=erasure.user_digest.hex())


def erasures_of(lines: list[LedgerLine]) -> list[Erasure]:
    """The erasures among the lines; one whose digest is damaged is none."""
    found: list[Erasure] = []
    for line in lines:
        if line.what == "user_erased":
            try:
                digest = bytes.fromhex(line.user_digest)
            except ValueError:
                continue
            found.append(Erasure(id=line.id, user_digest=digest, at=line.at))
    return found
