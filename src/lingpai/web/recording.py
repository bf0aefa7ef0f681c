"""The flight recorder's part of a request: who asks, when the body was there, what was answered."""

import re
from contextvars import Token
from typing import Final

from lingpai.clock import Clock
from lingpai.errors import Problem
from lingpai.keeper import Directory
from lingpai.logins import History
from lingpai.model import AttemptKind
from lingpai.observe import Flight, landed, take_off
from lingpai.web.call import Call
from lingpai.web.client_address import TrustedProxies

_SDK: Final = re.compile(rb"[A-Za-z0-9@/._+-]{1,40}")


class Recording:
    """Begins and ends the flights of requests that are recorded."""

    def __init__(self, history: History, directory: Directory, proxies: TrustedProxies, clock: Clock) -> None:
        self._history: Final = history
        self._directory: Final = directory
        self._proxies: Final = proxies
        self._now: Final = clock.monotonic

    def begin(self, kind: AttemptKind, call: Call) -> "Token[Flight | None]":
        """From here on, what happens to this request is noted."""
        own = call.flight = Flight(kind, call.request_id, call.began, self._now)
        own.agent = call.user_agent
        own.network = self._proxies.network_of(call)
        sdk = call.header(b"x-lingpai-sdk")
        if sdk is not None and _SDK.fullmatch(sdk):
            own.sdk = sdk.decode()
        return take_off(own)

    def refused(self, call: Call, problem: Problem) -> None:
        """Unless the rooms below have said so themselves."""
        own = call.flight
        if own is not None and not own.settled:
            app = self._directory.known(call.params.get("app", ""))
            # A name nobody registered could be anything; it becomes no label and no line.
            named = own.appid or (app.app.appid if app is not None else "")
            self._history.turned_away(named, problem, own)

    def end(self, call: Call, status: int, began: float, token: "Token[Flight | None]") -> None:
        """The answer was sent; sending began at `began`."""
        if call.flight is not None:
            call.flight.step("answered", began, self._now(), status=status)
        landed(token)
