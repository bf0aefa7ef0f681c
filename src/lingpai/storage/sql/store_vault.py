"""The vault over any SQL dialect."""

from collections.abc import Mapping, Sequence
from typing import Final

from lingpai.model import KeyWrap, SealedValue, SealingKey, VaultNode
from lingpai.storage.port import ContendedError
from lingpai.storage.sql import sealed, vault
from lingpai.storage.sql.port import Dialect


class SqlVault:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect
        self._now: Final = dialect.now

    async def read(self) -> tuple[list[SealingKey], list[KeyWrap]]:
        return await self._dialect.read(vault.read)

    async def complete(self, wraps: Sequence[KeyWrap], canaries: Mapping[bytes, bytes]) -> None:
        await self._dialect.write(lambda to: vault.complete(to, wraps, canaries))

    async def publish(self, key: SealingKey, wraps: Sequence[KeyWrap]) -> bool:
        return await self._dialect.write(lambda to: vault.publish(to, key, wraps))

    async def activate(self, key_id: bytes, at: int) -> bool:
        return await self._dialect.write(lambda to: vault.activate(to, key_id, at))

    async def drop(self, key_id: bytes) -> bool:
        dropped = await self._dialect.write(lambda to: vault.drop(to, key_id))
        if dropped:
            await self._dialect.scrub()
        return dropped

    async def rewrap(self, wraps: Sequence[KeyWrap]) -> bool:
        return await self._dialect.write(lambda to: vault.rewrap(to, wraps))

    async def forget_masters(self, kept: str) -> int | None:
        forgotten = await self._dialect.write(lambda to: vault.forget_masters(to, kept))
        if forgotten is not None:
            await self._dialect.scrub()
        return forgotten

    async def see(self, node: VaultNode) -> None:
        await self._dialect.write(lambda to: vault.see(to, node, self._now(to)))

    async def nodes(self, within: int) -> list[VaultNode]:
        return await self._dialect.read(lambda to: vault.nodes(to, self._now(to) - within))

    async def leave(self, node: str) -> None:
        await self._dialect.write(lambda to: vault.leave(to, node))

    async def page(self, noun: str, after: SealedValue | None, limit: int) -> list[SealedValue]:
        return await self._dialect.read(lambda to: sealed.page(to, noun, after, limit))

    async def reseal(self, changes: Sequence[tuple[SealedValue, bytes]]) -> int:
        try:
            return await self._dialect.write(lambda to: sealed.reseal(to, changes))
        except ContendedError:
            if len(changes) == 1:
                raise
            # logins write to the same rows, and each may be quicker: fewer rows are in the way of fewer logins
            half = len(changes) // 2
            return await self.reseal(changes[:half]) + await self.reseal(changes[half:])
