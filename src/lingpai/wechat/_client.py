"""How does one call go, from the caller's struct to the answer's?

The way of a call: the app's lane lets it in (``_lane``), the breaker agrees (``_breaker``), the
transport carries it (``_transport``), the answer is understood (``_answer``). Below ``call``,
errors are returned as values and raised in one place, so that a traceback with all its local
variables still holds neither URL nor body.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Final, Self, TypeVar

from lingpai.wechat._answer import understand
from lingpai.wechat._endpoint import AnswerT, Endpoint, RequestT
from lingpai.wechat._errors import (
    WeChatAnswerInvalid,
    WeChatAnswerLost,
    WeChatError,
    WeChatOverloaded,
    WeChatRefused,
    WeChatUnreachable,
)
from lingpai.wechat._lane import Lane
from lingpai.wechat._raw import RawReply, RawRequest
from lingpai.wechat._record import CallRecord, Way
from lingpai.wechat._settings import WeChatSettings
from lingpai.wechat._transport import Transport
from lingpai.wechat.errcodes import Errcode

OutcomeT = TypeVar("OutcomeT")


class WeChatClient:
    """Calls WeChat for many apps at once. Make one per process and event loop, close it at the end.

    ``monotonic`` gives seconds. ``on_call`` hears of every call after it ended, also of those shed
    or cancelled; it must return quickly, and what it raises goes to the loop's exception handler.
    """

    def __init__(
        self,
        settings: WeChatSettings,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        on_call: Callable[[CallRecord], None] | None = None,
    ) -> None:
        self._settings: Final = settings
        self._monotonic: Final = monotonic
        self._on_call: Final = on_call
        self._transport: Final = Transport(settings, monotonic)
        self._lanes: dict[tuple[str, str], Lane] = {}

    async def call(self, endpoint: Endpoint[RequestT, AnswerT], request: RequestT, *, app: str) -> AnswerT:
        """Ask once. ``app`` (an AppID) is whose slots and whose breaker the call counts for.

        Takes at most ``total_timeout`` seconds. A connection that could not be opened is tried once
        more if the endpoint allows; a request that may have been sent is never sent again.
        Raises WeChatRefused, WeChatOverloaded, WeChatUnreachable, WeChatAnswerLost or
        WeChatAnswerInvalid. A cancelled call frees its slot at once; its connection is given up
        when its time is over.
        """
        started = self._monotonic()
        way = Way(started)
        outcome: AnswerT | WeChatError | None = None
        try:
            outcome = await self._through_lane(
                endpoint.host, app, started, lambda now: self._ask(endpoint, request, now, way)
            )
        finally:
            if self._on_call is not None:
                self._report(self._on_call, endpoint.name, app, outcome, way)
        if isinstance(outcome, WeChatError):
            raise outcome
        return outcome

    async def forward(self, request: RawRequest, access_token: str, *, app: str) -> RawReply:
        """Pass a call on and its answer back, through the same lane as the app's other calls.

        Raises as ``call`` does, but never WeChatRefused: an errcode is the caller's to read.
        """
        started = self._monotonic()
        way = Way(started)
        outcome: RawReply | WeChatError | None = None
        try:
            outcome = await self._through_lane(
                "api", app, started, lambda _now: self._transport.forward(request, access_token, way)
            )
        finally:
            if self._on_call is not None:
                self._report(self._on_call, "FORWARDED", app, outcome, way)
        if isinstance(outcome, WeChatError):
            raise outcome
        return outcome

    async def aclose(self) -> None:
        """Give up what is under way (WeChatAnswerLost) and refuse what comes (WeChatUnreachable)."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _through_lane(
        self,
        host: str,
        app: str,
        started: float,
        ask: Callable[[float], Awaitable[OutcomeT | WeChatError]],
    ) -> OutcomeT | WeChatError:
        lane = self._lanes.get((host, app))
        if lane is None:
            lane = self._lanes[host, app] = Lane(self._settings)
        now = started
        if wait := lane.breaker.closed_for(now):
            return WeChatOverloaded(wait, "breaker")
        if not lane.enter():
            if shed := await lane.wait():
                return shed
            now = self._monotonic()
        try:
            # The breaker may have opened while we queued.
            if wait := lane.breaker.closed_for(now):
                return WeChatOverloaded(wait, "breaker")
            probe = lane.breaker.admit(now)
            outcome = await ask(now)
            lane.breaker.record(self._monotonic(), failed=_is_trouble(outcome), probe=probe)
            return outcome
        finally:
            lane.leave()

    async def _ask(
        self,
        endpoint: Endpoint[RequestT, AnswerT],
        request: RequestT,
        now: float,
        way: Way,
    ) -> AnswerT | WeChatError:
        settings = self._settings
        queued = way.waited = now - way.started
        budget = settings.total_timeout - queued if queued else None
        reply = await self._transport.exchange(endpoint, request, budget, way)
        if isinstance(reply, WeChatUnreachable) and reply.reason == "connect" and endpoint.retry_unsent:
            left = settings.total_timeout - (self._monotonic() - way.started)
            # Less than that, and a connect cut short could no longer be told from a request sent.
            if left > settings.connect_timeout:
                reply = await self._transport.exchange(endpoint, request, left, way)
        if isinstance(reply, WeChatError):
            return reply
        status, body = reply
        return understand(endpoint, request, status, body)

    def _report(
        self,
        hear: Callable[[CallRecord], None],
        name: str,
        app: str,
        outcome: object,
        way: Way,
    ) -> None:
        seconds = self._monotonic() - way.started
        errcode, rid = None, None
        if isinstance(outcome, WeChatRefused):
            errcode, rid = outcome.errcode, outcome.rid
        ended = "ok" if outcome is not None else "cancelled"
        if isinstance(outcome, WeChatError):
            ended = outcome.outcome
        record = CallRecord(name, app, seconds, ended, errcode, rid, way.waited, way.host)
        try:
            hear(record)
        except Exception as error:  # noqa: BLE001 - an observer's mistake must not cost a login
            context = {"message": "on_call raised", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)


def _is_trouble(outcome: object) -> bool:
    """Whether the host is at fault. A refusal is a healthy answer, except 'system busy'."""
    if isinstance(outcome, WeChatRefused):
        return outcome.errcode == Errcode.SYSTEM_BUSY
    if isinstance(outcome, WeChatUnreachable):
        return outcome.reason == "connect"
    return isinstance(outcome, WeChatAnswerLost | WeChatAnswerInvalid)
