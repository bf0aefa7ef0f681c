"""What a browser is told to remember of the console's looks: the theme, and one message for the next page."""

from typing import Final, Literal
from urllib.parse import urlencode

from lingpai.web.call import Call
from lingpai.web.pages.reader import query

Theme = Literal["auto", "light", "dark"]
THEMES: Final[tuple[Theme, ...]] = ("auto", "light", "dark")
_THEME: Final = "lingpai_theme"
_SAID: Final = "lingpai_said"
_YEAR: Final = 31_536_000
_LONGEST_COOKIE: Final = 4_096

Header = tuple[bytes, bytes]


def theme_of(call: Call) -> Theme:
    """`?theme=` wins over the cookie; without either the system decides."""
    return _known(query(call).get("theme")) or _known(_cookie(call, _THEME)) or "auto"


def theme_cookie(call: Call, *, secure: bool) -> Header | None:
    """The header that remembers a theme just chosen, or None."""
    chosen = _known(query(call).get("theme"))
    return None if chosen is None else _header(_THEME, chosen, _YEAR, "/console", secure=secure)


def theme_link(call: Call, theme: Theme) -> str:
    """The link to this very page in `theme`."""
    return "?" + urlencode({**query(call), "theme": theme})


def said(call: Call) -> str | None:
    """The key of what the page before had to say."""
    return _cookie(call, _SAID)


def say_next(key: str, *, secure: bool) -> Header:
    """Let the next page say a text. A key of ours, not a text: nobody else can put words on the page."""
    return _header(_SAID, key, 60, "/console", secure=secure)


def nothing_more(*, secure: bool) -> Header:
    """What was said is not said again."""
    return _header(_SAID, "", 0, "/console", secure=secure)


def _header(name: str, value: str, seconds: int, path: str, *, secure: bool) -> Header:
    attributes = f"Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict" + ("; Secure" if secure else "")
    return b"set-cookie", f"{name}={value}; {attributes}".encode()


def _cookie(call: Call, name: str) -> str | None:
    text = (call.header(b"cookie") or b"")[:_LONGEST_COOKIE].decode("latin-1")
    for part in text.split(";"):
        key, equals, value = part.strip().partition("=")
        if equals and key == name:
            return value
    return None


def _known(theme: str | None) -> Theme | None:
    return next((known for known in THEMES if known == theme), None)
