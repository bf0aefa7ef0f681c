"""A token of WeChat that every node of one database shares, and the wishes to change it.

All times are on the database's clock: nodes disagree about the hour, and the one thing they share does not.
"""

from typing import Final, Literal

import msgspec

TokenKind = Literal["stable", "legacy", "jsapi", "wx_card"]
"""`stable` and `legacy` are the two access_tokens of an app, which WeChat keeps apart; the others are tickets."""

TokenState = Literal["ok", "retrying", "blocked"]

CheckWhy = Literal["renew", "check"]
ClaimRefusal = Literal["other", "leased", "early"]

OVERLAP: Final = 300_000
"""How long WeChat honours the former token beside a new one, in milliseconds."""


class TokenTrouble(msgspec.Struct, frozen=True):
    """Why the last attempt brought no token."""

    outcome: str
    """`refused`, or what became of the call: `unreachable`, `answer_lost`, …"""
    errcode: int | None = None
    errmsg: str = ""
    rid: str | None = None


class TokenRow(msgspec.Struct, frozen=True, kw_only=True):
    """What is on record of one token of one app."""

    appid: str
    kind: TokenKind
    generation: int = 0
    """Only grows; 0 before the first token. It is the fence of the claim that brought the token."""
    sealed: bytes | None = None
    fetched_at: int = 0
    expires_at: int = 0
    fence: int = 0
    """Grows with every claim: a node that has slept through its lease holds an old one."""
    lease_owner: str | None = None
    lease_from: int = 0
    lease_until: int = 0
    sent_at: int | None = None
    """When a call was claimed that ends the present token's life, and nobody has told what became of it."""
    tried_version: int = 0
    """The AppSecret's version at the last attempt."""
    state: TokenState = "ok"
    trouble: TokenTrouble | None = None
    failures: int = 0
    """In a row."""
    settled_at: int = 0
    """When the last attempt ended."""
    next_attempt_at: int = 0
    wanted_at: int = 0
    """When somebody last asked for it, give or take ten minutes."""
    checks: int = 0
    """How often this generation was reported and tried, and is still the present one."""
    checked_at: int = 0
    day: int = 0
    """The day in Shanghai that `calls` counts: days since 1970."""
    calls: int = 0
    forced_at: tuple[int, ...] = ()
    replaced_at: tuple[int, ...] = ()
    """When a token was found dead before its time."""

    def good_until(self) -> int:
        """When the token may stop working: at its end, or when a new one was asked for and nobody knows."""
        if self.sent_at is None:
            return self.expires_at
        return min(self.expires_at, self.sent_at + OVERLAP)

    def __repr__(self) -> str:
        return f"TokenRow({self.appid}, {self.kind}, generation {self.generation}, {self.state})"


class Looked(msgspec.Struct, frozen=True):
    """A row, or none yet, and what time it was at the database."""

    row: TokenRow | None
    now: int


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """The wish to be the one node that asks WeChat now."""

    appid: str
    kind: TokenKind
    generation: int
    """The one the node knows: a claim on another is pointless."""
    owner: str
    lease: int
    """Milliseconds."""
    secret_version: int
    why: CheckWhy = "renew"
    urgent: bool = False
    """Nothing valid is at hand, so an attempt planned for later is due now, unless the last one failed."""
    breaking: bool = False
    """The call makes WeChat retire the present token."""


class Claimed(msgspec.Struct, frozen=True):
    """The claim is ours, under the row's fence."""

    row: TokenRow
    now: int


class NotClaimed(msgspec.Struct, frozen=True):
    """`other`: another generation is on record. `leased`: another node asks. `early`: not due yet."""

    why: ClaimRefusal
    row: TokenRow
    now: int


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """A token that WeChat gave to the holder of a claim."""

    appid: str
    kind: TokenKind
    fence: int
    sealed: bytes | None
    """None: it is the one on record, with a new end."""
    asked_ago: int
    """Milliseconds since before the call; what follows counts from there."""
    expires_in: int
    renew_in: int
    replaced: bool = False
    """The one on record was dead before its time."""

    def __repr__(self) -> str:
        return f"Brought({self.appid}, {self.kind}, fence {self.fence})"


class Setback(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt that brought nothing."""

    appid: str
    kind: TokenKind
    fence: int
    state: TokenState
    trouble: TokenTrouble
    retry_in: int
    """Milliseconds."""
    unsent: bool
    """WeChat cannot have seen the call, so the present token is as good as before."""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A reported token was tried."""

    appid: str
    kind: TokenKind
    fence: int
    good: bool | None
    """None: nobody can say."""


class Forcing(msgspec.Struct, frozen=True, kw_only=True):
    """The wish of a claim's holder to spend one forced refresh."""

    appid: str
    kind: TokenKind
    fence: int
    lease: int


def held_token_identity(appid: str, kind: TokenKind) -> str:
    """What a token is sealed for."""
    return f"access_tokens|sealed|{appid}|{kind}"
