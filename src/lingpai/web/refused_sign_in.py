"""What a visitor may do when signing in by a browser stops: the ways on that a refusal offers."""

from typing import Final
from urllib.parse import urlencode

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import CODE_INVALID, CODE_USED, RESTART_LOGIN
from lingpai.errors.catalogue_browser import CONSENT_REFUSED, REDIRECT_LOOP, STATE_INVALID, TICKET_INVALID
from lingpai.model import App, AppKind, OAuthState
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.pages.reader import wants_html
from lingpai.web.pages.sign_in import Link, SignInPage
from lingpai.web.problem import problem_answer
from lingpai.web.rooms import Rooms

_DOORS: Final[dict[AppKind, str]] = {"official_account": "start", "website": "qr"}
_BEGIN_AGAIN: Final = (STATE_INVALID, TICKET_INVALID, CODE_USED, CODE_INVALID, RESTART_LOGIN)
_IDENTITY: Final = Words(
    "The page asked WeChat who you are, and you said no. Nothing was stored.",
    "页面向微信询问你的身份，你选择了拒绝。没有保存任何信息。",
)
_PROFILE: Final = Words(
    "The page asked for your nickname and avatar, and you said no. It does not get them.",
    "页面想获取你的昵称和头像，你选择了拒绝，它不会得到这些资料。",
)
_LATER: Final = (429, 503)


class RefusedSignIn:
    """Tells programs of a refusal by a problem answer, people by a page."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms: Final = rooms
        self._page: Final = SignInPage()

    def show(self, call: Call, problem: Problem) -> Answer:
        """For any refusal of a browser's endpoint."""
        if not wants_html(call):
            return problem_answer(call, problem, self._rooms.public_url)
        return self._page.show(call, problem, self._ways(call, problem))

    def declined(self, call: Call, state: OAuthState, *, can_proceed: bool) -> Answer:
        """For a visitor who said no at WeChat: once more, or on without a profile."""
        problem = Problem(CONSENT_REFUSED, facts={"what": _PROFILE if can_proceed else _IDENTITY})
        if not wants_html(call):
            return problem_answer(call, problem, self._rooms.public_url)
        held = self._rooms.directory.known(state.appid)
        links = [] if held is None else [Link("sign_in.again", self._door(held.app, _start(state)))]
        if can_proceed:
            links.insert(0, Link("sign_in.proceed", f"{_here(call)}&proceed=1"))
        return self._page.show(call, problem, links)

    def _ways(self, call: Call, problem: Problem) -> list[Link]:
        if problem.kind is REDIRECT_LOOP:
            return [Link("sign_in.anyway", f"{_here(call)}&again=1")]
        if problem.status in _LATER:
            return [Link("sign_in.reload", _here(call))]
        held = self._rooms.directory.known(call.params.get("app", ""))
        if problem.kind in _BEGIN_AGAIN and held is not None and held.app.kind in _DOORS:
            origins = held.app.settings.origins
            return (
                [Link("sign_in.again", self._door(held.app, {"return_to": f"{origins[0]}/"}))]
                if origins
                else []
            )
        return []

    def _door(self, app: App, parameters: dict[str, str]) -> str:
        door = f"/v1/{app.appid}/oauth/{_DOORS[app.kind]}"
        return f"{self._rooms.public_url}{door}?{urlencode(parameters)}"


def _here(call: Call) -> str:
    """This very address, relative: whatever the Host header says, and below whatever path a proxy put us."""
    return f"?{call.query.decode('latin-1')}"


def _start(state: OAuthState) -> dict[str, str]:
    parameters = {"return_to": state.return_to}
    if state.wanted == "snsapi_userinfo":
        parameters["scope"] = "userinfo"
    if state.deliver == "ticket" and state.challenge is not None:
        parameters |= {"deliver": "ticket", "challenge": state.challenge}
    return {**parameters, "again": "1"}
