"""What names owe, in memory."""

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

    async def sweep(self) -> int:
        debts, now = self._tables.debts, self._clock.now() * _MILLISECOND
        paid = [name for name, at in debts.items() if at < now]
        for name in paid:
            del debts[name]
        return len(paid)
