"""One of the processes on a database: its name and what it keeps tokens with."""

from collections.abc import Callable

import msgspec

from lingpai.clock import Clock
from lingpai.observe import Metrics
from lingpai.secret import Sealer
from lingpai.storage.port import Store


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One process that keeps tokens."""

    owner: str
    """Its name on leases: another one at every start."""
    store: Store
    sealer: Sealer
    clock: Clock
    metrics: Metrics
    fraction: Callable[[], float]
    """Draws from [0, 1): whatever is spread over time is spread by it."""
