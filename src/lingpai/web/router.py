"""Which endpoint answers which path."""

from collections.abc import Sequence
from itertools import groupby

from starlette.routing import BaseRoute, Route, Router
from starlette.types import Receive, Scope, Send

from lingpai.clock import Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue import METHOD_NOT_ALLOWED, NOT_FOUND
from lingpai.observe import Metrics
from lingpai.web.endpoint import Endpoint
from lingpai.web.front import Front


class _Path:
    """All methods of one path."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self._by_method: dict[str, Endpoint] = {e.method: e for e in endpoints}
        self.front: Front | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        endpoint = self._by_method.get(method)
        if endpoint is None or self.front is None:
            allowed = ", ".join(sorted(self._by_method))
            raise Problem(METHOD_NOT_ALLOWED, facts={"method": scope["method"], "allowed": allowed})
        scope["lingpai.counted"] = True
        await self.front.answer(endpoint, scope, receive, send)


def assemble(
    endpoints: Sequence[Endpoint],
    pages: Sequence[BaseRoute],
    *,
    clock: Clock,
    metrics: Metrics,
    public_url: str,
) -> Front:
    """The ASGI application of these endpoints and pages."""
    ordered = sorted(endpoints, key=lambda endpoint: endpoint.path)
    paths = {path: _Path(list(group)) for path, group in groupby(ordered, key=lambda e: e.path)}
    routes = [Route(path, paths[path]) for path in paths]
    router = Router([*routes, *pages], redirect_slashes=False, default=_nothing_here)
    front = Front(endpoints, router, clock=clock, metrics=metrics, public_url=public_url)
    for path in paths.values():
        path.front = front
    return front


async def _nothing_here(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise Problem(NOT_FOUND)
