"""What this process knows of one token: the value, until when, and how old the knowledge is."""

from typing import Final

import msgspec

from lingpai.clock import SECOND, Clock
from lingpai.keeper.sources import LONGEST_LIFE, Fresh
from lingpai.model import Brought, TokenRow, held_token_identity
from lingpai.secret import Sealer, Secret

FRESH_FOR: Final = 60.0
"""Seconds that memory is believed without a look at the database."""
_APART: Final = 2.0
"""Seconds by which our two clocks may drift apart before somebody has moved one, or stopped us."""
_NEVER: Final = float("-inf")


class HeldToken(msgspec.Struct, frozen=True):
    """A token of WeChat that works now."""

    value: Secret
    generation: int
    """Grows with every token of the app; what a caller reports when the token fails."""
    expires_in: int
    """Seconds left, at least one."""

    def __repr__(self) -> str:
        return f"HeldToken(generation={self.generation}, expires_in={self.expires_in})"


class Held:
    """One token in memory. Its end is kept on the monotonic clock, so that no clock that is set moves it."""

    def __init__(self, sealer: Sealer, clock: Clock) -> None:
        self._sealer: Final = sealer
        self._clock: Final = clock
        self.row: TokenRow | None = None
        self.generation = 0
        self.value: Secret | None = None
        self.unsaved: Brought | None = None
        """A token that WeChat gave and the database has not taken yet."""
        self.alone = False
        """The token was fetched past the database, which did not answer."""
        self.wanted = False
        self.alone_not_before = _NEVER
        """After a vain attempt past the database, the next one waits until then."""
        self._deadline = _NEVER
        self._offset = 0
        self._looked_at = _NEVER
        self._looked_wall = 0

    def token(self) -> HeldToken | None:
        """The token, if it works now."""
        left = int(self._deadline - self._clock.monotonic()) if self.value is not None else 0
        if left < 1 or self.value is None:
            return None
        return HeldToken(self.value, self.generation, left)

    def fresh(self) -> bool:
        """Whether the database was asked lately, and no clock was moved since."""
        age = self._clock.monotonic() - self._looked_at
        return age <= FRESH_FOR and not self.moved()

    def moved(self) -> bool:
        """Whether the two clocks disagree about how long ago the last look was: we may have slept."""
        if self._looked_at == _NEVER:
            return False
        age = self._clock.monotonic() - self._looked_at
        return abs((self._clock.now() - self._looked_wall) / SECOND - age) > _APART

    def adopt(self, row: TokenRow | None, now: int, asked_at: float) -> None:
        """Take over what the database says. It said so at `now` of its clock, after `asked_at` of ours."""
        self._looked_at = asked_at
        self._looked_wall = self._clock.now()
        if row is None or row.sealed is None:
            self._adopt_nothing(row)
            return
        if row.generation < self.generation and self.token() is not None:
            return  # a database put back from a backup: what works is not given up for what is older
        offset = now - round(asked_at * SECOND)
        known = self.row is not None and self.row.fetched_at == row.fetched_at
        # A database whose clock was set back would make a token live longer than WeChat lets it.
        self._offset = max(offset, self._offset) if known else offset
        if row.generation != self.generation or self.value is None:
            self._open(row)
        if not self.alone:
            left = min(row.good_until() - (self._offset + round(asked_at * SECOND)), LONGEST_LIFE * SECOND)
            aged = known or row.fetched_at <= now + SECOND
            self._deadline = asked_at + left / SECOND if aged else _NEVER
        self.row = row

    def bring(self, fresh: Fresh, asked_at: float, unsaved: Brought | None) -> None:
        """Serve a token that the database does not have. Without `unsaved` its generation is that of the last."""
        self.value = fresh.value
        self.unsaved = unsaved
        self.alone = True
        if unsaved is not None:
            self.generation = unsaved.fence
        self._deadline = asked_at + fresh.expires_in

    def _adopt_nothing(self, row: TokenRow | None) -> None:
        self.row = row
        if not self.alone:
            self.value, self.generation, self._deadline = None, 0, _NEVER

    def _open(self, row: TokenRow) -> None:
        identity = held_token_identity(row.appid, row.kind)
        self.value = Secret(self._sealer.open(row.sealed or b"", identity).decode())
        self.generation = row.generation
        self.unsaved = None
        self.alone = False
