"""Looking for entries of the audit log: a walk from the newest back, with an end to it."""

from typing import Final

import msgspec

from lingpai.admin.audit import AuditLog, ShownEntry

_STRIDE: Final = 500
_FARTHEST: Final = 1_000
"""Rows one question looks through; the next goes on where it ended."""


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted; an empty text wants everything. Case does not count."""

    who: str = ""
    """Part of the actor's kind, id or name."""
    action: str = ""
    """The beginning of the action."""
    about: str = ""
    """Part of what it was done to."""

    def fits(self, entry: ShownEntry) -> bool:
        """Whether all of it holds for `entry`."""
        who = f"{entry.actor_kind} {entry.actor_id} {entry.actor_name}".lower()
        return (
            self.who.lower() in who
            and entry.action.startswith(self.action.lower())
            and self.about.lower() in (entry.about or "").lower()
        )


class AuditPage(msgspec.Struct, frozen=True, kw_only=True):
    """Entries, newest first."""

    entries: list[ShownEntry]
    before: int | None
    """Where to go on; None: the log begins here."""
    looked_through: int


class AuditSearch:
    """Searches the log."""

    def __init__(self, log: AuditLog) -> None:
        self._log: Final = log

    async def page(self, wanted: AuditFilter, limit: int, before: int | None = None) -> AuditPage:
        """At most `limit` entries out of at most 1,000 rows."""
        entries: list[ShownEntry] = []
        looked = 0
        stride = limit if wanted == AuditFilter() else _STRIDE
        while looked < _FARTHEST:
            rows = await self._log.page(stride, before=before)
            for row in rows:
                looked, before = looked + 1, row.position
                if wanted.fits(row):
                    entries.append(row)
                if len(entries) == limit:
                    return AuditPage(entries=entries, before=before, looked_through=looked)
            if len(rows) < stride:
                return AuditPage(entries=entries, before=None, looked_through=looked)
        return AuditPage(entries=entries, before=before, looked_through=looked)
