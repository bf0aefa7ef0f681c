"""Signing in by a browser: what is remembered between the way to WeChat and the way back."""

from typing import Literal

import msgspec

OAuthScope = Literal["snsapi_base", "snsapi_userinfo", "snsapi_login"]
"""What WeChat is asked for: who it is, silently; with nickname and avatar; a website's QR page."""

Delivery = Literal["cookie", "ticket"]
"""How the page gets its session: as a cookie of this server, or as a ticket it exchanges itself."""


class OAuthState(msgspec.Struct, frozen=True, kw_only=True):
    """One way to WeChat and back. It is used once; its outcome can be told again to the same browser."""

    digest: bytes
    """SHA-256 of the `state` that travels."""
    appid: str
    browser: bytes
    """SHA-256 of the browser's pre-login secret: no other browser may come back with this state."""
    scope: OAuthScope
    wanted: OAuthScope
    """What the page asked for; `scope` is what this round asks WeChat."""
    return_to: str
    """With its fragment."""
    deliver: Delivery
    challenge: str | None
    """base64url(SHA-256(verifier)) of the page that wants a ticket (RFC 7636, S256)."""
    round: int
    """1 or 2: how often this visit has been sent to WeChat."""
    fallback: bytes | None
    """What a refusal in round 2 leaves the visitor with, sealed for the browser."""
    created_at: int
    expires_at: int
    taken_at: int | None = None
    outcome: bytes | None = None
    """What came of it, sealed for the browser."""


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """A session on its way to a page: once, soon, to one origin."""

    digest: bytes
    """SHA-256 of the ticket."""
    appid: str
    openid: str
    session_id: str
    """The session it gives, or (with nothing sealed) the one that asked for a new session."""
    origin: str
    return_to: str
    challenge: str | None
    sealed: bytes | None
    """The session's refresh token, sealed under the ticket; None: a new session is to be started."""
    expires_at: int
    used_at: int | None = None


class UserToken(msgspec.Struct, frozen=True, kw_only=True):
    """WeChat's tokens of one person at one app, sealed: with them `sns/userinfo` can be asked again."""

    appid: str
    openid: str
    sealed: bytes
    access_expires_at: int
    refresh_expires_at: int


def user_token_identity(appid: str, openid: str) -> str:
    """What a person's WeChat tokens are sealed for."""
    return f"user_tokens|sealed|{appid}|{openid}"
