"""The store's part about the audit log."""

from typing import Final

from lingpai.model import AuditChain, AuditEntry, AuditHead, AuditRow
from lingpai.storage.port import ContendedError, TakenError
from lingpai.storage.sql import audit
from lingpai.storage.sql.port import Dialect

_TRIES: Final = 6
"""How often a row is written anew because another node was quicker: they all want the one end of the chain."""


class SqlAudit:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def append(self, entry: AuditEntry) -> AuditRow:
        for _ in range(_TRIES - 1):
            try:
                return await self._append(entry)
            except (TakenError, ContendedError):
                continue
        return await self._append(entry)

    async def chain(self) -> AuditChain:
        return await self._dialect.read(audit.chain)

    async def page(self, limit: int, *, before: int | None = None) -> list[AuditRow]:
        return await self._dialect.read(lambda connection: audit.page(connection, limit, before))

    async def after(self, position: int, limit: int) -> list[AuditRow]:
        return await self._dialect.read(lambda connection: audit.after(connection, position, limit))

    async def prune(self, to: AuditHead, limit: int) -> int:
        return await self._dialect.write(lambda connection: audit.prune(connection, to, limit))

    async def _append(self, entry: AuditEntry) -> AuditRow:
        return await self._dialect.write(lambda connection: audit.append(connection, entry))
