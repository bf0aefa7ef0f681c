"""Counting failures: five in a quarter of an hour close a name, or an address, until the quarter is over.

A name counts whether an operator has it or not, so that nobody learns which names there are. A try is taken
before anything is compared: of a hundred at once no more than five are looked at.
"""

import hashlib
from typing import Final

from lingpai.clock import MINUTE, Clock
from lingpai.storage.port import Store

FAILURES: Final = 5
WINDOW: Final = 15 * MINUTE


class Lockout:
    """Tries of names and addresses."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._tries: Final = store.operator_sessions
        self._clock: Final = clock

    async def draw(self, address: str, name: str | None = None) -> bool:
        """Take a try. False: too many failures."""
        return await self._tries.draw_try(_subjects(address, name), FAILURES, WINDOW, self._clock.now())

    async def give_back(self, address: str, name: str | None = None) -> None:
        """It was no failure; those before it still count."""
        await self._tries.give_back(_subjects(address, name))

    async def signed_in(self, address: str, name: str) -> None:
        """The operator is in: the name's failures are forgotten, the address's are not."""
        await self._tries.forgive(_of_name(name))
        await self._tries.give_back([_of_address(address)])

    async def forget(self, name: str) -> None:
        """Open a name again."""
        await self._tries.forgive(_of_name(name))

    async def locked_until(self, name: str) -> int | None:
        """When the name is open again; None: it is open."""
        tries = await self._tries.tries(_of_name(name))
        if tries is None or tries.failures < FAILURES:
            return None
        until = tries.since + WINDOW
        return until if until > self._clock.now() else None


def _subjects(address: str, name: str | None) -> list[str]:
    return [_of_address(address), *([] if name is None else [_of_name(name)])]


def _of_address(address: str) -> str:
    return f"address:{address[:64]}"


def _of_name(name: str) -> str:
    """By a digest: what is typed as a name may be a password."""
    return f"name:{hashlib.sha256(name.casefold().encode(errors='replace')).hexdigest()}"
