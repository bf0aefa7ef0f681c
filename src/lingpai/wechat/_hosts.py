"""Which of WeChat's hosts is asked now?"""

from collections.abc import Callable
from typing import Final

_AWAY: Final = 60.0
"""Seconds until the first host is asked again."""


class Hosts:
    """The first host, and those that stand in for it while it cannot be connected to.

    Only a connection that never opened moves us: a request that was sent is never sent again elsewhere.
    """

    def __init__(self, urls: tuple[str, ...], monotonic: Callable[[], float]) -> None:
        self._urls: Final = tuple(url.rstrip("/") for url in urls)
        self._monotonic: Final = monotonic
        self._at = 0
        self._back_at = 0.0

    def current(self) -> str:
        """The URL to ask."""
        if self._at and self._monotonic() >= self._back_at:
            self._at = 0
        return self._urls[self._at]

    def unreachable(self, url: str) -> None:
        """No connection opened to `url`: the next one is asked, unless somebody moved on already."""
        if len(self._urls) > 1 and url == self._urls[self._at]:
            if not self._at:
                self._back_at = self._monotonic() + _AWAY
            self._at = (self._at + 1) % len(self._urls)
