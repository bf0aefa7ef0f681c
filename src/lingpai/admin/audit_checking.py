"""Whether the audit log is as it was written; and letting old rows go, once they were exported."""

from collections.abc import AsyncIterator, Iterable
from typing import Final, Literal

import msgspec

from lingpai.admin.audit import AuditLog, ShownEntry
from lingpai.clock import DAY, Clock, rfc3339
from lingpai.model import Actor, AuditHead, AuditRow, chain_hash
from lingpai.storage.port import Store

KEPT_DAYS: Final = 184
"""The longest six months; younger rows are never removed (MLPS 3 asks for six months)."""
_PAGE: Final = 1_000

Damage = Literal["altered", "missing", "unlinked", "cut", "not_the_head"]


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """One place where the chain does not hold."""

    position: int
    damage: Damage
    through: int
    """The last position concerned; `position` itself, or the end of a gap."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the chain."""

    rows: int
    first: int
    """The first position that is looked at; what lies before was pruned."""
    head: AuditHead
    """Where it ends by its rows."""
    broken: list[Broken]
    """Empty: every row is as it was written."""


class AuditInvalidError(ValueError):
    """What was given does not fit the audit log; the message says why."""


class AuditChecking:
    """Checks the chain; prunes it."""

    def __init__(self, store: Store, log: AuditLog, clock: Clock) -> None:
        self._store: Final = store
        self._log: Final = log
        self._clock: Final = clock

    async def verify(self, written_down: AuditHead | None = None) -> Verdict:
        """Walk over every row. `written_down` is a head that was kept elsewhere: it must be on the chain."""
        chain = await self._store.audit.chain()
        walk = _Walk(chain.anchor)
        met: bytes | None = (
            chain.anchor.hash if written_down and written_down.position == chain.anchor.position else None
        )
        async for row in self._rows():
            walk.step(row)
            if written_down is not None and row.position == written_down.position:
                met = row.hash
        end = walk.at
        walk.ends(chain.head, (await self._store.audit.chain()).head)
        if written_down is not None and written_down.position >= chain.anchor.position:
            walk.broken += _against(written_down, met, end)
        return Verdict(rows=walk.rows, first=chain.anchor.position + 1, head=walk.at, broken=walk.broken)

    async def prune(self, before: int, exported: Iterable[ShownEntry], by: Actor) -> int:
        """Remove rows from before this instant, every one of which must be in `exported`; how many went.

        The hash of the last one stays as the anchor, and the removal is noted itself.
        Raises AuditInvalidError: younger than six months, not exported whole, or the chain is broken.
        """
        if before > self._clock.now() - KEPT_DAYS * DAY:
            raise AuditInvalidError(f"the last {KEPT_DAYS} days of the audit log stay")
        verdict = await self.verify()
        if verdict.broken:
            raise AuditInvalidError("the audit log is broken; see lingpai audit verify")
        known = {entry.position: entry.hash for entry in exported}
        last: AuditHead | None = None
        async for row in self._rows():
            if row.entry.at >= before:
                break
            if known.get(row.position) != row.hash.hex():
                raise AuditInvalidError(f"row {row.position} is not in the export; export anew")
            last = AuditHead(row.position, row.hash)
        if last is None:
            return 0
        details = {"through": str(last.position), "hash": last.hash.hex(), "before": rfc3339(before)}
        removed = 0
        async with self._log.doing(by, "audit.pruned", None, **details):
            while went := await self._store.audit.prune(last, _PAGE):
                removed += went
        return removed

    async def _rows(self) -> AsyncIterator[AuditRow]:
        position = 0
        while rows := await self._store.audit.after(position, _PAGE):
            for row in rows:
                yield row
            position = rows[-1].position


class _Walk:
    """What one walk along the chain has seen."""

    def __init__(self, anchor: AuditHead) -> None:
        self.at = anchor
        self.rows = 0
        self.broken: list[Broken] = []

    def step(self, row: AuditRow) -> None:
        self.rows += 1
        expected = self.at.position + 1
        if row.position > expected:
            self.broken.append(Broken(position=expected, damage="missing", through=row.position - 1))
        if row.hash != chain_hash(row.previous, row.position, row.entry):
            self.broken.append(Broken(position=row.position, damage="altered", through=row.position))
        elif row.position < expected or (row.position == expected and row.previous != self.at.hash):
            self.broken.append(Broken(position=row.position, damage="unlinked", through=row.position))
        self.at = AuditHead(max(row.position, self.at.position), row.hash)

    def ends(self, before: AuditHead, after: AuditHead) -> None:
        """What the ends on record, before and after the walk, say against the last row that it saw."""
        last = self.at.position
        if last < before.position:
            self.broken.append(Broken(position=last + 1, damage="cut", through=before.position))
        elif last > after.position:
            self.broken.append(Broken(position=after.position + 1, damage="unlinked", through=last))
        elif self.at.position == before.position and self.at != before:
            self.broken.append(Broken(position=last, damage="not_the_head", through=last))


def _against(written_down: AuditHead, met: bytes | None, end: AuditHead) -> list[Broken]:
    """What the head that was kept elsewhere says against the chain."""
    if met == written_down.hash:
        return []
    if written_down.position > end.position:
        return [Broken(position=end.position + 1, damage="cut", through=written_down.position)]
    at = written_down.position
    return [Broken(position=at, damage="not_the_head", through=at)]
