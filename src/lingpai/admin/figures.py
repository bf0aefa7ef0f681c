"""How many users and running sessions there are: counted seldom, told often.

Over a million sessions a count takes as long as a page may; so one count serves everybody who looks meanwhile.
"""

import asyncio
from typing import Final

import msgspec

from lingpai.clock import SECOND, Clock
from lingpai.storage.port import Store

_FRESH: Final = 2.0
"""Seconds in which nothing is counted anew."""
_PATIENCE: Final = 20.0
"""How many times as long as the count took its result is told."""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted, and when."""

    users: int
    running: int
    at: int


class Figures:
    """Counts, once for all who ask at a time."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._known: Counts | None = None
        self._fresh_until = float("-inf")
        self._counting: asyncio.Lock = asyncio.Lock()

    async def counts(self) -> Counts:
        """At most a few seconds old; where counting is slow, at most twenty times as old as a count takes."""
        async with self._counting:
            began = self._clock.monotonic()
            if self._known is not None and began < self._fresh_until:
                return self._known
            now = self._clock.now()
            self._known = Counts(
                users=await self._store.users.count(),
                running=await self._store.sessions.count_running(now),
                at=now // SECOND * SECOND,
            )
            ended = self._clock.monotonic()
            self._fresh_until = ended + max(_FRESH, (ended - began) * _PATIENCE)
            return self._known
