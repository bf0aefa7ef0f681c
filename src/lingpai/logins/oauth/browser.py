"""One browser before anybody has signed in: the secret it is known by, and whether it goes in circles."""

import hashlib
import re
from typing import Final, Self

import msgspec

from lingpai.secret import random_token

ROUNDS: Final = 2
"""How often a page may send one browser to WeChat and be sent it back, before somebody has to look."""
_WITHIN: Final = 20
"""Seconds. People are slower than pages that redirect."""
_TEXT: Final = re.compile(r"([A-Za-z0-9_-]{43})\.([0-9])\.([0-9]{1,12})\.([0-9a-f]{8})")


class Browser(msgspec.Struct, frozen=True, kw_only=True):
    """What the pre-login cookie says. Only `secret` is believed; the rest stops mistakes, not attacks."""

    secret: str
    starts: int = 0
    """Visits to WeChat for `page`, in a row."""
    since: int = 0
    """When the row began, in seconds since 1970."""
    page: str = "0" * 8
    """8 hex digits that tell one page from another."""

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """From the cookie; None when it is not one of ours."""
        match = _TEXT.fullmatch(text) if text else None
        if match is None:
            return None
        return cls(secret=match[1], starts=int(match[2]), since=int(match[3]), page=match[4])

    def written(self) -> str:
        """As the cookie's value."""
        return f"{self.secret}.{self.starts}.{self.since}.{self.page}"

    def started(self, page: str, now: int) -> Self:
        """The same browser, on its way to WeChat once more for `page`; `now` in seconds."""
        name = hashlib.sha256(page.encode()).hexdigest()[:8]
        if name != self.page or not 0 <= now - self.since < _WITHIN:
            return msgspec.structs.replace(self, starts=1, since=now, page=name)
        return msgspec.structs.replace(self, starts=min(9, self.starts + 1))

    @property
    def in_circles(self) -> bool:
        """The page has sent it round often enough; the next time would be no different."""
        return self.starts > ROUNDS

    def __repr__(self) -> str:
        return f"Browser(starts={self.starts})"


def new_browser() -> Browser:
    """A browser that was never here."""
    return Browser(secret=random_token(""))


def browser_digest(secret: str) -> bytes:
    """What is stored of a browser's secret."""
    return hashlib.sha256(b"lingpai browser\x00" + secret.encode()).digest()
