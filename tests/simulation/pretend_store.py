"""The reference store behind a line that may break: before the commit, after it, or for minutes."""

import asyncio
import random
from dataclasses import dataclass

from lingpai.storage.memory.access_tokens import MemoryAccessTokens
from lingpai.storage.memory.tables import Tables
from lingpai.storage.port import StorageUnavailableError


@dataclass
class StoreTrouble:
    away: bool = False
    hangs: bool = False
    lose_before: float = 0.0
    """How likely a call is lost on its way there, and `lose_after` on its way back, when it was committed."""
    lose_after: float = 0.0
    slow: float = 0.0


class PretendStore:
    """One database; each node has a line to it."""

    def __init__(self, clock) -> None:
        self.tables = Tables()
        self.clock = clock
        self.troubles: dict[str, StoreTrouble] = {}


class StoreLine:
    """One node's `Store`, as far as the keeper uses it."""

    def __init__(self, store: PretendStore, node, chance: random.Random) -> None:
        self._rows = MemoryAccessTokens(store.tables, store.clock)
        self._store = store
        self._node = node
        self._chance = chance

    @property
    def access_tokens(self):
        return self

    def __getattr__(self, verb: str):
        method = getattr(self._rows, verb)

        async def through(*values):
            try:
                return await self._through(method, values)
            finally:
                await self._node.awake()

        return through

    async def _through(self, method, values):
        troubles = self._store.troubles
        trouble = troubles.get(self._node.name) or troubles.get("*")
        if trouble is None:
            await asyncio.sleep(0.001)
            return await method(*values)
        if trouble.hangs:
            await asyncio.sleep(30)
            raise StorageUnavailableError("hung")
        await asyncio.sleep(0.002 + trouble.slow * self._chance.random())
        if trouble.away or self._chance.random() < trouble.lose_before:
            raise StorageUnavailableError("away")
        answer = await method(*values)
        if self._chance.random() < trouble.lose_after:
            raise StorageUnavailableError("the answer was lost", unknown=True)
        return answer
