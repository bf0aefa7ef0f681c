"""The store's part about the audit log."""

from typing import Final

from lingpai.model import AuditChain, AuditEntry, AuditHead, AuditRow
from lingpai.storage.sql import audit
from lingpai.storage.sql.insistence import insistently
from lingpai.storage.sql.port import Dialect


class SqlAudit:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def append(self, entry: AuditEntry) -> AuditRow:
        # every node wants the one end of the chain
        return await insistently(self._dialect, lambda connection: audit.append(connection, entry))

    async def chain(self) -> AuditChain:
        return await self._dialect.read(audit.chain)

    async def page(self, limit: int, *, before: int | None = None) -> list[AuditRow]:
        return await self._dialect.read(lambda connection: audit.page(connection, limit, before))

    async def after(self, position: int, limit: int) -> list[AuditRow]:
        return await self._dialect.read(lambda connection: audit.after(connection, position, limit))

    async def prune(self, to: AuditHead, limit: int) -> int:
        return await self._dialect.write(lambda connection: audit.prune(connection, to, limit))
