"""What remembering promises of the keys that seal, and of everything that is sealed under them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from lingpai.model import KeyWrap, SealedValue, SealingKey, VaultNode


class Vault(Protocol):
    """Data keys, each wrapped once for every master key; the nodes that hold them; what is sealed."""

    async def read(self) -> tuple[list[SealingKey], list[KeyWrap]]:
        """Every data key, oldest first, and every wrap, at one moment."""
        ...

    async def complete(self, wraps: Sequence[KeyWrap], canaries: Mapping[bytes, bytes]) -> None:
        """Add what is missing: wraps, and canaries by key id. What is there already stays as it is."""
        ...

    async def publish(self, key: SealingKey, wraps: Sequence[KeyWrap]) -> bool:
        """Add a data key that does not seal yet.

        False, nothing written: another key is published and waits, or the wraps are not exactly those of the master
        keys on record. Raises TakenError for `id`.
        """
        ...

    async def activate(self, key_id: bytes, at: int) -> bool:
        """Let a published key seal from now on. False when there is none, or it does already."""
        ...

    async def drop(self, key_id: bytes) -> bool:
        """Forget a data key with its wraps. The caller has seen that nothing is sealed under it.

        False, nothing written: no such key, or it is the one that seals, or waits to.
        """
        ...

    async def rewrap(self, wraps: Sequence[KeyWrap]) -> bool:
        """Add the wraps of one further master key. False, nothing written: they do not cover every key there is."""
        ...

    async def forget_masters(self, kept: str) -> int | None:
        """Delete the wraps of every other master key; how many those were.

        None, nothing written: `kept` does not cover every key there is.
        """
        ...

    async def see(self, node: VaultNode) -> None:
        """Note what a process holds. `seen_at` is set by the clock of the database; whoever was silent for a day goes."""
        ...

    async def nodes(self, within: int) -> list[VaultNode]:
        """The processes that were seen in the last `within` milliseconds, by name."""
        ...

    async def leave(self, node: str) -> None:
        """Forget a process that ends."""
        ...

    async def page(self, noun: str, after: SealedValue | None, limit: int) -> list[SealedValue]:
        """Sealed values of one column in the order of their keys, those behind `after`. `noun`: a key of `SEALED`."""
        ...

    async def reseal(self, changes: Sequence[tuple[SealedValue, bytes]]) -> int:
        """Put the new value where the old one still stands, byte for byte; how many were replaced."""
        ...
