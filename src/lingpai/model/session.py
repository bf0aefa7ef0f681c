"""Being signed in."""

from typing import Literal

import msgspec

from lingpai.model.user import User

EndReason = Literal["signed_out", "signed_out_everywhere", "refresh_reuse", "operator", "restored"]


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One sign-in of one person at one app. It is also the family of its refresh tokens."""

    id: str
    user_id: str
    appid: str
    openid: str
    created_at: int
    expires_at: int
    """The absolute end; no refresh reaches beyond it."""
    user_agent: str
    """The client's own words, at most 200 characters."""
    ended_at: int | None = None
    end_reason: EndReason | None = None


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A session with the person it belongs to."""

    session: Session
    user: User
    unionid: str | None


class Rotation(msgspec.Struct, frozen=True, kw_only=True):
    """The wish to replace a refresh token by its successor."""

    old_digest: bytes
    """SHA-256 of the token presented."""
    new_digest: bytes
    successor: bytes
    """The new token, sealed under the old one: only its holder can open it."""
    client_tag: bytes
    """16 bytes that tell one client from another."""
    at: int
    grace: int
    """Milliseconds within which the same client may present the old token again."""


RotationRefusal = Literal["unknown", "expired", "ended", "reused"]


class Rotated(msgspec.Struct, frozen=True, kw_only=True):
    """The token was replaced, now or (by the same client) a moment ago."""

    signed_in: SignedIn
    successor: bytes
    """The sealed successor on record: the one asked for, or the one of the first try."""
    retried: bool


class NotRotated(msgspec.Struct, frozen=True, kw_only=True):
    """The token was refused. `reused` has ended its session, named here."""

    why: RotationRefusal
    session_id: str | None = None
    user_id: str | None = None
    appid: str | None = None
