"""Where a redirect_uri leads, and what it looks like with a code behind it."""

import re
from typing import Final
from urllib.parse import quote, urlsplit

import msgspec

# Browsers read these otherwise than Python does, and a code would leave for another host.
_UNUSUAL: Final = re.compile(r"[\x00-\x20\x7f\\]")


class Target(msgspec.Struct, frozen=True):
    """Host in lower case; `netloc` is the host with the port as written, if there is one."""

    host: str
    netloc: str
    port: int | None


def target(redirect_uri: str) -> Target | None:
    """None when this is no http or https URL whose host everybody reads alike."""
    try:
        parts = urlsplit(redirect_uri)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    unusual = "@" in parts.netloc or _UNUSUAL.search(redirect_uri)
    if parts.scheme not in ("http", "https") or not host or unusual:
        return None
    return Target(host, parts.netloc.lower(), port)


def callback(redirect_uri: str, **parameters: str | None) -> str:
    """The redirect_uri with parameters put behind its own query and before its fragment; None leaves one out."""
    base, sign, fragment = redirect_uri.partition("#")
    if not urlsplit(base).path:
        host, mark, query = base.partition("?")
        base = f"{host}/{mark}{query}"
    given = "&".join(
        f"{name}={quote(text, safe='')}" for name, text in parameters.items() if text is not None
    )
    if given:
        joint = "" if base.endswith(("?", "&")) else "&" if "?" in base else "?"
        base = f"{base}{joint}{given}"
    return quote(base + sign + fragment, safe="%/:=&?~#+!$,;'@()*[]")
