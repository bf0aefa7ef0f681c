"""Sealing everything anew under the present data key, a page at a time, while it is in use."""

from collections import Counter
from typing import Final

from lingpai.keeper import Vault
from lingpai.model import SEALED, SealedValue, sealed_identity
from lingpai.observe import logger
from lingpai.secret import SealBrokenError, key_id_of
from lingpai.storage.port import OnProgress, Store

_PAGE: Final = 500
_TOGETHER: Final = 100
"""Values in one unit of work: logins wait for no more than that."""


class Resealing:
    """Walks through everything that is sealed. Stopped at any point, the next walk finds what is left."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._rows: Final = store.vault
        self._vault: Final = vault

    async def all(self, on_progress: OnProgress, *, done: int = 0) -> int:
        """Seal anew what is sealed under another key; how many values that were. `done`: so many were before.

        A value that does not open is left as it is and told in the log.
        """
        resealed = 0
        for noun in SEALED:
            after: SealedValue | None = None
            while page := await self._rows.page(noun, after, _PAGE):
                after = page[-1]
                stale = [value for value in page if key_id_of(value.sealed) != self._vault.sealer.current]
                for start in range(0, len(stale), _TOGETHER):
                    resealed += await self._anew(stale[start : start + _TOGETHER])
                    on_progress(done + resealed, None)
        return resealed

    async def count(self) -> Counter[bytes]:
        """How many values are sealed under which data key."""
        counts: Counter[bytes] = Counter()
        for noun in SEALED:
            after: SealedValue | None = None
            while page := await self._rows.page(noun, after, _PAGE):
                after = page[-1]
                counts.update(key_id_of(value.sealed) for value in page)
        return counts

    async def _anew(self, values: list[SealedValue]) -> int:
        sealer = self._vault.sealer
        await sealer.prepare(*(value.sealed for value in values))
        changes = []
        for value in values:
            identity = sealed_identity(value)
            try:
                changes.append((value, sealer.seal(sealer.open(value.sealed, identity), identity)))
            except SealBrokenError:
                logger().error("sealed_value_broken", table=value.noun, key=key_id_of(value.sealed).hex())
        return await self._rows.reseal(changes) if changes else 0
