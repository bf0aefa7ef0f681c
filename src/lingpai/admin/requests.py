"""What somebody may ask an operator for: everything about them, and to be forgotten."""

from typing import Final

from lingpai.accounts import Erasing, Exports, PersonExport, Receipt
from lingpai.admin.audit import AuditLog
from lingpai.clock import Clock
from lingpai.model import Actor, Erasure, user_digest
from lingpai.storage.port import OnProgress, Store


class RequestsAdmin:
    """Hands out and erases, for a person who asked."""

    def __init__(self, store: Store, exports: Exports, erasing: Erasing, clock: Clock) -> None:
        self._store: Final = store
        self._exports: Final = exports
        self._erasing: Final = erasing
        self._audit: Final = AuditLog(store, clock)

    async def export(self, user_id: str, *, by: Actor) -> PersonExport | None:
        """Everything about one person; None when there is no such user. Raises what `Exports.of` raises."""
        if await self._store.users.get(user_id) is None:
            return None
        async with self._audit.doing(by, "user.exported", user_id):
            return await self._exports.of(user_id, "operator")

    async def erase(self, user_id: str, *, by: Actor) -> Receipt | None:
        """Erase one person; None when there is no such user.

        The audit log keeps what the ledger of erasures keeps, a digest: the id itself would lead from the erasure to
        the person's other lines.
        """
        if await self._store.users.get(user_id) is None:
            return None
        async with self._audit.doing(by, "user.erased", None, user_digest=user_digest(user_id).hex()):
            return await self._erasing.erase(user_id, "operator")

    async def erased(self) -> list[Erasure]:
        """Every erasure on record, oldest first."""
        return await self._erasing.ledger()

    async def replay(
        self, ledger: list[Erasure], *, by: Actor, on_progress: OnProgress | None = None
    ) -> list[Erasure]:
        """Erase everybody in `ledger` who is here, after a restored backup; the erasures that were done again."""
        async with self._audit.doing(by, "erasures.replayed", None, erasures=str(len(ledger))):
            return await self._erasing.replay(ledger, on_progress)
