"""Has this host just been failing for this app, so that asking again would only add to it?"""

from collections import deque

from lingpai.wechat._settings import WeChatSettings


class Breaker:
    """Counts calls in whole seconds over a sliding window; open, it lets one probe through at a time.

    Only a probe closes it again: an answer that was already under way says nothing about now.
    Times are those of the caller's monotonic clock, in seconds.
    """

    __slots__ = ("_calls", "_failures", "_next_probe", "_open", "_seconds", "_settings")

    def __init__(self, settings: WeChatSettings) -> None:
        self._settings = settings
        self._open = False
        self._next_probe = 0.0
        self._forget()

    def _forget(self) -> None:
        self._seconds: deque[list[int]] = deque()  # [second, calls, failures], oldest first
        self._calls = 0
        self._failures = 0

    def closed_for(self, now: float) -> float:
        """Seconds until a call may pass; 0 while closed or when a probe is due."""
        return max(0.0, self._next_probe - now) if self._open else 0.0

    def admit(self, now: float) -> bool:
        """Let one call pass, after ``closed_for`` said 0. True makes it the probe."""
        if self._open:
            self._next_probe = now + self._settings.breaker_probe
        return self._open

    def record(self, now: float, *, failed: bool, probe: bool) -> None:
        """What became of a call that passed."""
        if self._open:
            if probe and not failed:
                self._open = False
                self._forget()
            return
        second = int(now)
        if not self._seconds or self._seconds[-1][0] != second:
            self._turn(second)
        self._seconds[-1][1] += 1
        self._calls += 1
        if failed:
            self._seconds[-1][2] += 1
            self._failures += 1
            self._trip(now)

    def _turn(self, second: int) -> None:
        oldest = second - self._settings.breaker_window
        while self._seconds and self._seconds[0][0] <= oldest:
            _, calls, failures = self._seconds.popleft()
            self._calls -= calls
            self._failures -= failures
        self._seconds.append([second, 0, 0])

    def _trip(self, now: float) -> None:
        few = self._calls < self._settings.breaker_calls
        if few or self._failures < self._calls * self._settings.breaker_share:
            return
        self._open = True
        self._next_probe = now + self._settings.breaker_probe
