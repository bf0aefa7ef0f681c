"""What anybody may read in a browser: the start page and the documentation. The console has a room of its own."""

from collections.abc import Sequence

from starlette.routing import BaseRoute, Route

from lingpai.errors import Problem
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.pages.documentation import Documentation
from lingpai.web.pages.page import Page, Site
from lingpai.web.pages.rendering import Renderer
from lingpai.web.pages.static import Static
from lingpai.web.rooms import Rooms


def site_of(rooms: Rooms, static: Static, version: str) -> Site:
    """What all pages share."""
    return Site(
        renderer=Renderer(static, version=version),
        clock=rooms.clock,
        public_url=rooms.public_url,
        console_open=rooms.open_console,
    )


def routes(
    rooms: Rooms, site: Site, static: Static, endpoints: Sequence[Endpoint], version: str
) -> list[BaseRoute]:
    """Every page but the console's."""
    documentation = Documentation(site, endpoints, version)

    async def start(call: Call) -> Answer:
        return site.page(call, "start.html", here="start", public_url=rooms.public_url)

    async def missing(_call: Call) -> Answer:
        raise Problem(NOT_FOUND)

    handlers = {
        "/": start,
        "/docs": documentation.interface,
        "/docs/problems": documentation.problems,
        "/docs/problems/{code}": documentation.problem,
        "/static/{file}": static.answer,
        "/docs/{rest:path}": missing,
    }
    return [Route(path, Page(site, handle), methods=["GET"]) for path, handle in handlers.items()]
