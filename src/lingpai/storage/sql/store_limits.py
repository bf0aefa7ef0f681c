"""The store's part about rate limits."""

from collections.abc import Mapping
from typing import Final

from lingpai.storage.sql import limits, sweep
from lingpai.storage.sql.port import Dialect


class SqlLimits:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def spend(self, spent: Mapping[str, int]) -> dict[str, int]:
        if not spent:
            return {}
        return await self._dialect.write(lambda to: limits.spend(to, spent, self._dialect.now(to)))

    async def guess(self, name: str, places: int, at: int, until: int) -> int | None:
        return await self._dialect.write(lambda to: limits.guess(to, name, places, at, until))

    async def give_back(self, name: str, until: int) -> bool:
        return await self._dialect.write(lambda to: limits.give_back(to, name, until))

    async def sweep(self, before: int) -> int:
        removed = 0
        while True:
            rows = await self._dialect.write(lambda to: sweep.limits(to, before, self._dialect.now(to)))
            removed += rows
            if not rows:
                return removed
