"""How often an app may call a path: per day of Beijing (errcode 45009) and per minute (45011)."""

from typing import Final, Literal

import msgspec

Span = Literal["day", "minute", "month"]

_BEIJING: Final = 8 * 3600  # seconds ahead of UTC; China has no summer time
_DAYS: Final = 86_400


class Limits(msgspec.Struct, frozen=True):
    """Calls of one path and app; None means that nothing is known to limit them."""

    day: int | None = None
    minute: int | None = None


class Quotas:
    """Counts per app and path on the emulator's clock. A refused call is not counted."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, Span], tuple[int, int]] = {}

    def count(self, appid: str, path: str, now: float, limits: Limits) -> Span | None:
        """Counts this call, or says which of the two limits it would break."""
        if limits.minute is not None and self.used(appid, path, "minute", now) >= limits.minute:
            return "minute"
        if limits.day is not None and self.used(appid, path, "day", now) >= limits.day:
            return "day"
        self.add(appid, path, "minute", now)
        self.add(appid, path, "day", now)
        return None

    def used(self, appid: str, path: str, span: Span, now: float) -> int:
        """Calls in the current day, minute or month."""
        counted_in, count = self._counts.get((appid, path, span), (0, 0))
        return count if counted_in == _number(span, now) else 0

    def add(self, appid: str, path: str, span: Span, now: float) -> None:
        used = self.used(appid, path, span, now)
        self._counts[appid, path, span] = (_number(span, now), used + 1)

    def clear(self, appid: str, path: str | None = None) -> None:
        """Back to zero for the day and the minute: of one path, or of all an app has."""
        for key in list(self._counts):
            if key[0] == appid and key[2] != "month" and path in (None, key[1]):
                del self._counts[key]

    def all(self, now: float) -> list[tuple[str, str, int, int]]:
        """appid, path, calls today, calls this minute."""
        parties = {(appid, path) for appid, path, span in self._counts if span != "month"}
        return [
            (appid, path, self.used(appid, path, "day", now), self.used(appid, path, "minute", now))
            for appid, path in sorted(parties)
        ]


def _number(span: Span, now: float) -> int:
    if span == "minute":
        return int(now // 60)
    days = int((now + _BEIJING) // _DAYS)
    # A month is 30 days here: nothing but the resets of quotas is counted by the month.
    return days if span == "day" else days // 30
