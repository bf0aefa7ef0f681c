"""WeChat's tokens in memory."""

from typing import Final

from msgspec.structs import replace

from lingpai.clock import Clock
from lingpai.model import (
    Brought,
    Checked,
    Claim,
    Claimed,
    Forcing,
    Looked,
    NotClaimed,
    Setback,
    TokenKind,
    TokenRow,
)
from lingpai.storage import leasing
from lingpai.storage.memory.fitting import fit
from lingpai.storage.memory.tables import Tables


class MemoryAccessTokens:
    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._rows: Final = tables.access_tokens
        self._clock: Final = clock

    async def look(self, appid: str, kind: TokenKind) -> Looked:
        return Looked(self._rows.get((appid, kind)), self._clock.now())

    async def all(self) -> tuple[list[TokenRow], int]:
        return [self._rows[key] for key in sorted(self._rows)], self._clock.now()

    async def claim(self, claim: Claim) -> Claimed | NotClaimed:
        fit(claim)
        now = self._clock.now()
        row = self._rows.get((claim.appid, claim.kind))
        found = leasing.claimed(row, claim, now)
        if not isinstance(found, TokenRow):
            return NotClaimed(found, row or TokenRow(appid=claim.appid, kind=claim.kind), now)
        self._put(found)
        return Claimed(found, now)

    async def force(self, forcing: Forcing) -> bool:
        fit(forcing)
        row = self._rows.get((forcing.appid, forcing.kind))
        return self._put(leasing.forced(row, forcing, self._clock.now())) is not None

    async def keep(self, brought: Brought) -> TokenRow | None:
        fit(brought)
        row = self._rows.get((brought.appid, brought.kind))
        return self._put(leasing.kept(row, brought, self._clock.now()))

    async def set_back(self, setback: Setback) -> TokenRow | None:
        fit(setback)
        row = self._rows.get((setback.appid, setback.kind))
        return self._put(leasing.set_back(row, setback, self._clock.now()))

    async def checked(self, check: Checked) -> TokenRow | None:
        fit(check)
        row = self._rows.get((check.appid, check.kind))
        return self._put(leasing.checked(row, check, self._clock.now()))

    async def want(self, wanted: list[tuple[str, TokenKind]]) -> None:
        for key in wanted:
            if key in self._rows:
                self._rows[key] = replace(self._rows[key], wanted_at=self._clock.now())

    async def forget(self, appid: str) -> int:
        keys = [key for key in self._rows if key[0] == appid]
        for key in keys:
            del self._rows[key]
        return len(keys)

    def _put(self, row: TokenRow | None) -> TokenRow | None:
        if row is not None:
            self._rows[row.appid, row.kind] = row
        return row
