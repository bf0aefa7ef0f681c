"""How the owner steers the emulator: the JSON API under `/__emulator__/`."""

from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from lingpai_emulator.control import oauth, payments, push, state, time, tokens, traffic, userdata, world, wx
from lingpai_emulator.control.door import Door
from lingpai_emulator.control.json import reply
from lingpai_emulator.emulator import Emulator
from lingpai_emulator.mistakes import MistakeError

PREFIX = "/__emulator__"


def build_control(emulator: Emulator, *, any_host: bool) -> ASGIApp:
    """The control API. Each answer is JSON; a mistake is a 4xx `{"error": "a sentence"}`."""
    routes = [
        route
        for group in (world, wx, userdata, payments, push, oauth, tokens, time, traffic, state)
        for route in group.routes(emulator)
    ]
    listed = [f"{' '.join(sorted(_methods(route)))} {PREFIX}{route.path}" for route in routes]

    async def index(_request: Request) -> Response:
        return reply({"controls": listed})

    async def mistake(_request: Request, error: Exception) -> Response:
        if isinstance(error, MistakeError):
            return reply({"error": error.sentence}, error.status)
        raise error

    async def no_such_control(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
        sentence = f"There is no {request.method} {request.url.path} here."
        return reply({"error": sentence, "controls": listed}, status)

    app = Starlette(
        routes=[
            Route(PREFIX, index, methods=["GET"]),
            Route(f"{PREFIX}/", index, methods=["GET"]),
            *(Route(PREFIX + route.path, route.endpoint, methods=list(_methods(route))) for route in routes),
        ],
        exception_handlers={MistakeError: mistake, HTTPException: no_such_control},
    )
    return Door(app, any_host=any_host)


def _methods(route: Route) -> set[str]:
    return (route.methods or set()) - {"HEAD"}
