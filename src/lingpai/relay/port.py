"""What a relay promises. To add one: a module beside `redis`, and its scheme in `open`; the contract suite
`lingpai.testing.relay_contract` says what is missing.

Topics of ours are `sessions` (one ended), `service_keys`, `apps`, `signing_keys`. Any room may use another.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

Look = Callable[[], Awaitable[object]]
"""Reads what is new from the database."""


class Relay(Protocol):
    """Carries words between the nodes of one database. No method waits for another node, none of them raises
    because the relay is in trouble.
    """

    @property
    def alive(self) -> bool:
        """Whether what is told now reaches whoever listens; proven within the last second."""
        ...

    def tell(self, topic: str) -> None:
        """Have the other nodes look. To be called after the commit."""
        ...

    def listen(self, topic: str, look: Look) -> None:
        """Look when another node tells of the topic, and when words may have been missed.

        One look at a time: what is heard meanwhile means one more.
        """
        ...

    async def spend(self, spent: Mapping[str, int]) -> dict[str, int]:
        """Add to what names owe, in microseconds until they owe nothing; what each owes now, by all nodes together.

        As `storage.port_limits.Limits.spend`, but approximate: after trouble a debt may be smaller than it was.
        Raises StorageUnavailableError when neither the relay nor the database can be asked.
        """
        ...

    async def aclose(self) -> None:
        """Stop listening."""
        ...
