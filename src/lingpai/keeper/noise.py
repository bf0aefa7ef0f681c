"""Callers whose reports prove wrong again and again are not heard for a while."""

from collections import OrderedDict
from typing import Final

from lingpai.clock import Clock

_REMEMBERED: Final = 4_096
_SHORTEST: Final = 2.0
_LONGEST: Final = 120.0
"""Seconds."""


class Noise:
    """Wrong reports by app, caller and generation: each doubles the time that the next is not heard."""

    def __init__(self, clock: Clock) -> None:
        self._clock: Final = clock
        self._wrong: OrderedDict[tuple[str, str, int], tuple[int, float]] = OrderedDict()

    def heard(self, appid: str, by: str, generation: int) -> bool:
        """Whether a report of this caller is worth a check."""
        _, until = self._wrong.get((appid, by, generation), (0, float("-inf")))
        return self._clock.monotonic() >= until

    def wrong(self, appid: str, by: str, generation: int) -> None:
        """A check found the reported token good."""
        key = (appid, by, generation)
        times, _ = self._wrong.pop(key, (0, 0.0))
        if len(self._wrong) >= _REMEMBERED:
            self._wrong.popitem(last=False)
        wait = min(_SHORTEST * 2 ** min(times, 10), _LONGEST)
        self._wrong[key] = (times + 1, self._clock.monotonic() + wait)
