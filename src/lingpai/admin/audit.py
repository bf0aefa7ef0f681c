"""The audit log: what people do here is noted before it is done. No note, no action."""

import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import msgspec

from lingpai.clock import Clock, rfc3339
from lingpai.model import Actor, ActorKind, AuditEntry, AuditHead, AuditRow
from lingpai.storage.port import Store

THIS_SERVER: Final = Actor("server", "server", "lingpai")
"""Who does what nobody asked for."""

_LONGEST: Final = {"id": 80, "name": 200, "about": 200, "detail": 500}
_PAGE: Final = 1_000


class ShownEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A row as people may see it, and as it is exported: from this the hash can be made again."""

    position: int
    at: int
    """Milliseconds since 1970."""
    time: str
    """The same in RFC 3339, UTC."""
    actor_kind: ActorKind
    actor_id: str
    actor_name: str
    action: str
    about: str | None
    details: dict[str, str]
    previous: str
    hash: str


class AuditLog:
    """Writes and reads the audit log."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store: Final = store
        self._clock: Final = clock

    async def note(self, actor: Actor, action: str, about: str | None = None, **details: str) -> AuditRow:
        """Append an entry; it is durable when this returns. Texts that are too long are cut, control characters shown.

        Raises StorageUnavailableError: then the action must not happen.
        """
        return await self._store.audit.append(
            AuditEntry(
                at=self._clock.now(),
                actor=Actor(actor.kind, _fit(actor.id, _LONGEST["id"]), _fit(actor.name, _LONGEST["name"])),
                action=action,
                about=None if about is None else _fit(about, _LONGEST["about"]),
                details={name: _fit(value, _LONGEST["detail"]) for name, value in details.items()},
            )
        )

    @asynccontextmanager
    async def doing(
        self, actor: Actor, action: str, about: str | None = None, **details: str
    ) -> AsyncIterator[None]:
        """Note an action, then let it happen; when it raises, `<action>_failed` is noted, too."""
        await self.note(actor, action, about, **details)
        try:
            yield
        except BaseException as error:
            await self.note(actor, f"{action}_failed", about, error=type(error).__name__)
            raise

    async def page(self, limit: int, *, before: int | None = None) -> list[ShownEntry]:
        """Newest first; `before` is the last position of the page before."""
        return [shown(row) for row in await self._store.audit.page(limit, before=before)]

    async def head(self) -> AuditHead:
        """Where the chain ends; kept elsewhere, it later tells whether the end was cut off."""
        return (await self._store.audit.chain()).head

    async def everything(self) -> AsyncIterator[ShownEntry]:
        """Every row, oldest first."""
        position = 0
        while rows := await self._store.audit.after(position, _PAGE):
            for row in rows:
                yield shown(row)
            position = rows[-1].position


def shown(row: AuditRow) -> ShownEntry:
    """A row as people may see it."""
    entry = row.entry
    return ShownEntry(
        position=row.position,
        at=entry.at,
        time=rfc3339(entry.at),
        actor_kind=entry.actor.kind,
        actor_id=entry.actor.id,
        actor_name=entry.actor.name,
        action=entry.action,
        about=entry.about,
        details=entry.details,
        previous=row.previous.hex(),
        hash=row.hash.hex(),
    )


def _fit(text: str, longest: int) -> str:
    """A text that every database holds and no terminal obeys."""
    safe = "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in ("Cc", "Cs") else c for c in text
    )
    return safe if len(safe) <= longest else safe[: longest - 1] + "…"
