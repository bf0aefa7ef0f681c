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

SAMPLES = {"id": user_id(0), "appid": APPS[0].appid, "operator": "xiaohong"}
"""What stands in the braces of a path."""
NOT_A_PAGE = ("/console/people/{id}/export", "/console/logins/{id}/report.txt")


def routes_of(running: RunningServer) -> list[ConsoleRoute]:
    rooms = running.server.rooms
    static = Static(*console.STATIC)
    return console.console_routes(Frame(Renderer(static, version=""), site_of(rooms, static, "")), rooms)


def pages_of(running: RunningServer) -> list[str]:
    """The paths of all pages, with samples in place."""
    paths = {
        route.path for route in routes_of(running) if route.method == "GET" and route.path not in NOT_A_PAGE
    }
    return sorted(re.sub(r"\{(\w+)\}", lambda name: SAMPLES[name[1]], path) for path in paths)
