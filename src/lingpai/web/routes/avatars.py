"""Pictures, for everybody who knows their address."""

from typing import Final

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.errors.catalogue_accounts import AVATAR_STORE_UNAVAILABLE
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.rooms import Rooms

# A day, though the picture never changes: after an erasure no cache should have it for longer. Nothing that a
# browser makes of the bytes may run, and other sites' pages may show them.
_HEADERS: Final = (
    (b"content-type", b"image/jpeg"),
    (b"cache-control", b"public, max-age=86400, immutable"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"content-disposition", b"inline"),
)


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""

    async def show(call: Call) -> Answer:
        picture = await rooms.avatars.get(call.params["name"])
        if picture is None:
            raise Problem(NOT_FOUND)
        return Answer(200, picture, _HEADERS)

    return [
        Endpoint(
            method="GET",
            path="/avatars/{name}",
            handle=show,
            summary=Words("An avatar; its address is unguessable", "头像图片，地址不可猜测"),
            media_type="image/jpeg",
            problems=(NOT_FOUND, AVATAR_STORE_UNAVAILABLE),
        )
    ]
