"""How many writes share one durable commit, and when waiting for more of them pays."""

from typing import Final

import msgspec


class BatchSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of the batching writer. The defaults fit one server on one machine."""

    queue: int = 4096
    """Writes that may wait; one more is refused at once with StorageUnavailableError."""
    most: int = 512
    """Writes in one commit."""
    window: float = 0.003
    """Seconds a commit may wait for company. 0: never."""


class Window:
    """Decides before each commit whether to wait for more writes, and for how long.

    Writes that come in while a commit is in flight share the next one anyway. Waiting pays only when
    many callers write at a steady rate. One caller that writes in a loop has a high rate too, but sends
    nothing while it waits: a wait that brought nothing is followed by ever more commits without one,
    until two writes are seen together.
    """

    _ENOUGH: Final = 48
    """Beyond this the fixed cost of a commit is spread thin enough."""
    _WORTH: Final = 2.0
    """Writes that must be expected within a window to open it."""
    _LONGEST_REST: Final = 1024

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._rate = 0.0
        self._seen_at = 0.0
        self._rest = 0
        self._next_rest = 1

    def saw(self, writes: int, now: float) -> None:
        """`writes` were committed; `now` is in seconds. Keeps a moving average of writes per second."""
        passed = now - self._seen_at
        self._seen_at = now
        if passed > 0:
            weight = min(1.0, passed * 10)
            self._rate += (writes / passed - self._rate) * weight

    def wait(self, queued: int) -> float:
        """Seconds to wait before the next commit, which has `queued` writes so far."""
        if queued >= self._ENOUGH or self._rate * self._longest < self._WORTH:
            return 0.0
        if queued > 1:
            self._rest, self._next_rest = 0, 1
        elif self._rest > 0:
            self._rest -= 1
            return 0.0
        return min(self._longest, (self._ENOUGH - queued) / self._rate)

    def waited(self, brought: int) -> None:
        """A wait has brought so many further writes."""
        if brought > 0:
            self._next_rest = 1
        else:
            self._rest = self._next_rest
            self._next_rest = min(self._next_rest * 2, self._LONGEST_REST)
