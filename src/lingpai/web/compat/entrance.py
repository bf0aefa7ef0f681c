"""Which app a tutorial's client means, and signing in there: the same login as any other, asked for in another way."""

import hashlib
import re
from typing import Final

import msgspec

from lingpai.clock import SECOND
from lingpai.errors import Problem
from lingpai.errors.catalogue import APP_UNKNOWN, CODE_USED
from lingpai.errors.catalogue_browser import ORIGIN_NOT_ALLOWED
from lingpai.errors.catalogue_compat import COMPAT_OFF
from lingpai.keeper import HeldApp
from lingpai.model import AppKind, SignedIn
from lingpai.sessions import TokenSet
from lingpai.web.call import Call
from lingpai.web.compat.asked import Asked
from lingpai.web.cookies import set_session
from lingpai.web.mini_program import mini_program
from lingpai.web.rooms import Rooms
from lingpai.web.signed_in import own_origin
from lingpai.web.visiting import visit_of

REPEATABLE: Final = 60 * SECOND
"""How long the same client may send the same code again: phones and proxies repeat a GET on their own."""
_NUMBER: Final = re.compile(r"v?([1-9][0-9]?)")
_LONGEST_NAME: Final = 64
_HERE: Final = (b"none", b"same-origin")


class _AsWritten(bytes):
    """A header's name that keeps its capitals.

    To HTTP they are nothing, and uvicorn writes names in lower case. But some phones hand a script the name as it
    was sent, and the tutorials' clients look for `res.header["Set-Cookie"]`.
    """

    __slots__ = ()

    def lower(self) -> bytes:
        return self


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who has just signed in."""

    app: HeldApp
    tokens: TokenSet
    cookie: tuple[bytes, bytes]
    """The header that gives the session to a client that keeps cookies."""

    @property
    def who(self) -> SignedIn:
        """The session and its person."""
        return self.tokens.signed_in

    @property
    def openid(self) -> str:
        """What the tutorials call the user. It is told, and never believed."""
        return self.tokens.signed_in.session.openid

    @property
    def unionid(self) -> dict[str, str]:
        """`{unionid}`, or nothing where WeChat told none."""
        unionid = self.tokens.signed_in.unionid
        return {} if unionid is None else {"unionid": unionid}

    def __repr__(self) -> str:
        return f"Entered({self.tokens!r})"


class Entrance:
    """Chooses apps and signs in."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms: Final = rooms
        self.public_url: Final = rooms.public_url

    def app(self, asked: Asked, kind: AppKind = "miniprogram", *, believed: str = "") -> HeldApp:
        """The app that `app` or `appIdVersion` names, by slug, AppID or number; else the one registered first.

        `believed` is the AppID a client says it has: it chooses among the apps that are open, and opens none.
        Raises Problem compat_off, app_unknown.
        """
        opened = [a for a in self._rooms.directory.apps if a.app.settings.compat and a.app.kind == kind]
        if not opened:
            raise Problem(COMPAT_OFF)
        for name in ("app", "appIdVersion"):
            if asked.has(name):
                return _named(opened, asked.text(name), self._rooms)
        return next((app for app in opened if app.app.appid == believed), opened[0])

    async def sign_in(self, call: Call, app: HeldApp, code: str, *, believed: str | None = None) -> Entered:
        """Sign in with a code of `wx.login`. Raises as `SignIn.sign_in`, and Problem origin_not_allowed.

        What a client without a nonce can be told by is its address and its own words; to the same one the same
        code is answered again, to nobody else.
        """
        self._refuse_pages(call)
        visit = visit_of(self._rooms, call)
        tokens = await self._rooms.sign_in.sign_in(app, code, self._same_client(call), believed, visit)
        age = self._rooms.clock.now() - tokens.signed_in.session.created_at
        if tokens.again and age > REPEATABLE:
            raise Problem(CODE_USED)
        return Entered(app=app, tokens=tokens, cookie=self._cookie(tokens))

    def leaked(self, call: Call, app: HeldApp, secret: str) -> None:
        """A client has sent an AppSecret."""
        self._rooms.leaked.seen(app, secret, call.request_id)

    def _cookie(self, tokens: TokenSet) -> tuple[bytes, bytes]:
        name, value = set_session(tokens.refresh_token, tokens.refresh_expires_in, self.public_url)
        return _AsWritten(name.title()), value

    def _same_client(self, call: Call) -> str:
        said = (self._rooms.proxies.client_of(call), call.user_agent, str(mini_program(call)))
        # The blank keeps it apart from every nonce that a client of /v1 may send.
        return f"compat {hashlib.sha256(repr(said).encode('utf-8', 'surrogatepass')).hexdigest()}"

    def _refuse_pages(self, call: Call) -> None:
        """Login CSRF: a page that has a browser open such an address would sign it in as whoever it likes.

        Mini programs ask by themselves. Only WeChat's developer tools ask like a browser, and say so in the Referer.
        """
        if mini_program(call) is not None:
            return
        site, origin = call.header(b"sec-fetch-site"), call.header(b"origin")
        stranger = origin is not None and origin.decode("latin-1") != own_origin(self.public_url)
        if stranger or (site is not None and site not in _HERE):
            raise Problem(ORIGIN_NOT_ALLOWED, private="a page of another site asks to sign in by a code")


def _named(opened: list[HeldApp], name: str, rooms: Rooms) -> HeldApp:
    """By slug or AppID; a number counts the apps as they were registered, as `appIdVersion` of the tutorial does."""
    for app in opened:
        if name in (app.app.slug, app.app.appid):
            return app
    if rooms.directory.known(name) is not None:
        raise Problem(COMPAT_OFF)
    number = _NUMBER.fullmatch(name)
    if number is None or int(number[1]) > len(opened):
        raise Problem(APP_UNKNOWN, facts={"app": name[:_LONGEST_NAME]})
    return opened[int(number[1]) - 1]
