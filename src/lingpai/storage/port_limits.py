"""What remembering promises of rate limits, which nodes keep together; part of `port.py`."""

from collections.abc import Mapping
from typing import Protocol


class Limits(Protocol):
    """A `name` has at most 80 characters and tells nobody whose it is."""

    async def spend(self, spent: Mapping[str, int]) -> dict[str, int]:
        """Add to what names owe, in microseconds until they owe nothing; what each owes now, by all nodes together.

        A debt shrinks by itself as time passes. The time is the database's, whatever a node's clock says.
        """
        ...

    async def guess(self, name: str, places: int, at: int, until: int) -> int | None:
        """Take one of so many places, `at` this instant, until another. None: taken; else when the next is free.

        Of any number of concurrent calls exactly as many succeed as there are places free.
        """
        ...

    async def give_back(self, name: str, until: int) -> bool:
        """Free one place that was taken until then. False when there is none."""
        ...

    async def sweep(self, before: int) -> int:
        """Remove debts that are paid and places that were free before this instant; how many."""
        ...
