"""What names owe, and which places are taken, in memory."""

from collections.abc import Mapping
from typing import Final

from lingpai.clock import Clock
from lingpai.storage.memory.tables import Tables

_MILLISECOND: Final = 1_000


class MemoryLimits:
    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables: Final = tables
        self._clock: Final = clock

    async def spend(self, spent: Mapping[str, int]) -> dict[str, int]:
        now = self._clock.now() * _MILLISECOND
        paid_at = self._tables.debts
        for name, cost in spent.items():
            paid_at[name] = max(paid_at.get(name, now), now) + cost
        return {name: paid_at[name] - now for name in spent}

    async def guess(self, name: str, places: int, at: int, until: int) -> int | None:
        taken = self._tables.guesses
        for place in range(places):
            if taken.get((name, place), at) <= at:
                taken[name, place] = until
                return None
        return min((taken[name, place] for place in range(places)), default=until)

    async def give_back(self, name: str, until: int) -> bool:
        taken = self._tables.guesses
        found = next((key for key, end in taken.items() if key[0] == name and end == until), None)
        if found is None:
            return False
        del taken[found]
        return True

    async def sweep(self, before: int) -> int:
        tables, now = self._tables, self._clock.now() * _MILLISECOND
        paid = [name for name, at in tables.debts.items() if at < now]
        free = [key for key, until in tables.guesses.items() if until < before]
        for name in paid:
            del tables.debts[name]
        for key in free:
            del tables.guesses[key]
        return len(paid) + len(free)
