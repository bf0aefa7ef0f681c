"""What remembering promises of tokens that WeChat gave, and of who read them; part of `port.py`."""

from typing import Protocol

from lingpai.model import (
    Brought,
    Checked,
    Claim,
    Claimed,
    Forcing,
    KeyUse,
    Looked,
    NotClaimed,
    Setback,
    TokenKind,
    TokenRow,
)


class AccessTokens(Protocol):
    """WeChat's tokens. The rules are those of `storage/leasing.py`; `now` is always the database's."""

    async def look(self, appid: str, kind: TokenKind) -> Looked: ...

    async def all(self) -> tuple[list[TokenRow], int]:
        """Every row, by AppID and kind, and the database's now."""
        ...

    async def claim(self, claim: Claim) -> Claimed | NotClaimed:
        """Become the node that asks WeChat. Of any number of claims at one time, one is granted."""
        ...

    async def force(self, forcing: Forcing) -> bool:
        """Spend one forced refresh. False: the budget is spent, or the claim is not the last one."""
        ...

    async def keep(self, brought: Brought) -> TokenRow | None:
        """Store what WeChat gave and end the lease. None: another claim was granted since; nothing changed."""
        ...

    async def set_back(self, setback: Setback) -> TokenRow | None:
        """Note that an attempt failed and end the lease. None as for `keep`."""
        ...

    async def checked(self, check: Checked) -> TokenRow | None:
        """Note that a reported token was tried and end the lease. None as for `keep`."""
        ...

    async def want(self, wanted: list[tuple[str, TokenKind]]) -> None:
        """Note that these were asked for now. Rows that there are not stay so."""
        ...

    async def forget(self, appid: str) -> int:
        """Remove every token of an app; how many there were."""
        ...


class KeyUses(Protocol):
    """The audit of what backends did with their service keys."""

    async def add(self, uses: list[KeyUse]) -> None:
        """Add to the counts of (key, app, action, generation), widen their spans, note each key's last use."""
        ...

    async def of_key(self, key_id: str, limit: int) -> list[KeyUse]:
        """The latest first."""
        ...
