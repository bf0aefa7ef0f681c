"""Which access_tokens an app has: the ones of cgi-bin/token and of stable_token, and how each of them ends."""

from collections import deque
from typing import Final, Literal

import msgspec

from lingpai_emulator.chance import Chance
from lingpai_emulator.switches import Switches

Kind = Literal["token", "stable_token"]
State = Literal["live", "superseded", "expired"]

_REMEMBERED: Final = 100_000


class Token(msgspec.Struct):
    """One access_token. Times are Unix seconds.

    `expires_at` is what `expires_in` promised; `ends_at` is set when a newer token took its
    place, and then counts alone: during the hand-over both tokens work.
    """

    token: str
    appid: str
    kind: Kind
    generation: int
    minted_at: float
    expires_at: float
    ends_at: float | None = None

    def state(self, now: float) -> State:
        if self.ends_at is not None:
            return "live" if now < self.ends_at else "superseded"
        return "live" if now < self.expires_at else "expired"

    def expires_in(self, now: float) -> int:
        """Whole seconds that are left, as WeChat says it."""
        return int(self.expires_at - now)


class Tokens:
    """Rules: pages api_getaccesstoken and api_getstableaccesstoken. The two kinds never touch each other."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._newest: dict[tuple[str, Kind], Token] = {}
        self._kept: dict[tuple[str, Kind], deque[Token]] = {}
        self._issued: dict[str, Token] = {}
        self._forced_at: dict[str, float] = {}

    def fetch(self, appid: str, now: float, switches: Switches) -> Token:
        """`cgi-bin/token`: a new one at each call; the former works on for the overlap."""
        return self._mint(appid, "token", now, switches, overlap=switches.token_overlap)

    def fetch_stable(self, appid: str, now: float, switches: Switches) -> Token:
        """`stable_token`, normal mode: the same one until its last minutes have begun."""
        newest = self._newest.get((appid, "stable_token"))
        if newest is not None and newest.expires_at - now >= switches.stable_token_renewal:
            return newest
        return self._mint(appid, "stable_token", now, switches, overlap=switches.token_overlap)

    def force_stable(self, appid: str, now: float, switches: Switches) -> Token:
        """`stable_token` with force_refresh: a new one, and what was before is dead at once."""
        for token in self._kept.get((appid, "stable_token"), ()):
            if token.state(now) == "live":
                token.ends_at = now
        self._forced_at[appid] = now
        return self._mint(appid, "stable_token", now, switches, overlap=0)

    def forced_lately(self, appid: str, now: float, switches: Switches) -> bool:
        """Whether the last forced refresh is too young for another one."""
        last = self._forced_at.get(appid)
        return last is not None and now - last < switches.force_refresh_interval

    def find(self, token: str) -> Token | None:
        """One that works, or one of the last 100 000 given out, whatever became of it."""
        return self._issued.get(token)

    def newest(self, appid: str, kind: Kind) -> Token | None:
        return self._newest.get((appid, kind))

    def all(self, now: float) -> list[Token]:
        """The newest of each app and kind, and before it the older ones that still work."""
        newest = {token.token for token in self._newest.values()}
        return [
            token
            for tokens in self._kept.values()
            for token in tokens
            if token.token in newest or token.state(now) == "live"
        ]

    def _mint(self, appid: str, kind: Kind, now: float, switches: Switches, *, overlap: float) -> Token:
        before = self._newest.get((appid, kind))
        if before is not None and before.state(now) == "live":
            before.ends_at = now + overlap
        generation = before.generation + 1 if before else 1
        text = self._chance.access_token(appid, kind, generation)
        token = Token(text, appid, kind, generation, now, now + switches.token_life)
        kept = self._kept.setdefault((appid, kind), deque())
        while kept and kept[0].state(now) != "live":  # they end in the order they came
            kept.popleft()
        kept.append(token)
        self._newest[appid, kind] = token
        self._issued[text] = token
        self._forget_one(now)
        return token

    def _forget_one(self, now: float) -> None:
        """Forget the oldest when there are too many, unless it still works."""
        if len(self._issued) > _REMEMBERED:
            oldest = self._issued.pop(next(iter(self._issued)))
            if oldest.state(now) == "live":
                self._issued[oldest.token] = oldest
