"""The page a visitor sees when signing in by a browser stops: at home in WeChat, in the reader's language."""

from collections.abc import Sequence
from typing import Final

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import USER_BLOCKED
from lingpai.errors.catalogue_browser import (
    CONSENT_REFUSED,
    ORIGIN_NOT_ALLOWED,
    REDIRECT_LOOP,
    RETURN_TO_NOT_ALLOWED,
    SNAPSHOT_USER,
    STATE_INVALID,
    TICKET_INVALID,
)
from lingpai.web.answering import NO_STORE, Answer
from lingpai.web.call import Call
from lingpai.web.language import Language
from lingpai.web.pages.page import POLICY
from lingpai.web.pages.reader import language_of
from lingpai.web.pages.rendering import Renderer
from lingpai.web.pages.static import Static
from lingpai.web.pages.texts import TEXTS
from lingpai.web.problem import waiting_headers
from lingpai.web.shapes import Unprinted

# Their words are for visitors; those of the other problems are for developers.
_FOR_VISITORS: Final = (
    CONSENT_REFUSED,
    ORIGIN_NOT_ALLOWED,
    REDIRECT_LOOP,
    RETURN_TO_NOT_ALLOWED,
    SNAPSHOT_USER,
    STATE_INVALID,
    TICKET_INVALID,
)
_HEADERS: Final = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"vary", b"accept, accept-language, cookie"),
    NO_STORE,
)


class Link(Unprinted, frozen=True):
    """A way on: a text by its key, and where it leads."""

    key: str
    href: str


class SignInPage:
    """Renders refusals for browsers."""

    def __init__(self) -> None:
        self._renderer: Final = Renderer(Static(), version="")

    def show(self, call: Call, problem: Problem, links: Sequence[Link] = ()) -> Answer:
        """The refusal as a page, with ways on."""
        language = language_of(call)
        title, detail, hint = _words(problem, language)
        body = self._renderer.html(
            "sign_in.html",
            language,
            icon="weui-icon-info" if problem.kind in (SNAPSHOT_USER, CONSENT_REFUSED) else "weui-icon-warn",
            title=title,
            detail=detail,
            hint=hint,
            links=[{"text": TEXTS[link.key].say(language), "href": link.href} for link in links],
            code=problem.code,
            request_id=call.request_id,
        )
        said = b"zh-CN" if language == "zh" else b"en"
        return Answer(
            problem.status, body, (*_HEADERS, (b"content-language", said), *waiting_headers(problem))
        )


def _words(problem: Problem, language: Language) -> tuple[str, str, str]:
    kind, facts = problem.kind, problem.facts

    def say(words: Words) -> str:
        return words.say(language, facts)

    if kind in _FOR_VISITORS:
        return say(kind.title), say(kind.detail), say(kind.hint)
    title = TEXTS["sign_in.refused"] if kind is USER_BLOCKED else TEXTS["sign_in.trouble"]
    detail = kind.detail if kind is USER_BLOCKED else TEXTS["sign_in.trouble.detail"]
    return say(title), say(detail), say(TEXTS["sign_in.trouble.hint"])
