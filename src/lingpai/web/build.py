"""All routes together."""

from lingpai.web import pages
from lingpai.web.endpoint import Endpoint
from lingpai.web.front import Front
from lingpai.web.rooms import Rooms
from lingpai.web.router import assemble
from lingpai.web.routes import (
    avatars,
    description,
    health,
    leaving,
    login,
    me,
    oauth2,
    open_data,
    session,
    session_key,
)


def all_endpoints(rooms: Rooms, version: str) -> list[Endpoint]:
    """Every endpoint of the interface."""
    described = [
        *login.endpoints(rooms),
        *session.endpoints(rooms),
        *me.endpoints(rooms),
        *leaving.endpoints(rooms),
        *avatars.endpoints(rooms),
        *open_data.endpoints(rooms),
        *session_key.endpoints(rooms),
        *oauth2.endpoints(rooms),
        *health.endpoints(rooms),
    ]
    return [*described, *description.endpoints(rooms, described, version)]


def build_web(rooms: Rooms, *, version: str) -> Front:
    """The ASGI application."""
    endpoints = all_endpoints(rooms, version)
    return assemble(
        endpoints,
        pages.routes(rooms, endpoints, version),
        clock=rooms.clock,
        metrics=rooms.metrics,
        public_url=rooms.public_url,
    )
