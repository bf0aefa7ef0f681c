"""Where one request spent its time: the trace it leaves, as far as any room needs to know of it.

Off, a room finds no trace and goes on. `tracing.py` makes the traces, by OpenTelemetry.
"""

from contextvars import ContextVar
from typing import Final, Protocol

Attribute = str | int | float | bool


class Trace(Protocol):
    """The trace of one request, while the request is under way. Instants are on the monotonic clock."""

    def known_as(self, request_id: str) -> None:
        """The id that log lines and answers have, too."""
        ...

    def called(self, endpoint: str, began: float, ended: float, said: dict[str, Attribute]) -> None:
        """A call to WeChat is over. `said` is what a `CallRecord` may tell: never a URL, never a parameter."""
        ...

    def committed(self, began: float, ended: float, said: dict[str, Attribute], *, failed: bool) -> None:
        """A write is durable, or failed; from the moment it began to wait."""
        ...


current: Final[ContextVar[Trace | None]] = ContextVar("lingpai-trace", default=None)
"""Of the request that this task answers; None: nobody traces it."""
