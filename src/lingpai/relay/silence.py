"""The relay of an installation that has none: nobody is told, everybody looks by the clock, debts stand in the database."""

from collections.abc import Mapping
from typing import Final

from lingpai.relay.port import Look
from lingpai.storage.port import Store


class Silence:
    """A `Relay` without a wire."""

    alive: Final = False

    def __init__(self, store: Store) -> None:
        self._store: Final = store

    def tell(self, topic: str) -> None:
        """Nobody listens."""

    def listen(self, topic: str, look: Look) -> None:
        """Nobody tells."""

    async def spend(self, spent: Mapping[str, int]) -> dict[str, int]:
        return await self._store.limits.spend(spent)

    async def aclose(self) -> None:
        """Nothing is open."""
