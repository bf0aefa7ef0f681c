"""What remembering promises of the audit log; part of `port.py`."""

from typing import Protocol

from lingpai.model import AuditChain, AuditEntry, AuditHead, AuditRow


class Audit(Protocol):
    """Rows are appended, read, and removed from the front; there is no way to change one."""

    async def append(self, entry: AuditEntry) -> AuditRow:
        """Put an entry at the end of the chain. Of any number of writers, each gets a place of its own."""
        ...

    async def chain(self) -> AuditChain:
        """Both ends, as they stand on record."""
        ...

    async def page(self, limit: int, *, before: int | None = None) -> list[AuditRow]:
        """Newest first; `before` is the position of the last row of the page before."""
        ...

    async def after(self, position: int, limit: int) -> list[AuditRow]:
        """Oldest first, those behind `position`."""
        ...

    async def prune(self, to: AuditHead, limit: int) -> int:
        """Remove the oldest rows up to and with `to`, `limit` at most; the anchor follows. How many went.

        0, nothing removed: the row at that position has another hash, or is gone.
        """
        ...
