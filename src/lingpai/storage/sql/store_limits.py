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

    async def sweep(self) -> int:
        removed = 0
        while True:
            rows = await self._dialect.write(lambda to: sweep.limits(to, self._dialect.now(to)))
            removed += rows
            if not rows:
                return removed
