"""The two cookies of signing in by a browser: one before anybody has signed in, one for the session."""

from typing import Final

import msgspec

from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.mini_program import mini_program

_SESSION: Final = "lingpai_session"
_PRELOGIN: Final = "lingpai_prelogin"
_HOST: Final = "__Host-"
_LONGEST: Final = 4_096
_AS_STORED: Final = str.maketrans(",", ";", '"[]\\')
PRELOGIN_SECONDS: Final = 600


def session_cookie(call: Call, public_url: str) -> str | None:
    """The session a browser brings."""
    return _read(call, _name(_SESSION, public_url))


def prelogin_cookie(call: Call, public_url: str) -> str | None:
    """What a browser was given when it left for WeChat."""
    return _read(call, _name(_PRELOGIN, public_url))


def set_session(value: str, seconds: int, public_url: str) -> tuple[bytes, bytes]:
    """The header that gives a browser its session."""
    return _header(_name(_SESSION, public_url), value, seconds, public_url)


def set_prelogin(value: str, public_url: str) -> tuple[bytes, bytes]:
    """The header that lets a browser be known again when it comes back from WeChat."""
    return _header(_name(_PRELOGIN, public_url), value, PRELOGIN_SECONDS, public_url)


def without_session_cookie(call: Call, answer: Answer, public_url: str) -> Answer:
    """The answer, which also takes the session's cookie away from a browser that has one."""
    if session_cookie(call, public_url) is None:
        return answer
    gone = _header(_name(_SESSION, public_url), "", 0, public_url)
    return msgspec.structs.replace(answer, headers=(*answer.headers, gone))


def _name(name: str, public_url: str) -> str:
    """`__Host-`: no other host and no plain http can have set it. Browsers want https for that."""
    return f"{_HOST}{name}" if public_url.startswith("https:") else name


def _header(name: str, value: str, seconds: int, public_url: str) -> tuple[bytes, bytes]:
    secure = "; Secure" if public_url.startswith("https:") else ""
    text = f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
    return b"set-cookie", text.encode()


def _read(call: Call, name: str) -> str | None:
    """The cookie of exactly this name. Of two values, neither: one of them was planted from a sibling domain.

    A client without a cookie jar may send a whole `Set-Cookie` header back: its attributes are other names.
    Platforms join several of them with commas, clients store them with JSON.stringify; a mini program's client
    cannot know better. Of a browser all that is part of a value, and reading on behind a comma would let a
    sibling domain get around `__Host-`.
    """
    given = b";".join(value for header, value in call.scope["headers"] if header == b"cookie")
    text = given[:_LONGEST].decode("latin-1")
    if mini_program(call) is not None:
        text = text.translate(_AS_STORED)
    found = {
        value.strip()
        for key, equals, value in (part.partition("=") for part in text.split(";"))
        if equals and key.strip() == name
    }
    return found.pop() or None if len(found) == 1 else None
