"""Every page of the console, found by its routes: a new page is looked at without anybody asking for it."""

import re

from lingpai.testing.server import RunningServer
from lingpai.web import console
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute
from lingpai.web.pages import site_of
from lingpai.web.pages.rendering import Renderer
from lingpai.web.pages.static import Static
from tests.console.people import APPS, user_id

ATTEMPT = f"evt_01jd{20:022}"
SAMPLES = {"id": user_id(0), "appid": APPS[0].appid, "name": "backend"}
"""What stands in the braces of a path."""


def routes_of(running: RunningServer) -> list[ConsoleRoute]:
    rooms = running.server.rooms
    static = Static(*console.STATIC)
    return console.console_routes(Frame(Renderer(static, version=""), site_of(rooms, static, "")), rooms)


def filled(path: str) -> str:
    """A route's path with samples in place."""
    samples = {**SAMPLES, "id": ATTEMPT} if path.startswith("/console/logins") else SAMPLES
    return re.sub(r"\{(\w+)\}", lambda name: samples[name[1]], path)


def pages_of(running: RunningServer) -> list[str]:
    """The paths of all pages."""
    paths = {route.path for route in routes_of(running) if route.method == "GET"}
    return sorted(filled(path) for path in paths if not path.endswith(".txt"))
