"""A page as an ASGI application: its language, its strict headers, and a kind word when it is refused."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec
from starlette.types import Receive, Scope, Send

from lingpai.clock import Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.language import Language
from lingpai.web.pages.reader import language_cookie, language_of, switch, wants_html
from lingpai.web.pages.rendering import Renderer
from lingpai.web.pages.texts import TEXTS
from lingpai.web.problem import as_problem

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_STRICT: Final = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"vary", b"accept, accept-language, cookie"),
)
_READ_ANEW: Final = (b"cache-control", b"no-cache")
_LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")
_OK: Final = 200
_NEVER_KEPT: Final = (b"cache-control", b"no-store")


def html_answer(
    body: bytes, language: Language, *cookies: tuple[bytes, bytes], kept: bool, status: int = 200
) -> Answer:
    """A page under the strict headers. `kept`: a browser may keep it, and asks before it shows it again."""
    headers = (
        *_STRICT,
        _READ_ANEW if kept else _NEVER_KEPT,
        (b"content-language", b"zh-CN" if language == "zh" else b"en"),
        *cookies,
    )
    return Answer(status, body, headers)


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """What all pages share."""

    renderer: Renderer
    clock: Clock
    public_url: str
    console_open: bool

    def page(self, call: Call, template: str, *, status: int = 200, **values: Any) -> Answer:
        """A template as an answer, in the reader's language.

        `here` among the values names the entry of the navigation the page belongs to.
        """
        language = language_of(call)
        body = self.renderer.html(
            template,
            language,
            console_open=self.console_open,
            switches={other: switch(call, other) for other in _LANGUAGES},
            **{"here": None, **values},
        )
        cookie = language_cookie(call, secure=self.public_url.startswith("https:"))
        return html_answer(body, language, *([cookie] if cookie else []), kept=status == _OK, status=status)

    def refusal(self, call: Call, problem: Problem) -> Answer:
        """A problem for people; programs get theirs from the front door."""
        kind, facts, language = problem.kind, problem.facts, language_of(call)
        lost = kind is NOT_FOUND
        return self.page(
            call,
            "refused.html",
            status=problem.status,
            refused=problem.status,
            kind=kind,
            title=kind.title.say(language, facts),
            # The catalogue's words for this one are about endpoints.
            detail=(TEXTS["refused.page"] if lost else kind.detail).say(language, facts),
            hint=None if lost else kind.hint.say(language, facts),
            request_id=call.request_id,
        )


class Page:
    """One page. A browser that is refused gets a page too."""

    def __init__(self, site: Site, handle: Callable[[Call], Awaitable[Answer]]) -> None:
        self._site: Final = site
        self._handle: Final = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = Call(scope, receive, self._site.clock.monotonic())
        try:
            answer = await self._handle(call)
        except Exception as error:
            if not wants_html(call):
                raise
            answer = self._site.refusal(call, as_problem(error, call))
        await answer.send(call, send)
