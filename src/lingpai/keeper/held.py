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
_SET_BACK: Final = 6 * SECOND
"""Milliseconds that the database's clock may seem to go back because one answer was slower than another."""
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
        self.brought_at = _NEVER
        """When WeChat was asked for it, on the monotonic clock."""
        self.alone = False
        """The token was fetched past the database, which did not answer."""
        self.wanted = False
        self.alone_not_before = _NEVER
        """After a vain attempt past the database, the next one waits until then."""
        self._deadline = _NEVER
        self._offset = 0
        self._ageless = -1
        self._looked_at = _NEVER
        self._looked_wall = 0

    def token(self) -> HeldToken | None:
        """The token, if it works now."""
        left = self._deadline - self._clock.monotonic()
        if left < 1 or self.value is None:
            return None
        return HeldToken(self.value, self.generation, int(left))

    def fresh(self) -> bool:
        """Whether the database was asked lately, and no clock was moved since."""
        age = self._clock.monotonic() - self._looked_at
        return age <= FRESH_FOR and not self.moved()

    def moved(self) -> bool:
        """Whether the two clocks disagree about how long ago the last look was: we may have slept."""
        return abs(self._slept()) > _APART

    def distrust(self) -> None:
        """Serve the token no more: nobody can say how old it is."""
        self._deadline = _NEVER

    def adopt(self, row: TokenRow | None, now: int, asked_at: float) -> None:
        """Take over what the database says. It said so at `now` of its clock, after `asked_at` of ours."""
        slept = self._slept()
        if self.alone and slept > _APART:
            self._deadline -= slept
        self._looked_at = asked_at
        # The calendar at the time of asking, too: an answer that was slow is no sign of sleep.
        self._looked_wall = self._clock.now() - round((self._clock.monotonic() - asked_at) * SECOND)
        if row is None or row.sealed is None:
            self._offset = now - round(asked_at * SECOND)
            self._adopt_nothing(row)
            return
        if row.generation < self.generation and self.token() is not None:
            return  # a database put back from a backup: what works is not given up for what is older
        offset = now - round(asked_at * SECOND)
        known = self.row is not None and self.row.fetched_at == row.fetched_at
        set_back = offset < self._offset - _SET_BACK if known else row.fetched_at > now + SECOND
        if set_back and (abs(slept) > _APART or not known):
            # The database's clock was set back, and we were asleep or not born: nobody knows the token's age.
            self._ageless = row.fetched_at
        # A database whose clock was set back would make a token live longer than WeChat lets it.
        self._offset = max(offset, self._offset) if known else offset
        if row.generation != self.generation or self.value is None:
            self._open(row)
        if not self.alone:
            left = min(row.good_until() - (self._offset + round(asked_at * SECOND)), LONGEST_LIFE * SECOND)
            self._deadline = _NEVER if row.fetched_at == self._ageless else asked_at + left / SECOND
        self.row = row

    def bring(self, fresh: Fresh, asked_at: float, unsaved: Brought | None) -> None:
        """Serve a token that the database does not have. Without `unsaved` its generation is that of the last."""
        self.value = fresh.value
        self.unsaved = unsaved
        self.alone = True
        self.brought_at = asked_at
        if unsaved is not None:
            self.generation = unsaved.fence
        self._deadline = asked_at + fresh.expires_in

    def database_now(self) -> int:
        """What time it is at the database, as far as the last look tells."""
        return self._offset + round(self._clock.monotonic() * SECOND)

    def _slept(self) -> float:
        """Seconds that one clock saw and the other did not, since the last look."""
        if self._looked_at == _NEVER:
            return 0.0
        age = self._clock.monotonic() - self._looked_at
        return (self._clock.now() - self._looked_wall) / SECOND - age

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
