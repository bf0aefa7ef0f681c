"""Who calls: the session behind a request, and that it belongs to the app in the path.

A script brings an access token; a browser may bring the session's cookie instead. A cookie comes along whoever
made the request, so it counts only for pages of this server and of the session's own app.
"""

from typing import Final
from urllib.parse import urlsplit

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import SESSION_INVALID
from lingpai.errors.catalogue_browser import ORIGIN_NOT_ALLOWED
from lingpai.keeper import HeldApp
from lingpai.model import SignedIn
from lingpai.tokens import AccessClaims
from lingpai.web.call import Call
from lingpai.web.cookies import session_cookie
from lingpai.web.mini_program import mini_program
from lingpai.web.rooms import Rooms

_OTHER_APP = Words("The session belongs to another app.", "会话属于另一个应用。")
_READS: Final = ("GET", "HEAD")


async def whose(rooms: Rooms, call: Call) -> AccessClaims:
    """The claims of the caller's access token, or of the session cookie when there is no token.

    Raises Problem session_invalid, origin_not_allowed, storage_unavailable.
    """
    if call.header(b"authorization") is None:
        cookie = session_cookie(call, rooms.public_url)
        if cookie is not None:
            claims = await rooms.browsers.cookies.check(cookie)
            _refuse_foreign(rooms, call, claims)
            return claims
    return rooms.running.check(call.bearer())


async def signed_in(rooms: Rooms, call: Call) -> SignedIn:
    """The caller's session and person, at most 30 s old. Raises as `whose` does."""
    return _noted(call, await rooms.running.view(await whose(rooms, call)))


async def signed_in_at(rooms: Rooms, call: Call) -> tuple[HeldApp, SignedIn]:
    """The app in the path, and the caller's session at that very app.

    A session of one app counts for nothing at another, whoever the person is.
    Raises Problem app_unknown, session_invalid, origin_not_allowed, storage_unavailable.
    """
    name = call.params["app"]
    app = rooms.directory.known(name) or await rooms.directory.get(name)
    claims = await whose(rooms, call)
    if claims.aud != app.app.appid:
        raise Problem(SESSION_INVALID, facts={"what": _OTHER_APP})
    return app, _noted(call, await rooms.running.view(claims))


def _noted(call: Call, caller: SignedIn) -> SignedIn:
    if call.flight is not None:
        session = caller.session
        call.flight.is_of(session.appid, session.user_id, session.id)
    return caller


def _refuse_foreign(rooms: Rooms, call: Call, claims: AccessClaims) -> None:
    """Cross-site request forgery: a write has to say where it comes from, a read must not say a stranger.

    The Origin header (RFC 6454) is the browser's own word; a page cannot set it. Nor can it set a Referer of
    WeChat's, by which a mini program says which one it is.
    """
    sender = mini_program(call)
    if sender is not None:
        if sender == claims.aud:
            return
        raise Problem(ORIGIN_NOT_ALLOWED, private="a cookie of another app, sent by a mini program")
    given = call.header(b"origin")
    if given is None:
        if call.method in _READS:
            return
        raise Problem(ORIGIN_NOT_ALLOWED, private="a write with a cookie and without Origin")
    origin = given.decode("latin-1")
    app = rooms.directory.known(claims.aud)
    if origin != own_origin(rooms.public_url) and (app is None or origin not in app.app.settings.origins):
        raise Problem(ORIGIN_NOT_ALLOWED, private="a cookie of another app's page, or of a stranger's")


def own_origin(public_url: str) -> str:
    """The origin of this server's own pages."""
    parts = urlsplit(public_url)
    return f"{parts.scheme}://{parts.netloc}"
