"""The front door: every request gets an id, is timed and counted, and never leaves with a raw error."""

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lingpai.clock import Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue import SHUTTING_DOWN
from lingpai.observe import Metrics, logger
from lingpai.web.answering import Answer
from lingpai.web.call import Call, ClientGoneError
from lingpai.web.endpoint import Endpoint
from lingpai.web.problem import as_problem, problem_answer

_APP_SEGMENT: Final = 2
_SEGMENTS: Final = 4


class Front:
    """The ASGI application.

    The few hot endpoints are found by a look-up in a table; everything else goes through the
    router, which serves the hot ones just the same (see docs/decisions on the hot routes).
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        router: ASGIApp,
        *,
        clock: Clock,
        metrics: Metrics,
        public_url: str,
    ) -> None:
        self._router: Final = router
        self._clock: Final = clock
        self._public_url: Final = public_url
        # Looking a metric up by its labels costs more than counting; routes and statuses are few.
        self._requests: Final = lru_cache(metrics.requests.labels)
        self._seconds: Final = lru_cache(metrics.request_seconds.labels)
        hot = [endpoint for endpoint in endpoints if endpoint.hot]
        self._exact: Final[dict[tuple[str, str], Endpoint]] = {
            (e.method, e.path): e for e in hot if "{" not in e.path
        }
        self._of_app: Final[dict[tuple[str, str], Endpoint]] = {
            (e.method, e.path.rpartition("/")[2]): e for e in hot if e.path.startswith("/v1/{app}/")
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._router(scope, receive, send)
            return
        endpoint = self._hot(scope)
        if endpoint is not None:
            await self.answer(endpoint, scope, receive, send)
        else:
            await self._routed(scope, receive, send)

    async def answer(self, endpoint: Endpoint, scope: Scope, receive: Receive, send: Send) -> None:
        """Let `endpoint` answer; count and time it."""
        began = self._clock.monotonic()
        call = Call(scope, receive, began)
        try:
            answer = await endpoint.handle(call)
        except ClientGoneError:
            return
        except asyncio.CancelledError:
            # The drain is over. The client gets a word before its connection ends.
            answer = problem_answer(call, Problem(SHUTTING_DOWN, retry_after=1.0), self._public_url)
        except Exception as error:  # noqa: BLE001  the one place where every error becomes an answer
            answer = problem_answer(call, as_problem(error, call), self._public_url)
        await answer.send(call, send)
        self._count(endpoint.path, answer.status, began)

    def refuse(self, error: Exception, scope: Scope, receive: Receive) -> tuple[Call, Answer]:
        """The problem answer for a request that reached no endpoint."""
        call = Call(scope, receive, self._clock.monotonic())
        return call, problem_answer(call, as_problem(error, call), self._public_url)

    async def _routed(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = self._clock.monotonic()
        scope["app"] = self  # with an app in the scope, a wrong method is an exception and not a text
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._router(scope, receive, watched)
        except Exception as error:
            if status:
                logger().error("answer_broken_off", exc_info=error)
                raise
            call, answer = self.refuse(error, scope, receive)
            await answer.send(call, watched)
        if "lingpai.counted" not in scope:
            self._count("pages", status, began)

    def _hot(self, scope: Scope) -> Endpoint | None:
        path: str = scope["path"]
        method: str = scope["method"]
        endpoint = self._exact.get((method, path))
        if endpoint is None and path.startswith("/v1/"):
            parts = path.split("/")
            if len(parts) == _SEGMENTS and parts[_APP_SEGMENT]:
                endpoint = self._of_app.get((method, parts[3]))
                if endpoint is not None:
                    scope["path_params"] = {"app": parts[_APP_SEGMENT]}
        return endpoint

    def _count(self, route: str, status: int, began: float) -> None:
        self._requests(route, status).inc()
        self._seconds(route).observe(self._clock.monotonic() - began)
