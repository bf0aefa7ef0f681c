"""The front door: every request gets an id, is timed and counted, and never leaves with a raw error."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lingpai.clock import Clock
from lingpai.observe import Metrics, Tracing, logger
from lingpai.web.endpoint import Endpoint
from lingpai.web.handling import Handling

_APP_SEGMENT: Final = 2
_SEGMENTS: Final = 4
_NO_ROUTE: Final = "none"


class Front:
    """The ASGI application.

    The few hot endpoints are found by a look-up in a table; everything else goes through the
    router, which serves the hot ones just the same (see docs/decisions on the hot routes).
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        router: ASGIApp,
        handling: Handling,
        *,
        clock: Clock,
        metrics: Metrics,
        tracing: Tracing | None,
    ) -> None:
        self._router: Final = router
        self._handling: Final = handling
        self._clock: Final = clock
        self._tracing: Final = tracing
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
        trace = None if self._tracing is None else self._tracing.begin(scope["headers"])
        if trace is None:
            await self._answer(scope, receive, send)
            return
        with trace:
            route, status = await self._answer(scope, receive, send)
        trace.answered(scope["method"], route, status)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> tuple[str, int]:
        """The route that answered, and its status."""
        began = self._clock.monotonic()
        endpoint = self._hot(scope)
        if endpoint is not None:
            route = endpoint.path
            status = await self._handling.answer(endpoint, scope, receive, send)
        else:
            status = await self._routed(scope, receive, send)
            route = getattr(scope.get("route"), "path", _NO_ROUTE)
        self._count(route, status, began)
        return route, status

    async def _routed(self, scope: Scope, receive: Receive, send: Send) -> int:
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
            return await self._handling.refuse(error, scope, receive, send)
        return status

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
        if not status:
            return  # the client went away; nothing was answered
        self._requests(route, status).inc()
        self._seconds(route).observe(self._clock.monotonic() - began)
