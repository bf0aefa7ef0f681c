"""Setting oneself up by the link one was sent."""

from typing import Final

import segno

from lingpai.admin.operators import Offer
from lingpai.errors import Problem, Words
from lingpai.errors.catalogue_operators import CODE_WRONG, PASSWORD_WEAK
from lingpai.secret import Secret
from lingpai.web.answering import Answer, with_headers
from lingpai.web.call import Call
from lingpai.web.console.credentials import onward, question, sent
from lingpai.web.console.entrance_path import EntranceRoute
from lingpai.web.console.forms import Errors, read_form
from lingpai.web.console.frame import Frame
from lingpai.web.console.operator_guard import client_of
from lingpai.web.console.session_cookies import ConsoleCookies
from lingpai.web.console.texts import TEXTS
from lingpai.web.redirecting import redirect
from lingpai.web.rooms import Rooms

SET_UP: Final = "/console/sign-in/set-up"
WAYS: Final = "/console/sign-in/set-up/ways"
_HOME: Final = "/console"


class SetUpPages:
    """The link, the choice, the recovery codes."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._setting_up: Final = rooms.operators.setting_up
        self._entering: Final = rooms.operators.entering
        self._proxies: Final = rooms.proxies
        self._cookies: Final = ConsoleCookies(rooms.public_url)

    def routes(self) -> list[EntranceRoute]:
        return [
            EntranceRoute("GET", SET_UP, self.ask),
            EntranceRoute("POST", SET_UP, self.open),
            EntranceRoute("GET", WAYS, self.ways),
            EntranceRoute("POST", WAYS, self.password),
            EntranceRoute("POST", f"{SET_UP}/passkey/begin", self.begin_passkey),
            EntranceRoute("POST", f"{SET_UP}/passkey/finish", self.passkey),
        ]

    async def ask(self, call: Call) -> Answer:
        """The token stands behind `#`, where only the page's script sees it."""
        return self._frame.page(call, None, "set_up.html")

    async def open(self, call: Call) -> Answer:
        form = await read_form(call)
        token = await self._setting_up.open(Secret(form.text("link")), client_of(call, self._proxies))
        return redirect(WAYS, self._cookies.give("step", token))

    async def ways(self, call: Call) -> Answer:
        return self._page(call, await self._setting_up.offer(self._cookies.read(call, "step")))

    async def password(self, call: Call) -> Answer:
        form = await read_form(call)
        token = self._cookies.read(call, "step")
        password = Secret(form.exactly("password"))
        if password != Secret(form.exactly("again")):
            return self._page(call, await self._setting_up.offer(token), {"again": TEXTS["password.differs"]})
        try:
            operator, codes = await self._setting_up.by_password(token, password, form.text("code"))
        except Problem as problem:
            return self._page(call, await self._setting_up.offer(token), wrong_with(problem))
        entered = await self._entering.start(operator, "totp", client_of(call, self._proxies))
        answer = self._frame.page(
            call, None, "codes.html", codes=[code.reveal() for code in codes], onward=_HOME
        )
        return with_headers(answer, self._cookies.give("session", entered.token), self._cookies.take("step"))

    async def begin_passkey(self, call: Call) -> Answer:
        return question(await self._setting_up.begin_passkey(self._cookies.read(call, "step")))

    async def passkey(self, call: Call) -> Answer:
        form = await read_form(call)
        given = sent(form)
        operator = await self._setting_up.by_passkey(
            self._cookies.read(call, "step"), given.token, given.credential, form.text("name")
        )
        entered = await self._entering.start(operator, "passkey", client_of(call, self._proxies))
        return onward(_HOME, self._cookies.give("session", entered.token), self._cookies.take("step"))

    def _page(self, call: Call, offer: Offer, errors: Errors | None = None) -> Answer:
        return self._frame.page(
            call,
            None,
            "set_up_ways.html",
            status=422 if errors else 200,
            operator=offer.operator.name,
            seed=offer.seed,
            picture=qr(offer.uri),
            errors=errors or {},
        )


def wrong_with(problem: Problem) -> Errors:
    """What a refusal says about the fields of a new password. Raises the problem when it is about none of them."""
    if problem.kind is CODE_WRONG:
        return {"code": problem.kind.detail}
    what = problem.facts.get("what")
    if problem.kind is PASSWORD_WEAK and isinstance(what, Words):
        return {"password": what}
    raise problem


def qr(uri: str) -> str:
    """A QR code as the address of a picture, which the policy of our pages allows."""
    return segno.make(uri, error="m").svg_data_uri(scale=5, border=3, light="#fff", dark="#000")
