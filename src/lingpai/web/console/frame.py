"""What all pages of the console share: layout, language, theme, what the page before had to say."""

from typing import Any, Final
from urllib.parse import quote

from lingpai.clock import Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.errors.catalogue_console import SIGN_IN_NEEDED
from lingpai.errors.catalogue_operators import STEP_UP_NEEDED
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.choices import (
    THEMES,
    nothing_more,
    said,
    say_next,
    theme_cookie,
    theme_link,
    theme_of,
)
from lingpai.web.console.guarding import Visitor
from lingpai.web.console.navigation import Entry
from lingpai.web.console.texts import TEXTS
from lingpai.web.language import Language
from lingpai.web.pages.page import Site, html_answer
from lingpai.web.pages.reader import language_cookie, language_of, switch
from lingpai.web.pages.rendering import Renderer
from lingpai.web.redirecting import redirect

_LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")
_SAID: Final = "said."


class Frame:
    """Renders the console's pages. One that is refused before anybody is known looks like any other page."""

    def __init__(self, renderer: Renderer, site: Site) -> None:
        self._renderer: Final = renderer
        self._site: Final = site
        self._menu: tuple[Entry, ...] = ()

    def lead_to(self, entries: tuple[Entry, ...]) -> None:
        """Which pages the menu lists, once they are known."""
        self._menu = entries

    @property
    def version(self) -> str:
        return self._renderer.version

    @property
    def clock(self) -> Clock:
        return self._site.clock

    def page(
        self,
        call: Call,
        visitor: Visitor | None,
        template: str,
        *,
        here: str = "",
        status: int = 200,
        **values: Any,
    ) -> Answer:
        """A template as an answer. `here` names the entry of the menu the page belongs to.

        The template is given `visitor`, `may(permission)` and everything in `values`; a page of the
        console is never kept by a browser or a proxy.
        """
        language = language_of(call)
        news = _SAID + (said(call) or "")
        body = self._renderer.html(
            template,
            language,
            here=here,
            visitor=visitor,
            menu=self._menu,
            theme=theme_of(call),
            themes={theme: theme_link(call, theme) for theme in THEMES},
            languages={other: switch(call, other) for other in _LANGUAGES},
            news=news if news in TEXTS else None,
            **values,
        )
        return html_answer(body, language, *self._cookies(call), kept=False, status=status)

    def go(self, to: str, say: str | None = None) -> Answer:
        """After a change: on to another page (303), which says the text `said.{say}` once."""
        if say is None:
            return redirect(to)
        assert _SAID + say in TEXTS, say  # noqa: S101  a misspelt key is found by the first test that goes there
        return redirect(to, say_next(say, secure=self._secure))

    def refusal(self, call: Call, visitor: Visitor | None, problem: Problem) -> Answer:
        """A problem for people. Who has to sign in first is sent there, and back."""
        if visitor is None and problem.kind is SIGN_IN_NEEDED:
            return redirect(f"/console/sign-in?to={_way_back(call)}")
        if problem.kind is STEP_UP_NEEDED:
            return redirect(f"/console/sign-in/again?to={_way_back(call)}")
        if visitor is None:
            return self._site.refusal(call, problem)
        kind, facts, language = problem.kind, problem.facts, language_of(call)
        lost = kind is NOT_FOUND
        return self.page(
            call,
            visitor,
            "console_refused.html",
            status=problem.status,
            title=kind.title.say(language, facts),
            detail=(TEXTS["refused.page"] if lost else kind.detail).say(language, facts),
            hint=None if lost else problem.hint.say(language, facts),
            code=kind.code,
            request_id=call.request_id,
        )

    @property
    def _secure(self) -> bool:
        return self._site.public_url.startswith("https:")

    def _cookies(self, call: Call) -> list[tuple[bytes, bytes]]:
        found = [language_cookie(call, secure=self._secure), theme_cookie(call, secure=self._secure)]
        if said(call):
            found.append(nothing_more(secure=self._secure))
        return [cookie for cookie in found if cookie is not None]


def _way_back(call: Call) -> str:
    """Where to go on afterwards: the page itself; after a form its part of the console, for the form is lost."""
    path: str = call.scope["path"]
    if call.method not in ("GET", "HEAD"):
        path = "/".join(path.split("/")[:3])
    return quote(path, safe="/")
