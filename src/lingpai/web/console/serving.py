"""A path of the console as an ASGI application: the guard first, then the page; a refusal is a page too."""

from collections.abc import Sequence
from typing import Final

from starlette.types import Receive, Scope, Send

from lingpai.errors import Problem
from lingpai.errors.catalogue import METHOD_NOT_ALLOWED
from lingpai.web.answering import Answer
from lingpai.web.call import Call, ClientGoneError
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Guard, Visitor
from lingpai.web.pages.reader import wants_html
from lingpai.web.problem import as_problem


class ConsolePath:
    """All methods of one path."""

    def __init__(self, frame: Frame, guard: Guard, routes: Sequence[ConsoleRoute]) -> None:
        self._frame: Final = frame
        self._guard: Final = guard
        self._by_method: Final = {route.method: route for route in routes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = Call(scope, receive, self._frame.clock.monotonic())
        try:
            answer = await self._answer(call)
        except ClientGoneError:
            return
        await answer.send(call, send)

    async def _answer(self, call: Call) -> Answer:
        visitor: Visitor | None = None
        try:
            route = self._by_method.get("GET" if call.method == "HEAD" else call.method)
            # Without the guard's leave nobody learns even which methods there are.
            visitor = await self._guard.admit(call, route.needs if route else "look")
            return await self._offered(call, route).handle(call, visitor)
        except ClientGoneError:
            raise
        except Exception as error:
            if not wants_html(call):
                raise
            return self._frame.refusal(call, visitor, as_problem(error, call))

    def _offered(self, call: Call, route: ConsoleRoute | None) -> ConsoleRoute:
        if route is None:
            allowed = ", ".join(sorted(self._by_method))
            raise Problem(METHOD_NOT_ALLOWED, facts={"method": call.method, "allowed": allowed})
        return route
