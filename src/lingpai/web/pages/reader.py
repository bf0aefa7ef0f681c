"""Who reads a page, and in which language: the link they clicked, their cookie, their browser."""

from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import parse_qsl, urlencode

from lingpai.web.call import Call
from lingpai.web.language import Language

COOKIE: Final = "lingpai_lang"
_YEAR: Final = 31_536_000
_LONGEST_QUERY: Final = 2_000
_LONGEST_COOKIE: Final = 4_096


def query(call: Call) -> dict[str, str]:
    """The query string; of a repeated name, the last. What is no UTF-8 is replaced."""
    text = call.query[:_LONGEST_QUERY].decode("latin-1")
    return dict(parse_qsl(text, keep_blank_values=True, errors="replace"))


def language_of(call: Call) -> Language:
    """`?lang=` wins over the cookie, the cookie over Accept-Language."""
    return _known(query(call).get("lang")) or _known(_cookie(call)) or call.language


def language_cookie(call: Call, *, secure: bool) -> tuple[bytes, bytes] | None:
    """The header that remembers a language just chosen, or None."""
    chosen = _known(query(call).get("lang"))
    if chosen is None:
        return None
    attributes = f"Path=/; Max-Age={_YEAR}; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")
    return b"set-cookie", f"{COOKIE}={chosen}; {attributes}".encode()


def switch(call: Call, language: Language) -> str:
    """The link to this very page in `language`."""
    return "?" + urlencode({**query(call), "lang": language})


def wants_html(call: Call) -> bool:
    """Whether a browser asks for a page to show, rather than a program for an answer."""
    return b"text/html" in (call.header(b"accept") or b"")


def _cookie(call: Call) -> str | None:
    header = (call.header(b"cookie") or b"")[:_LONGEST_COOKIE].decode("latin-1")
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None


def _known(language: str | None) -> Language | None:
    match language:
        case "en":
            return "en"
        case "zh":
            return "zh"
        case _:
            return None
