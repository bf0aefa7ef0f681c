"""The audit log in memory."""

from typing import Final

from lingpai.model import AuditChain, AuditEntry, AuditHead, AuditRow, chained
from lingpai.storage.memory.fitting import fit
from lingpai.storage.memory.tables import Tables
from lingpai.storage.port import UnfitError


class MemoryAudit:
    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def append(self, entry: AuditEntry) -> AuditRow:
        fit(entry)
        try:
            row = chained(self._head(), entry)
        except UnicodeEncodeError:
            raise UnfitError("UnicodeEncodeError") from None
        self._tables.audit.append(row)
        return row

    async def chain(self) -> AuditChain:
        return AuditChain(anchor=self._tables.audit_anchor, head=self._head())

    async def page(self, limit: int, *, before: int | None = None) -> list[AuditRow]:
        rows = [row for row in self._tables.audit if before is None or row.position < before]
        return rows[::-1][:limit]

    async def after(self, position: int, limit: int) -> list[AuditRow]:
        return [row for row in self._tables.audit if row.position > position][:limit]

    async def prune(self, to: AuditHead, limit: int) -> int:
        rows = self._tables.audit
        if not any(AuditHead(row.position, row.hash) == to for row in rows):
            return 0
        gone = [row for row in rows if row.position <= to.position][:limit]
        self._tables.audit = rows[len(gone) :]
        self._tables.audit_anchor = AuditHead(gone[-1].position, gone[-1].hash)
        return len(gone)

    def _head(self) -> AuditHead:
        if not self._tables.audit:
            return self._tables.audit_anchor
        last = self._tables.audit[-1]
        return AuditHead(last.position, last.hash)
