"""Under which ids an app knows a person: openid and unionid, derived so that a restart keeps them."""

import base64
import hashlib


def openid(seed: int | str | None, appid: str, person: str) -> str:
    """28 characters of `[A-Za-z0-9_-]` starting with `o`; one per (person, app)."""
    return _derived("openid", seed, appid, person)


def unionid(seed: int | str | None, open_platform: str, person: str) -> str:
    """The same shape as an openid; one per (person, open-platform account)."""
    return _derived("unionid", seed, open_platform, person)


def demo_secret(appid: str) -> str:
    """32 hex digits that nobody takes for a real AppSecret: they start with `fa4e` four times.

    The seed has no part in it: a server keeps its configuration when the emulator is reset.
    """
    return "fa4e" * 4 + hashlib.sha256(_name("secret", appid)).hexdigest()[:16]


def _derived(kind: str, seed: int | str | None, scope: str, person: str) -> str:
    digest = hashlib.sha256(_name(kind, seed, scope, person)).digest()
    return "o" + base64.urlsafe_b64encode(digest).decode()[:27]


def _name(*parts: int | str | None) -> bytes:
    return "\0".join(str(part) for part in parts).encode()
