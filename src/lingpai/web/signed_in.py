"""Who calls: the session behind a request, and that it belongs to the app in the path."""

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import SESSION_INVALID
from lingpai.keeper import HeldApp
from lingpai.model import SignedIn
from lingpai.tokens import AccessClaims
from lingpai.web.call import Call
from lingpai.web.rooms import Rooms

_OTHER_APP = Words("The access token belongs to another app.", "访问令牌属于另一个应用。")


def claims_of(rooms: Rooms, call: Call) -> AccessClaims:
    """The claims of the caller's access token. Raises Problem session_invalid, storage_unavailable."""
    return rooms.running.check(call.bearer())


async def signed_in(rooms: Rooms, call: Call) -> SignedIn:
    """The caller's session and person, at most 30 s old. Raises as `claims_of` does."""
    return await rooms.running.view(claims_of(rooms, call))


async def signed_in_at(rooms: Rooms, call: Call) -> tuple[HeldApp, SignedIn]:
    """The app in the path, and the caller's session at that very app.

    A session of one app counts for nothing at another, whoever the person is.
    Raises Problem app_unknown, session_invalid, storage_unavailable.
    """
    name = call.params["app"]
    app = rooms.directory.known(name) or await rooms.directory.get(name)
    claims = claims_of(rooms, call)
    if claims.aud != app.app.appid:
        raise Problem(SESSION_INVALID, facts={"what": _OTHER_APP})
    return app, await rooms.running.view(claims)
