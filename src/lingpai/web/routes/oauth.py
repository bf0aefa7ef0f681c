"""Signing in by a browser: off to WeChat, and back to the page."""

from typing import Annotated, Final, Literal

import msgspec

from lingpai.clock import SECOND
from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import (
    APP_KIND_WRONG,
    APP_UNKNOWN,
    CODE_INVALID,
    CODE_USED,
    INVALID_REQUEST,
    STORAGE_UNAVAILABLE,
    USER_BLOCKED,
)
from lingpai.errors.catalogue_browser import (
    CONSENT_REFUSED,
    ORIGIN_NOT_ALLOWED,
    REDIRECT_LOOP,
    RETURN_TO_NOT_ALLOWED,
    SNAPSHOT_USER,
    STATE_INVALID,
    TICKET_INVALID,
)
from lingpai.errors.catalogue_wechat import (
    WECHAT_BUSY,
    WECHAT_CREDENTIALS,
    WECHAT_IP_NOT_ALLOWED,
    WECHAT_QUOTA,
    WECHAT_RATE_LIMITED,
)
from lingpai.keeper import HeldApp
from lingpai.logins.oauth import Arrival, Browser, Declined, Home, Onward, Wish, new_browser, target_of
from lingpai.model import AppKind, Delivery, OAuthScope
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.cookies import prelogin_cookie, session_cookie, set_prelogin, set_session
from lingpai.web.endpoint import Endpoint, QueryParameter
from lingpai.web.pages.reader import language_of
from lingpai.web.query import read_query
from lingpai.web.reading import invalid
from lingpai.web.redirecting import redirect
from lingpai.web.refused_sign_in import RefusedSignIn
from lingpai.web.rooms import Rooms
from lingpai.web.shapes import THE_END, Unprinted
from lingpai.web.visiting import visit_of

_FOUND: Final = 302
_SCOPES: Final[dict[str, OAuthScope]] = {"base": "snsapi_base", "userinfo": "snsapi_userinfo"}
Challenge = Annotated[str, msgspec.Meta(pattern=f"^[A-Za-z0-9_-]{{43}}{THE_END}")]
Text = Annotated[str, msgspec.Meta(max_length=2_000)]


class QrQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a website asks for."""

    return_to: Text
    deliver: Delivery = "cookie"
    challenge: Challenge | None = None
    again: Literal["1"] | None = None
    """The visitor wants it, not the page: the count of rounds begins anew."""


class StartQuery(QrQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a page inside WeChat asks for."""

    scope: Literal["base", "userinfo"] = "base"


class CallbackQuery(Unprinted, frozen=True, kw_only=True):
    """What WeChat sends back; it may add to it."""

    state: Annotated[str, msgspec.Meta(max_length=128)] = ""
    code: Annotated[str, msgspec.Meta(max_length=256)] | None = None
    proceed: Literal["1"] | None = None


