"""A path in front of the guard: the pages by which operators come in. What is sent there comes from a page of ours."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import msgspec
from starlette.types import Receive, Scope, Send

from lingpai.errors import Problem
from lingpai.errors.catalogue import METHOD_NOT_ALLOWED
from lingpai.web.answering import Answer
from lingpai.web.call import Call, ClientGoneError
from lingpai.web.console.frame import Frame
from lingpai.web.console.operator_guard import refuse_foreign_page
from lingpai.web.pages.reader import wants_html
from lingpai.web.problem import as_problem


class EntranceRoute(msgspec.Struct, frozen=True):
    """One method of a page that is open to everybody."""

    method: str
    path: str
    handle: Callable[[Call], Awaitable[Answer]]


class EntrancePath:
    """All methods of one path."""

    def __init__(self, frame: Frame, routes: Sequence[EntranceRoute], public_url: str) -> None:
        self._frame: Final = frame
        self._by_method: Final = {route.method: route for route in routes}
        self._public_url: Final = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = Call(scope, receive, self._frame.clock.monotonic())
        try:
            answer = await self._answer(call)
        except ClientGoneError:
            return
        except Exception as error:
            if not wants_html(call):
                raise
            answer = self._frame.refusal(call, None, as_problem(error, call))
        await answer.send(call, send)

    async def _answer(self, call: Call) -> Answer:
        route = self._by_method.get("GET" if call.method == "HEAD" else call.method)
        if route is None:
            allowed = ", ".join(sorted(self._by_method))
            raise Problem(METHOD_NOT_ALLOWED, facts={"method": call.method, "allowed": allowed})
        if route.method != "GET":
            refuse_foreign_page(call, self._public_url)
        return await route.handle(call)
