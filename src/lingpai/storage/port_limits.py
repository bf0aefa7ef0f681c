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

    async def sweep(self) -> int:
        """Remove debts that are paid; how many."""
        ...
