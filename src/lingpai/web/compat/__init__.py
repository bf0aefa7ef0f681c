"""The tutorials' own wire contracts, for clients that were written against them: translated onto the same flows.

Each file of `tutorials` is one published tutorial: its paths, its parameters, the shape of its answers. What they
share stands beside it: `asked` reads what their clients send, damage included; `entrance` signs in; `handed`
opens encrypted data; `silently` sends a browser to WeChat and meets it again; `shapes` answers. Nothing of it
is known outside of this package, and apps have it closed unless their setting `compat` opens it.
"""

from msgspec.structs import replace

from lingpai.web.compat.entrance import Entrance
from lingpai.web.compat.handed import Handed
from lingpai.web.compat.silently import Silently
from lingpai.web.compat.tutorials import (
    code_to_openid,
    decode_user_info,
    get_openid,
    login_certificate,
    silent_openid,
)
from lingpai.web.endpoint import Endpoint
from lingpai.web.rooms import Rooms


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """Every endpoint of the tutorials."""
    entrance, handed = Entrance(rooms), Handed(rooms)
    told = [
        *decode_user_info.endpoints(entrance, handed),
        *get_openid.endpoints(entrance),
        *login_certificate.endpoints(entrance, handed),
        *code_to_openid.endpoints(entrance),
        *silent_openid.endpoints(Silently(rooms, entrance)),
    ]
    return [replace(endpoint, counted=True) for endpoint in told]
