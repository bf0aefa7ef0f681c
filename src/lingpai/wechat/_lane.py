"""May this app call now, must it wait, or is it turned away?"""

import asyncio
from collections import deque
from typing import Final

from lingpai.wechat._breaker import Breaker
from lingpai.wechat._errors import WeChatOverloaded
from lingpai.wechat._settings import WeChatSettings

_COME_BACK: Final = 1.0  # seconds, for those turned away by the bulkhead or the queue


class Lane:
    """One app's slots to one host: a bulkhead, a short queue and a breaker.

    Whoever waits is served newest first and dropped when the wait gets too long. Under overload
    that answers some people in time; oldest first would answer everybody too late.
    """

    __slots__ = ("_settings", "_waiting", "breaker", "in_flight")

    def __init__(self, settings: WeChatSettings) -> None:
        self._settings = settings
        self._waiting: deque[asyncio.Future[WeChatOverloaded | None]] = deque()
        self.breaker: Final = Breaker(settings)
        self.in_flight = 0

    @property
    def waiting(self) -> int:
        """How many callers wait for a slot."""
        return len(self._waiting)

    def enter(self) -> bool:
        """Take a free slot. False when there is none: then ``wait`` for one."""
        if self.in_flight >= self._settings.in_flight_per_app:
            return False
        self.in_flight += 1
        return True

    async def wait(self) -> WeChatOverloaded | None:
        """Wait for a slot. None means it is ours."""
        if not self._settings.queue_per_app:
            return WeChatOverloaded(_COME_BACK, "bulkhead")
        if len(self._waiting) >= self._settings.queue_per_app:
            _turn_away(self._waiting.popleft())
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[WeChatOverloaded | None] = loop.create_future()
        self._waiting.append(turn)
        timer = loop.call_later(self._settings.queue_wait, self._expire, turn)
        try:
            return await turn
        except asyncio.CancelledError:
            # The slot may have been handed over in the same tick in which the caller gave up.
            if turn.done() and not turn.cancelled() and turn.result() is None:
                self.leave()
            elif turn in self._waiting:
                self._waiting.remove(turn)
            raise
        finally:
            timer.cancel()

    def leave(self) -> None:
        """Give the slot back, or straight to the newest who waits."""
        while self._waiting:
            turn = self._waiting.pop()
            if not turn.done():
                turn.set_result(None)
                return
        self.in_flight -= 1

    def _expire(self, turn: "asyncio.Future[WeChatOverloaded | None]") -> None:
        if not turn.done():
            self._waiting.remove(turn)
            _turn_away(turn)


def _turn_away(turn: "asyncio.Future[WeChatOverloaded | None]") -> None:
    if not turn.done():
        turn.set_result(WeChatOverloaded(_COME_BACK, "queue"))
