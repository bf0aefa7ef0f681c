"""A browser goes to WeChat for its openid and comes back: the one-time state, the cookie and the loop breaker of `/v1`."""

from typing import Final

import msgspec

from lingpai.clock import SECOND
from lingpai.errors import Problem, Words
from lingpai.errors.catalogue_browser import CONSENT_REFUSED, REDIRECT_LOOP
from lingpai.keeper import HeldApp
from lingpai.logins.oauth import Arrival, Browser, Declined, Home, Wish, new_browser
from lingpai.web.answering import NO_STORE, Answer
from lingpai.web.call import Call
from lingpai.web.compat.asked import Asked
from lingpai.web.compat.entrance import Entrance
from lingpai.web.cookies import prelogin_cookie, session_cookie, set_prelogin, set_session
from lingpai.web.pages.reader import language_of
from lingpai.web.redirecting import redirect
from lingpai.web.refused_sign_in import RefusedSignIn
from lingpai.web.rooms import Rooms
from lingpai.web.visiting import visit_of

BACK: Final = "/getopenid"
_FOUND: Final = 302
_HEADERS: Final = (
    (b"content-type", b"text/plain; charset=utf-8"),
    NO_STORE,
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_IDENTITY: Final = Words(
    "WeChat was asked who you are, and did not say. Nothing was stored.",
    "已向微信询问你的身份，但没有得到答复。没有保存任何信息。",
)


class Silently:
    """Leaves, arrives, and knows who was here before."""

    def __init__(self, rooms: Rooms, entrance: Entrance) -> None:
        self._rooms: Final = rooms
        self._entrance: Final = entrance
        self._refused: Final = RefusedSignIn(rooms)

    def refused(self, call: Call, problem: Problem) -> Answer:
        """For people a page, for programs a problem answer."""
        return self._refused.show(call, problem)

    def comes_back(self, asked: Asked) -> bool:
        """Whether WeChat has sent this browser: then another round would be no answer to anything."""
        return asked.has("code") or asked.has("state")

    async def leave(self, call: Call, asked: Asked) -> Answer:
        """To WeChat. Where the browser comes back to is this server's own address, whatever the request says.

        Raises Problem redirect_loop, compat_off, app_unknown.
        """
        app = self._entrance.app(asked, "official_account")
        public_url = self._rooms.public_url
        browser = Browser.read(prelogin_cookie(call, public_url)) or new_browser()
        if asked.text("again") == "1":
            browser = msgspec.structs.replace(browser, starts=0, since=0)
        browser = browser.started(f"{app.app.appid} {BACK}", self._rooms.clock.now() // SECOND)
        if browser.in_circles:
            raise Problem(REDIRECT_LOOP)
        back = f"{public_url}{BACK}"
        location = await self._rooms.browsers.beginning.begin(
            app,
            Wish(scope="snsapi_base", return_to=back),
            browser.secret,
            callback=f"{back}?app={app.app.appid}" if asked.has("app") else back,
        )
        return redirect(location, set_prelogin(browser.written(), public_url), status=_FOUND)

    async def arrive(self, call: Call, asked: Asked) -> Answer:
        """The openid of the browser that comes back. Raises as `Arriving.arrive`, and Problem consent_refused."""
        app = self._entrance.app(asked, "official_account")
        browser = Browser.read(prelogin_cookie(call, self._rooms.public_url))
        landing = await self._rooms.browsers.arriving.arrive(
            Arrival(
                app=app,
                state=asked.text("state"),
                code=asked.text("code") or None,
                secret=None if browser is None else browser.secret,
                language=language_of(call),
                visit=visit_of(self._rooms, call),
            )
        )
        if isinstance(landing, Declined):
            raise Problem(CONSENT_REFUSED, facts={"what": _IDENTITY})
        if isinstance(landing, Home):
            return await self._home(call, landing)
        # The code was of no use any more: once more from here, where rounds are counted.
        return await self.leave(call, asked)

    async def known(self, call: Call, asked: Asked) -> Answer | None:
        """The openid of a browser whose session is still running; None when it has none at this app."""
        app = self._entrance.app(asked, "official_account")
        cookie = session_cookie(call, self._rooms.public_url)
        return None if cookie is None else await self._of(app, cookie)

    async def _of(self, app: HeldApp, cookie: str) -> Answer | None:
        try:
            claims = await self._rooms.browsers.cookies.check(cookie)
        except Problem:
            return None
        if claims.aud != app.app.appid:
            return None
        return _told((await self._rooms.running.view(claims)).session.openid)

    async def _home(self, call: Call, home: Home) -> Answer:
        public_url = self._rooms.public_url
        held = session_cookie(call, public_url)
        if held is not None and held != home.refresh_token:
            await self._drop(held)
        session = home.signed_in.session
        seconds = (session.expires_at - self._rooms.clock.now()) // SECOND
        return _told(session.openid, set_session(home.refresh_token, seconds, public_url))

    async def _drop(self, cookie: str) -> None:
        """A session that the browser held before, whoever's it was."""
        try:
            claims = await self._rooms.browsers.cookies.check(cookie)
        except Problem:
            return
        await self._rooms.ending.end(claims.sid)


def _told(openid: str, *cookies: tuple[bytes, bytes]) -> Answer:
    return Answer(200, openid.encode(), (*_HEADERS, *cookies))
