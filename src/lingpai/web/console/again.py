"""Showing a factor again, before something that changes by what people are let in; and signing out."""

from typing import Final

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue_operators import CONSOLE_SIGN_IN_REFUSED
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.credentials import onward, question, sent
from lingpai.web.console.forms import Errors, read_form
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.console.operator_guard import client_of, local, operator_of
from lingpai.web.console.session_cookies import ConsoleCookies
from lingpai.web.pages.reader import query
from lingpai.web.redirecting import redirect
from lingpai.web.rooms import Rooms

AGAIN: Final = "/console/sign-in/again"


class AgainPages:
    """A fresh factor for a session that runs, and the end of it."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._entering: Final = rooms.operators.entering
        self._account: Final = rooms.operators.account
        self._proxies: Final = rooms.proxies
        self._cookies: Final = ConsoleCookies(rooms.public_url)

    def routes(self) -> list[ConsoleRoute]:
        return [
            ConsoleRoute("GET", AGAIN, "look", self.ask),
            ConsoleRoute("POST", AGAIN, "look", self.code),
            ConsoleRoute("POST", f"{AGAIN}/passkey/begin", "look", self.begin_passkey),
            ConsoleRoute("POST", f"{AGAIN}/passkey/finish", "look", self.passkey),
            ConsoleRoute("POST", "/console/sign-out", "look", self.sign_out),
        ]

    async def ask(self, call: Call, visitor: Visitor) -> Answer:
        return await self._page(call, visitor, local(query(call).get("to", "")))

    async def code(self, call: Call, visitor: Visitor) -> Answer:
        form = await read_form(call)
        to = local(form.text("to"))
        try:
            token = await self._entering.again_by_code(
                operator_of(call), form.text("code"), client_of(call, self._proxies)
            )
        except Problem as problem:
            if problem.kind is not CONSOLE_SIGN_IN_REFUSED:
                raise
            detail, hint = problem.kind.detail, problem.hint
            errors = {"": Words(f"{detail.en} {hint.en}", f"{detail.zh}{hint.zh}")}
            return await self._page(call, visitor, to, errors)
        return redirect(to, self._cookies.give("session", token))

    async def begin_passkey(self, call: Call, _visitor: Visitor) -> Answer:
        return question(await self._entering.begin_again(operator_of(call)))

    async def passkey(self, call: Call, _visitor: Visitor) -> Answer:
        form = await read_form(call)
        given = sent(form)
        token = await self._entering.again_by_passkey(
            operator_of(call), given.token, given.credential, client_of(call, self._proxies)
        )
        return onward(local(form.text("to")), self._cookies.give("session", token))

    async def sign_out(self, call: Call, _visitor: Visitor) -> Answer:
        await self._account.end_session(operator_of(call))
        return redirect("/console/sign-in", self._cookies.take("session"))

    async def _page(self, call: Call, visitor: Visitor, to: str, errors: Errors | None = None) -> Answer:
        ways = await self._account.show(operator_of(call))
        return self._frame.page(
            call,
            visitor,
            "again.html",
            status=401 if errors else 200,
            to=to,
            by_code=ways.password,
            by_passkey=bool(ways.passkeys),
            errors=errors or {},
        )
