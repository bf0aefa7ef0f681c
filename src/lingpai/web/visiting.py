"""A login's request, as far as it is remembered or counted."""

from lingpai.logins import Visit
from lingpai.web.call import Call
from lingpai.web.rooms import Rooms


def visit_of(rooms: Rooms, call: Call) -> Visit:
    """Who asks, from where, since when."""
    return Visit(
        request_id=call.request_id,
        user_agent=call.user_agent,
        began=call.began,
        address=rooms.proxies.client_of(call),
    )