class EnterQuery(Unprinted, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ticket in an address."""

    ticket: Annotated[str, msgspec.Meta(max_length=128)]


class _OAuthRoutes:
    def __init__(self, rooms: Rooms) -> None:
        self._rooms: Final = rooms
        self.refused: Final = RefusedSignIn(rooms)

    async def start(self, call: Call) -> Answer:
        app = await self._app(call, "official_account")
        query = read_query(call, StartQuery)
        return await self._off(call, app, query, _SCOPES[query.scope])

    async def qr(self, call: Call) -> Answer:
        app = await self._app(call, "website")
        return await self._off(call, app, read_query(call, QrQuery), "snsapi_login")

    async def callback(self, call: Call) -> Answer:
        app = await self._app(call)
        query = read_query(call, CallbackQuery)
        browser = Browser.read(prelogin_cookie(call, self._rooms.public_url))
        landing = await self._rooms.browsers.arriving.arrive(
            Arrival(
                app=app,
                state=query.state,
                code=query.code,
                secret=None if browser is None else browser.secret,
                proceed=query.proceed is not None,
                language=language_of(call),
                visit=visit_of(self._rooms, call),
            )
        )
        if isinstance(landing, Onward):
            return redirect(landing.location, status=_FOUND)
        if isinstance(landing, Declined):
            return self.refused.declined(call, landing.state, can_proceed=landing.can_proceed)
        return await self._home(call, app, landing)

    async def enter(self, call: Call) -> Answer:
        app = await self._app(call)
        query = read_query(call, EnterQuery)
        if call.header(b"sec-fetch-site") == b"cross-site":
            # Somebody else's page would sign this browser in as somebody else (login CSRF).
            raise Problem(ORIGIN_NOT_ALLOWED, private="entered from another site")
        tokens, return_to = await self._rooms.browsers.tickets.enter(
            app, query.ticket, visit_of(self._rooms, call)
        )
        target = target_of(return_to, app.app.settings.origins)
        return await self._signed_in(call, target.address, tokens.refresh_token, tokens.refresh_expires_in)

    async def _app(self, call: Call, kind: AppKind | None = None) -> HeldApp:
        name = call.params["app"]
        app = self._rooms.directory.known(name) or await self._rooms.directory.get(name)
        if kind is not None and app.app.kind != kind:
            raise Problem(APP_KIND_WRONG, facts={"app": app.app.appid, "kind": app.app.kind})
        return app

    async def _off(self, call: Call, app: HeldApp, query: QrQuery, scope: OAuthScope) -> Answer:
        public_url = self._rooms.public_url
        if (query.deliver == "ticket") != (query.challenge is not None):
            raise invalid("deliver=ticket and challenge belong together")
        target = target_of(query.return_to, app.app.settings.origins)
        browser = Browser.read(prelogin_cookie(call, public_url)) or new_browser()
        if query.again is not None:
            browser = msgspec.structs.replace(browser, starts=0, since=0)
        browser = browser.started(f"{app.app.appid} {query.return_to}", self._rooms.clock.now() // SECOND)
        if browser.in_circles:
            raise Problem(REDIRECT_LOOP)
        wish = Wish(scope=scope, return_to=target.address, deliver=query.deliver, challenge=query.challenge)
        location = await self._rooms.browsers.beginning.begin(app, wish, browser.secret)
        return redirect(location, set_prelogin(browser.written(), public_url), status=_FOUND)

    async def _home(self, call: Call, app: HeldApp, home: Home) -> Answer:
        state, signed_in = home.state, home.signed_in
        # Asked again: an origin that was struck off in the last minutes gets nothing any more.
        target = target_of(state.return_to, app.app.settings.origins).after_wechat()
        if state.deliver == "ticket":
            minted = await self._rooms.browsers.tickets.mint(
                signed_in,
                origin=target.origin,
                return_to=target.address,
                challenge=state.challenge,
                refresh_token=home.refresh_token,
            )
            return redirect(target.with_parameter("ticket", minted.ticket))
        seconds = (signed_in.session.expires_at - self._rooms.clock.now()) // SECOND
        return await self._signed_in(call, target.address, home.refresh_token, seconds)

    async def _signed_in(self, call: Call, location: str, cookie: str, seconds: int) -> Answer:
        """Home with a cookie. A session that the browser held before is dropped, whoever's it was."""
        public_url = self._rooms.public_url
        held = session_cookie(call, public_url)
        if held is not None and held != cookie:
            await self._drop(held)
        return redirect(location, set_session(cookie, seconds, public_url))

    async def _drop(self, cookie: str) -> None:
        try:
            claims = await self._rooms.browsers.cookies.check(cookie)
        except Problem:
            return  # it is over, or never was one
        await self._rooms.ending.end(claims.sid)


_RETURN_TO: Final = QueryParameter(
    "return_to",
    {"type": "string", "format": "uri"},
    Words(
        "the page to come back to, with its `#fragment`; its `origin` is on the app's list",
        "登录后返回的页面，可带 `#fragment`；其 `origin` 必须在应用的名单中",
    ),
)
_DELIVER: Final = QueryParameter(
    "deliver",
    {"type": "string"},
    Words(
        "`cookie` (default): a session cookie of this server; `ticket`: a ticket in the query, for a page's script",
        "`cookie`（默认）：由本服务器的 Cookie 保存会话；`ticket`：在查询参数里带回票据，供页面脚本兑换",
    ),
)
_CHALLENGE: Final = QueryParameter(
    "challenge",
    {"type": "string"},
    Words(
        "with `deliver=ticket`: `base64url(SHA-256(verifier))` of 43 characters (RFC 7636)",
        "`deliver=ticket` 时必填：`base64url(SHA-256(verifier))`，43 个字符（RFC 7636）",
    ),
)
_AGAIN: Final = QueryParameter(
    "again",
    {"type": "string"},
    Words("`1`: the visitor asked for it, so this is no circle", "`1`：由访客主动发起，不计入循环次数"),
)
_SCOPE: Final = QueryParameter(
    "scope",
    {"type": "string"},
    Words(
        "`base` (default): silent; `userinfo`: asks for nickname and avatar, if they are missing or old",
        "`base`（默认）：静默；`userinfo`：昵称或头像缺失、过期时才询问用户",
    ),
)
_CODE: Final = QueryParameter("code", {"type": "string"}, Words("WeChat's code", "微信给出的 code"))
_STATE: Final = QueryParameter(
    "state", {"type": "string"}, Words("our one-time `state`", "本服务器的一次性 `state`")
)
_PROCEED: Final = QueryParameter(
    "proceed",
    {"type": "string"},
    Words("`1`: go on without nickname and avatar after a refusal", "`1`：拒绝授权后，不提供昵称和头像继续"),
)
_TICKET: Final = QueryParameter("ticket", {"type": "string"}, Words("the ticket", "票据"))

_OFF: Final = (
    INVALID_REQUEST,
    RETURN_TO_NOT_ALLOWED,
    APP_UNKNOWN,
    APP_KIND_WRONG,
    REDIRECT_LOOP,
    STORAGE_UNAVAILABLE,
)
_BACK: Final = (
    INVALID_REQUEST,
    STATE_INVALID,
    RETURN_TO_NOT_ALLOWED,
    CODE_INVALID,
    USER_BLOCKED,
    SNAPSHOT_USER,
    CONSENT_REFUSED,
    APP_UNKNOWN,
    CODE_USED,
    WECHAT_CREDENTIALS,
    WECHAT_IP_NOT_ALLOWED,
    WECHAT_BUSY,
    WECHAT_RATE_LIMITED,
    WECHAT_QUOTA,
    STORAGE_UNAVAILABLE,
)


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""
    routes = _OAuthRoutes(rooms)
    refusal = routes.refused.show
    return [
        Endpoint(
            method="GET",
            path="/v1/{app}/oauth/start",
            records="browser",
            counted=True,
            handle=routes.start,
            refusal=refusal,
            summary=Words("Sign in on a page inside WeChat", "微信内网页登录"),
            query=(_SCOPE, _RETURN_TO, _DELIVER, _CHALLENGE, _AGAIN),
            status=302,
            problems=_OFF,
        ),
        Endpoint(
            method="GET",
            path="/v1/{app}/oauth/qr",
            records="browser",
            counted=True,
            handle=routes.qr,
            refusal=refusal,
            summary=Words("Sign in on a website by WeChat's QR code", "网站扫码登录"),
            query=(_RETURN_TO, _DELIVER, _CHALLENGE, _AGAIN),
            status=302,
            problems=_OFF,
        ),
        Endpoint(
            method="GET",
            path="/v1/{app}/oauth/callback",
            records="browser",
            counted=True,
            handle=routes.callback,
            refusal=refusal,
            summary=Words("Where WeChat sends the browser back to", "微信跳回的地址"),
            query=(_CODE, _STATE, _PROCEED),
            status=303,
            problems=_BACK,
        ),
        Endpoint(
            method="GET",
            path="/v1/{app}/oauth/enter",
            records="ticket",
            counted=True,
            handle=routes.enter,
            refusal=refusal,
            summary=Words("Enter a web-view with a ticket", "凭票据进入 web-view 页面"),
            query=(_TICKET,),
            status=303,
            problems=(
                INVALID_REQUEST,
                RETURN_TO_NOT_ALLOWED,
                TICKET_INVALID,
                ORIGIN_NOT_ALLOWED,
                APP_UNKNOWN,
                STORAGE_UNAVAILABLE,
            ),
        ),
    ]
