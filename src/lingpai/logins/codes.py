"""Codes in flight and codes just spent, in this process: spares WeChat the second question.

This is thrift, not the rule: that a code starts one session at most is held by WeChat, which
accepts it once, and by a unique constraint in the same commit as the session.
"""

import asyncio
import hmac
from collections import OrderedDict
from typing import Final

from lingpai.sessions import TokenSet

_REMEMBERED: Final = 10_000


class InFlight:
    """A login that is under way, and who may wait for its outcome."""

    __slots__ = ("_key", "outcome")

    def __init__(self, key: bytes | None) -> None:
        self._key: Final = key
        self.outcome: Final[asyncio.Future[TokenSet]] = asyncio.get_running_loop().create_future()

    def is_of(self, key: bytes | None) -> bool:
        """Whether `key` is the retry key of the client that began."""
        return key is not None and self._key is not None and hmac.compare_digest(key, self._key)


class Codes:
    """The codes this process has seen lately, by (AppID, SHA-256 of the code)."""

    def __init__(self) -> None:
        self._in_flight: dict[tuple[str, bytes], InFlight] = {}
        self._spent: OrderedDict[tuple[str, bytes], None] = OrderedDict()

    def in_flight(self, code: tuple[str, bytes]) -> InFlight | None:
        """The login under way with this code."""
        return self._in_flight.get(code)

    def was_spent(self, code: tuple[str, bytes]) -> bool:
        """Whether this process has started a session with it."""
        return code in self._spent

    def begin(self, code: tuple[str, bytes], key: bytes | None) -> InFlight:
        """A login begins; `end` must follow."""
        login = self._in_flight[code] = InFlight(key)
        return login

    def succeeded(self, code: tuple[str, bytes], tokens: TokenSet) -> None:
        """The login under way has started a session."""
        if len(self._spent) >= _REMEMBERED:
            self._spent.popitem(last=False)
        self._spent[code] = None
        self._in_flight.pop(code).outcome.set_result(tokens)

    def failed(self, code: tuple[str, bytes], error: BaseException) -> None:
        """The login under way came to nothing; whoever waits gets the same error."""
        outcome = self._in_flight.pop(code).outcome
        outcome.set_exception(error)
        outcome.exception()  # nobody may be waiting; that is no accident
