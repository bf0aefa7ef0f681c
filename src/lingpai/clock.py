"""What time it is: the one place that asks the machine."""

import datetime as dt
import time
from typing import Protocol

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def rfc3339(instant: int) -> str:
    """An instant in milliseconds as RFC 3339 writes it, UTC, to the second."""
    moment = dt.datetime.fromtimestamp(instant // SECOND, dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Clock(Protocol):
    """Time as an argument, so that a test may own it."""

    def now(self) -> int:
        """Milliseconds since 1970-01-01T00:00:00Z."""
        ...

    def monotonic(self) -> float:
        """Seconds that only grow; for durations, never for instants."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()
