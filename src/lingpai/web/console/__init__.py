"""The console: what operators see and do in a browser, at `/console`.

A page is a `ConsoleRoute` in `routes.py`; its handler is a method of a class in a file of its own, its texts stand in
`texts_*.py`, its template in `templates/`. Everything a page does it does through `admin/`, `accounts/` and
`sessions/`, as the command line does. `guarding.py` says who is let in.
"""

from typing import Final

from starlette.routing import BaseRoute, Route

from lingpai.errors import Problem
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.entrance_path import EntrancePath, EntranceRoute
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, DevGuard, Guard, Visitor
from lingpai.web.console.navigation import menu
from lingpai.web.console.operator_guard import OperatorGuard
from lingpai.web.console.routes import console_routes, entrance_routes
from lingpai.web.console.serving import ConsolePath
from lingpai.web.console.texts import TEXTS
from lingpai.web.pages.page import Site
from lingpai.web.pages.rendering import Renderer
from lingpai.web.pages.static import Static
from lingpai.web.rooms import Rooms

__all__ = [
    "STATIC",
    "ConsoleRoute",
    "DevGuard",
    "Guard",
    "Visitor",
    "console_routes",
    "routes",
]

STATIC: Final = (
    __package__,
    ("console.css", "flights.css", "console.js", "passkey.js", "vendor/htmx/htmx.min.js"),
)
"""The files of this room for `Static`."""
_ELSEWHERE: Final = "/console/{rest:path}"


def routes(rooms: Rooms, site: Site, static: Static, version: str) -> list[BaseRoute]:
    """Every page of the console."""
    frame = Frame(Renderer(static, version=version, package=__package__, texts=TEXTS), site)
    guard: Guard = (
        DevGuard() if rooms.open_console else OperatorGuard(rooms.operators.sessions, rooms.public_url)
    )
    by_path: dict[str, list[ConsoleRoute]] = {}
    for route in [*console_routes(frame, rooms), ConsoleRoute("GET", _ELSEWHERE, "look", _missing)]:
        by_path.setdefault(route.path, []).append(route)
    frame.lead_to(menu(by_path))
    entrances: dict[str, list[EntranceRoute]] = {}
    for entrance in [] if rooms.open_console else entrance_routes(frame, rooms):
        entrances.setdefault(entrance.path, []).append(entrance)
    return [
        *(Route(path, EntrancePath(frame, group, rooms.public_url)) for path, group in entrances.items()),
        *(Route(path, ConsolePath(frame, guard, group)) for path, group in by_path.items()),
    ]


async def _missing(_call: Call, _visitor: Visitor) -> Answer:
    raise Problem(NOT_FOUND)
