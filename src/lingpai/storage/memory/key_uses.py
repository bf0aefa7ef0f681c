"""The audit of service keys in memory."""

from typing import Final

from msgspec.structs import replace

from lingpai.model import KeyUse
from lingpai.storage.memory.fitting import fit
from lingpai.storage.memory.tables import Tables


class MemoryKeyUses:
    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def add(self, uses: list[KeyUse]) -> None:
        for use in uses:
            fit(use)
        for use in uses:
            self._add(use)

    async def of_key(self, key_id: str, limit: int) -> list[KeyUse]:
        own = [use for use in self._tables.key_uses.values() if use.key_id == key_id]
        return sorted(own, key=lambda use: (use.last_at, use.generation), reverse=True)[:limit]

    def sweep(self, before: int) -> int:
        """Remove what was used last before then; how many lines."""
        old = [key for key, use in self._tables.key_uses.items() if use.last_at < before]
        for key in old:
            del self._tables.key_uses[key]
        return len(old)

    def _add(self, use: KeyUse) -> None:
        lines, services = self._tables.key_uses, self._tables.services
        place = (use.key_id, use.appid, use.action, use.generation)
        known = lines.get(place)
        lines[place] = (
            use
            if known is None
            else replace(
                known,
                uses=known.uses + use.uses,
                first_at=min(known.first_at, use.first_at),
                last_at=max(known.last_at, use.last_at),
            )
        )
        service = services.get(use.key_id)
        if service is not None and (service.last_used_at or 0) < use.last_at:
            services[use.key_id] = replace(service, last_used_at=use.last_at)
