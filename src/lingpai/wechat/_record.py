"""What may an observer know about one call?"""

from msgspec import Struct


class CallRecord(Struct, frozen=True):
    """One finished call: no URL, no parameter, nothing personal.

    ``outcome``: ``ok``, ``cancelled``, or the ``outcome`` of the error raised. ``errcode`` and
    ``rid`` are set when WeChat refused. ``seconds`` includes the time spent queueing.
    """

    endpoint: str
    app: str
    seconds: float
    outcome: str
    errcode: int | None = None
    rid: str | None = None
    waited: float = 0.0
    """Seconds in the queue, of ``seconds``."""
    host: str = ""
    """The one asked last; empty when nobody was."""


class Way:
    """How far a call has come; filled on the way."""

    __slots__ = ("base", "started", "waited")

    def __init__(self, started: float) -> None:
        self.started = started
        self.base = ""
        self.waited = 0.0

    @property
    def host(self) -> str:
        return self.base.partition("://")[2].partition("/")[0]
