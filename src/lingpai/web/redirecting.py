"""Sending a browser elsewhere, without telling the other side where it comes from."""

from typing import Final

from lingpai.web.answering import NO_STORE, Answer

_HEADERS: Final = (
    NO_STORE,
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)


def redirect(location: str, *cookies: tuple[bytes, bytes], status: int = 303) -> Answer:
    """A redirect that no cache keeps. `location` is one that was checked."""
    return Answer(status, b"", (*_HEADERS, (b"location", location.encode("ascii")), *cookies))
