"""Signing in at the console: by passkey, or by password and then a code."""

from typing import Final
from urllib.parse import quote

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue_operators import CONSOLE_SIGN_IN_REFUSED, SIGN_IN_EXPIRED
from lingpai.secret import Secret
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.credentials import onward, question, sent
from lingpai.web.console.entrance_path import EntranceRoute
from lingpai.web.console.forms import Errors, read_form
from lingpai.web.console.frame import Frame
from lingpai.web.console.operator_guard import client_of, local
from lingpai.web.console.session_cookies import ConsoleCookies
from lingpai.web.pages.reader import query
from lingpai.web.redirecting import redirect
from lingpai.web.rooms import Rooms

SIGN_IN: Final = "/console/sign-in"
CODE: Final = "/console/sign-in/code"


class SignInPages:
    """The two steps in."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._entering: Final = rooms.operators.entering
        self._sessions: Final = rooms.operators.sessions
        self._proxies: Final = rooms.proxies
        self._cookies: Final = ConsoleCookies(rooms.public_url)

    def routes(self) -> list[EntranceRoute]:
        return [
            EntranceRoute("GET", SIGN_IN, self.ask),
            EntranceRoute("POST", SIGN_IN, self.password),
            EntranceRoute("GET", CODE, self.ask_code),
            EntranceRoute("POST", CODE, self.code),
            EntranceRoute("POST", f"{SIGN_IN}/passkey/begin", self.begin_passkey),
            EntranceRoute("POST", f"{SIGN_IN}/passkey/finish", self.passkey),
        ]

    async def ask(self, call: Call) -> Answer:
        to = local(query(call).get("to", ""))
        if await self._sessions.check(self._cookies.read(call, "session")) is not None:
            return redirect(to)
        return self._page(call, to)

    async def password(self, call: Call) -> Answer:
        form = await read_form(call)
        to = local(form.text("to"))
        try:
            token = await self._entering.password(
                form.text("name"), Secret(form.exactly("password")), client_of(call, self._proxies)
            )
        except Problem as problem:
            if problem.kind is not CONSOLE_SIGN_IN_REFUSED:
                raise
            return self._page(call, to, problem, name=form.text("name")[:64])
        return redirect(f"{CODE}?to={quote(to, safe='/')}", self._cookies.give("step", token))

    async def ask_code(self, call: Call) -> Answer:
        return self._code_page(call, local(query(call).get("to", "")))

    async def code(self, call: Call) -> Answer:
        form = await read_form(call)
        to = local(form.text("to"))
        try:
            entered = await self._entering.second_factor(
                self._cookies.read(call, "step"), form.text("code"), client_of(call, self._proxies)
            )
        except Problem as problem:
            if problem.kind is SIGN_IN_EXPIRED:
                return self._page(call, to, problem)
            if problem.kind is CONSOLE_SIGN_IN_REFUSED:
                return self._code_page(call, to, problem)
            raise
        return redirect(to, self._cookies.give("session", entered.token), self._cookies.take("step"))

    async def begin_passkey(self, call: Call) -> Answer:
        del call
        return question(await self._entering.begin_passkey())

    async def passkey(self, call: Call) -> Answer:
        form = await read_form(call)
        given = sent(form)
        entered = await self._entering.passkey(given.token, given.credential, client_of(call, self._proxies))
        return onward(local(form.text("to")), self._cookies.give("session", entered.token))

    def _page(self, call: Call, to: str, problem: Problem | None = None, name: str = "") -> Answer:
        return self._frame.page(
            call,
            None,
            "entering.html",
            status=problem.status if problem else 200,
            to=to,
            name=name,
            errors=_said(problem),
        )

    def _code_page(self, call: Call, to: str, problem: Problem | None = None) -> Answer:
        return self._frame.page(
            call,
            None,
            "entering_code.html",
            status=problem.status if problem else 200,
            to=to,
            errors=_said(problem),
        )


def _said(problem: Problem | None) -> Errors:
    """A refusal as the form shows it: what it may be, and what to do."""
    if problem is None:
        return {}
    detail, hint = problem.kind.detail, problem.hint
    return {"": Words(f"{detail.en} {hint.en}", f"{detail.zh}{hint.zh}")}
