"""A clock that a test owns."""

from lingpai.clock import SECOND

A_MOMENT = 1_767_225_600_000
"""2026-01-01T00:00:00Z."""


class FrozenClock:
    """Stands still until it is moved; both its hands move together."""

    def __init__(self, now: int = A_MOMENT) -> None:
        self._now = now

    def now(self) -> int:
        """Milliseconds since 1970-01-01T00:00:00Z."""
        return self._now

    def monotonic(self) -> float:
        """Seconds, in step with `now`."""
        return self._now / SECOND

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += round(seconds * SECOND)
