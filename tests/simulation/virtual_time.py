"""An event loop on which hours pass as fast as there is nothing to do in them."""

import asyncio
from typing import Any

from lingpai.clock import SECOND
from lingpai.testing.clock import A_MOMENT


class _NothingComes:
    """Instead of a selector: nobody is waited for, time is moved."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise RuntimeError("everything waits for something that never comes")
        self._loop.at += max(0.0, timeout)
        return []


class VirtualLoop(asyncio.BaseEventLoop):
    """Runs callbacks at their time, without waiting for it. Nothing real can be awaited here."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0
        self._selector = _NothingComes(self)
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self.at

    def _process_events(self, _events: list[Any]) -> None:
        pass

    def _write_to_self(self) -> None:
        pass


class SkewedClock:
    """A machine's two clocks, which may be set, and stand still while the machine sleeps."""

    def __init__(self, loop: VirtualLoop, *, ahead: float = 0.0) -> None:
        self._loop = loop
        self.ahead = ahead
        self._naps: list[tuple[float, float]] = []

    def now(self) -> int:
        return A_MOMENT + round((self._loop.at + self.ahead) * SECOND)

    def monotonic(self) -> float:
        at = self._loop.at
        return at - sum(max(0.0, min(at, until) - since) for since, until in self._naps)

    def sleep(self, seconds: float) -> None:
        """The machine is suspended: its monotonic clock stands still, its calendar does not."""
        since = max([self._loop.at, *(until for _, until in self._naps)])
        until = max(since, self._loop.at + seconds)
        self._naps.append((since, until))
