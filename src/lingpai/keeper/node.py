"""Which of the nodes on one database this process is."""

from collections.abc import Callable

import msgspec


class Node(msgspec.Struct, frozen=True):
    """One process that keeps tokens."""

    owner: str
    """Its name on leases: another one at every start."""
    fraction: Callable[[], float]
    """Draws from [0, 1): whatever is spread over time is spread by it."""
