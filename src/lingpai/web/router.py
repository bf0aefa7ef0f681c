"""Which endpoint answers which path."""

from collections.abc import Sequence
from itertools import groupby

from starlette.routing import BaseRoute, Route, Router
from starlette.types import Receive, Scope, Send

from lingpai.clock import Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue import METHOD_NOT_ALLOWED, NOT_FOUND
from lingpai.observe import Metrics, Tracing
from lingpai.web.call import Call
from lingpai.web.cross_origin import CrossOrigin
from lingpai.web.endpoint import Endpoint
from lingpai.web.front import Front
from lingpai.web.handling import Handling
from lingpai.web.recording import Recording
from lingpai.web.strangers import Strangers


class _Path:
    """All methods of one path."""

    def __init__(self, endpoints: Sequence[Endpoint], handling: Handling) -> None:
        self._by_method: dict[str, Endpoint] = {e.method: e for e in endpoints}
        self._handling = handling

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        endpoint = self._by_method.get(method)
        if method == "OPTIONS":
            answer = self._handling.preflight(list(self._by_method.values()), scope, receive)
            if answer is not None:
                await answer.send(Call(scope, receive, 0), send)
                return
        if endpoint is None:
            allowed = ", ".join(sorted(self._by_method))
            raise Problem(METHOD_NOT_ALLOWED, facts={"method": scope["method"], "allowed": allowed})
        await self._handling.answer(endpoint, scope, receive, send)


def assemble(
    endpoints: Sequence[Endpoint],
    pages: Sequence[BaseRoute],
    *,
    clock: Clock,
    metrics: Metrics,
    public_url: str,
    cross_origin: CrossOrigin,
    recording: Recording,
    tracing: Tracing | None,
    strangers: Strangers,
) -> Front:
    """The ASGI application of these endpoints and pages."""
    ordered = sorted(endpoints, key=lambda endpoint: endpoint.path)
    handling = Handling(
        clock=clock,
        public_url=public_url,
        cross_origin=cross_origin,
        recording=recording,
        strangers=strangers,
    )
    routes = [
        Route(path, _Path(list(group), handling)) for path, group in groupby(ordered, key=lambda e: e.path)
    ]
    router = Router([*routes, *pages], redirect_slashes=False, default=_nothing_here)
    return Front(endpoints, router, handling, clock=clock, metrics=metrics, tracing=tracing)


async def _nothing_here(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise Problem(NOT_FOUND)
