"""The vault in memory."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from lingpai.clock import DAY, Clock
from lingpai.model import SEALED, KeyWrap, SealedValue, SealingKey, VaultNode
from lingpai.storage import wrapping
from lingpai.storage.memory.fitting import fit
from lingpai.storage.memory.tables import Tables
from lingpai.storage.port import TakenError


class MemoryVault:
    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables: Final = tables
        self._clock: Final = clock

    async def read(self) -> tuple[list[SealingKey], list[KeyWrap]]:
        wraps = self._tables.wraps
        return self._keys(), [wraps[key] for key in sorted(wraps)]

    async def complete(self, wraps: Sequence[KeyWrap], canaries: Mapping[bytes, bytes]) -> None:
        for wrap in wraps:
            self._tables.wraps.setdefault((wrap.name, wrap.master), wrap)
        for key_id, canary in canaries.items():
            key = self._tables.sealing.get(key_id)
            if key is not None and key.canary is None:
                self._tables.sealing[key_id] = replace(key, canary=canary)

    async def publish(self, key: SealingKey, wraps: Sequence[KeyWrap]) -> bool:
        fit(key)
        if not wrapping.may_publish(key, wraps, self._keys(), list(self._tables.wraps.values())):
            return False
        if key.id in self._tables.sealing:
            raise TakenError("id")
        self._tables.sealing[key.id] = key
        await self.complete(wraps, {})
        return True

    async def activate(self, key_id: bytes, at: int) -> bool:
        key = self._tables.sealing.get(key_id)
        if key is None or key.active_at is not None:
            return False
        self._tables.sealing[key_id] = replace(key, active_at=wrapping.next_after(self._keys(), at))
        return True

    async def drop(self, key_id: bytes) -> bool:
        if not wrapping.may_drop(key_id, self._keys()):
            return False
        del self._tables.sealing[key_id]
        wraps = self._tables.wraps
        self._tables.wraps = {key: wrap for key, wrap in wraps.items() if wrap.name != key_id.hex()}
        return True

    async def rewrap(self, wraps: Sequence[KeyWrap]) -> bool:
        if not wrapping.covers(wraps, self._keys()):
            return False
        await self.complete(wraps, {})
        return True

    async def forget_masters(self, kept: str) -> int | None:
        there = self._tables.wraps
        if not wrapping.covers([wrap for wrap in there.values() if wrap.master == kept], self._keys()):
            return None
        others = {master for _, master in there} - {kept}
        self._tables.wraps = {key: wrap for key, wrap in there.items() if wrap.master == kept}
        for key_id, key in self._tables.sealing.items():
            self._tables.sealing[key_id] = replace(key, wrapped=b"")
        return len(others)

    async def see(self, node: VaultNode) -> None:
        now, seen = self._clock.now(), self._tables.vault_nodes
        self._tables.vault_nodes = {name: one for name, one in seen.items() if one.seen_at >= now - DAY}
        self._tables.vault_nodes[node.node] = replace(node, seen_at=now)

    async def nodes(self, within: int) -> list[VaultNode]:
        since, seen = self._clock.now() - within, self._tables.vault_nodes
        return [seen[name] for name in sorted(seen) if seen[name].seen_at >= since]

    async def leave(self, node: str) -> None:
        self._tables.vault_nodes.pop(node, None)

    async def page(self, noun: str, after: SealedValue | None, limit: int) -> list[SealedValue]:
        rows = [
            SealedValue(noun, key, row[SEALED[noun].column])
            for key, row in sorted(self._rows(noun).items())
            if row[SEALED[noun].column] is not None
        ]
        return [row for row in rows if after is None or row.key > after.key][:limit]

    async def reseal(self, changes: Sequence[tuple[SealedValue, bytes]]) -> int:
        replaced = 0
        for value, sealed in changes:
            row = self._rows(value.noun).get(value.key)
            if row is not None and row[SEALED[value.noun].column] == value.sealed:
                row[SEALED[value.noun].column] = sealed
                replaced += 1
        return replaced

    def _keys(self) -> list[SealingKey]:
        return sorted(self._tables.sealing.values(), key=lambda key: (key.created_at, key.id))

    def _rows(self, noun: str) -> dict[tuple[Any, ...], "_Row"]:
        tables = self._tables
        held: dict[str, dict[Any, Any]] = {
            "operators": tables.operators,
            "signing_keys": tables.signing,
            "app_secrets": tables.secrets,
            "access_tokens": tables.access_tokens,
            "user_tokens": tables.user_tokens,
            "phones": tables.phones,
            "push_settings": tables.push_settings,
            "push_events": tables.push_events,
            "webhooks": tables.webhooks,
            "notices": tables.notices,
        }
        if noun == "session_keys":
            return {
                (*owner, key.fingerprint): _Row(ring, place)
                for owner, ring in tables.rings.items()
                for place, key in enumerate(ring)
            }
        rows = held[noun]
        return {key if isinstance(key, tuple) else (key,): _Row(rows, key) for key in rows}


class _Row:
    """A struct where it is kept, changed by replacing it."""

    def __init__(self, kept: Any, place: Any) -> None:
        self._kept: Final = kept
        self._place: Final = place

    def __getitem__(self, column: str) -> Any:
        return getattr(self._kept[self._place], column)

    def __setitem__(self, column: str, value: bytes) -> None:
        self._kept[self._place] = replace(self._kept[self._place], **{column: value})
