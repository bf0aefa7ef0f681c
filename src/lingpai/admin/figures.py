"""How many users and running sessions there are: counted beside the pages, told often.

Over a million sessions a count takes as long as a whole page may; so nobody waits for it for long, one count serves
everybody who looks meanwhile, and the longer it takes the more seldom it is made.
"""

import asyncio
from typing import Final

import msgspec

from lingpai.clock import Clock
from lingpai.storage.port import StorageError, Store

_FRESH: Final = 2.0
"""Seconds in which nothing is counted anew."""
_SELDOM: Final = 20.0
"""How many times as long as the count took its result is told."""
_PATIENCE: Final = 0.1
"""Seconds a page waits for a count."""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted."""

    users: int
    running: int


class Figures:
    """Counts, once for all who ask at a time."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._known: Counts | None = None
        self._fresh_until = float("-inf")
        self._counting: asyncio.Task[None] | None = None

    async def counts(self) -> Counts | None:
        """The last count. None: the first one is still being made, or the database does not answer."""
        if self._counting is None and self._clock.monotonic() >= self._fresh_until:
            self._counting = asyncio.create_task(self._count())
        if self._counting is not None:
            await asyncio.wait([self._counting], timeout=_PATIENCE)
        return self._known

    async def _count(self) -> None:
        began = self._clock.monotonic()
        try:
            self._known = Counts(
                users=await self._store.users.count(),
                running=await self._store.sessions.count_running(self._clock.now()),
            )
        except StorageError:
            self._known = None
        finally:
            ended = self._clock.monotonic()
            self._fresh_until = ended + max(_FRESH, (ended - began) * _SELDOM)
            self._counting = None
