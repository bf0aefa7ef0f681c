"""All routes together."""

from lingpai.web import compat, console, pages
from lingpai.web.cross_origin import CrossOrigin
from lingpai.web.endpoint import Endpoint
from lingpai.web.front import Front
from lingpai.web.pages.static import Static
from lingpai.web.recording import Recording
from lingpai.web.rooms import Rooms
from lingpai.web.router import assemble
from lingpai.web.routes import (
    access_token,
    admin_apps,
    admin_keys,
    admin_people,
    avatars,
    description,
    forwarder,
    health,
    js_sdk,
    leaving,
    login,
    look_alike,
    me,
    oauth,
    oauth2,
    open_data,
    push,
    session,
    session_key,
    tickets,
)
from lingpai.web.strangers import Strangers


def all_endpoints(rooms: Rooms, version: str) -> list[Endpoint]:
    """Every endpoint of the interface."""
    described = [
        *login.endpoints(rooms),
        *oauth.endpoints(rooms),
        *tickets.endpoints(rooms),
        *js_sdk.endpoints(rooms),
        *session.endpoints(rooms),
        *me.endpoints(rooms),
        *leaving.endpoints(rooms),
        *avatars.endpoints(rooms),
        *open_data.endpoints(rooms),
        *session_key.endpoints(rooms),
        *oauth2.endpoints(rooms),
        *access_token.endpoints(rooms),
        *admin_apps.endpoints(rooms),
        *admin_people.endpoints(rooms),
        *admin_keys.endpoints(rooms),
        *health.endpoints(rooms),
    ]
    # Contracts that are WeChat's: to describe them is WeChat's part.
    foreign = [*look_alike.endpoints(rooms), *push.endpoints(rooms), *forwarder.endpoints(rooms)]
    return [*described, *foreign, *description.endpoints(rooms, described, version)]


def build_web(rooms: Rooms, *, version: str) -> Front:
    """The ASGI application."""
    endpoints = all_endpoints(rooms, version)
    static = Static(*console.STATIC)
    site = pages.site_of(rooms, static, version)
    return assemble(
        # Not among those that describe themselves: nobody should begin to use them.
        [*endpoints, *compat.endpoints(rooms)],
        [
            *console.routes(rooms, site, static, version),
            *pages.routes(rooms, site, static, endpoints, version),
        ],
        clock=rooms.clock,
        metrics=rooms.metrics,
        public_url=rooms.public_url,
        cross_origin=CrossOrigin(rooms.directory),
        recording=Recording(rooms.history, rooms.directory, rooms.proxies, rooms.clock),
        tracing=rooms.tracing,
        strangers=Strangers(rooms.gate, rooms.proxies),
    )
