"""What one attempt goes through, noted while it goes on: an append a step, and nobody reads it before the end.

The rooms below note their steps on the flight of their own request, which they find here; most requests have none.
"""

from collections.abc import Callable
from contextvars import ContextVar, Token
from typing import Any, Final

_MOST_STEPS: Final = 24
"""Of a request that calls WeChat again and again the rest is not noted."""

StepNote = tuple[str, float, float, dict[str, Any]]
"""name, began and ended on the monotonic clock, facts."""


class Flight:
    """One attempt. Facts are numbers and words of ours or of WeChat's, never anything of a person."""

    __slots__ = (
        "agent",
        "appid",
        "began",
        "event_at",
        "event_id",
        "kind",
        "network",
        "nonce",
        "now",
        "request_id",
        "sdk",
        "session_id",
        "settled",
        "steps",
        "user_id",
    )

    def __init__(self, kind: str, request_id: str, began: float, now: Callable[[], float]) -> None:
        """`began` and `now` are seconds on the monotonic clock."""
        self.kind: Final = kind
        self.request_id: Final = request_id
        self.began: Final = began
        self.now: Final = now
        self.agent = ""
        self.network = ""
        self.sdk = ""
        self.nonce: bool | None = None
        self.appid: str | None = None
        self.user_id: str | None = None
        self.session_id: str | None = None
        self.event_id: str | None = None
        self.event_at = 0
        """Id and instant of its line, once they are known."""
        self.settled = False
        """Whether its outcome is on record."""
        self.steps: Final[list[StepNote]] = []

    def step(self, name: str, began: float, ended: float, **facts: Any) -> None:
        """Note a step that is over."""
        if len(self.steps) < _MOST_STEPS:
            self.steps.append((name, began, ended, facts))

    def is_of(self, appid: str, user_id: str | None = None, session_id: str | None = None) -> None:
        """Note whose attempt it turned out to be."""
        self.appid, self.user_id, self.session_id = appid, user_id, session_id


_current: Final[ContextVar[Flight | None]] = ContextVar("flight", default=None)


def flight() -> Flight | None:
    """The flight of the request that is being answered; None when it is not recorded."""
    return _current.get()


def take_off(new: Flight) -> "Token[Flight | None]":
    """Make it the flight of this request. `landed` takes the token."""
    return _current.set(new)


def landed(token: "Token[Flight | None]") -> None:
    """The request is over."""
    _current.reset(token)
