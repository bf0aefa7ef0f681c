"""A template becomes a page: autoescaped, strict, with the texts of one language."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from lingpai.errors import Words
from lingpai.web.language import Language
from lingpai.web.pages.static import Static
from lingpai.web.pages.texts import TEXTS
from lingpai.web.pages.untrusted import calm

_INLINE: Final = re.compile(r"`([^`]+)`|(\{\w+\})")
_SECOND: Final = 1_000
_BRIEF: Final = 12


class Renderer:
    """The templates of this folder, or of another package's and this one."""

    def __init__(
        self,
        static: Static,
        *,
        version: str,
        package: str = __package__,
        texts: Mapping[str, Words] = TEXTS,
    ) -> None:
        self._texts: Final = texts
        self.version: Final = version
        self._environment: Final = Environment(
            loader=ChoiceLoader([PackageLoader(package), PackageLoader(__package__)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(inline=inline, calm=calm, brief=brief, iso=iso, utc=utc, clock=clock)
        self._environment.globals.update(static=static.url, version=version)

    def html(self, template: str, language: Language, **values: Any) -> bytes:
        """The page as UTF-8. Raises UndefinedError for a value the template needs and was not given."""
        page = self._environment.get_template(template)
        return page.render(t=texts_in(language, self._texts), language=language, **values).encode()


def texts_in(language: Language, texts: Mapping[str, Words] = TEXTS) -> Callable[..., str]:
    """The function templates call for a text: `t("footer.version", version="1.0")`. Raises KeyError."""

    def text(key: str, **facts: object) -> str:
        return texts[key].say(language, {name: str(fact) for name, fact in facts.items()})

    return text


def inline(text: str) -> Markup:
    """`Backticks` as code and {facts} as variables; everything else escaped."""
    parts: list[Markup] = []
    end = 0
    for match in _INLINE.finditer(text):
        parts.append(escape(text[end : match.start()]))
        code, fact = match.groups()
        parts.append(Markup("<code>{}</code>").format(code) if code else Markup("<var>{}</var>").format(fact))
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def brief(name: str) -> str:
    """`usr_…xyz12345`: an id by its kind and its random end."""
    kind, _, rest = name.partition("_")
    return f"{kind}_…{rest[-8:]}" if len(rest) > _BRIEF else name


def iso(at: int) -> str:
    """Milliseconds since 1970 as `2026-01-31T04:05:06Z`, for `<time datetime>`."""
    return f"{_instant(at):%Y-%m-%dT%H:%M:%S}Z"


def utc(at: int) -> str:
    """Milliseconds since 1970 as `2026-01-31 04:05:06`, for people."""
    return f"{_instant(at):%Y-%m-%d %H:%M:%S}"


def clock(at: int) -> str:
    """Milliseconds since 1970 as `04:05`."""
    return f"{_instant(at):%H:%M}"


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at // _SECOND, UTC)
