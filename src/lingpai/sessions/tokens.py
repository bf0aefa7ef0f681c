"""The pair of tokens a client holds."""

import hashlib
from typing import Final

import msgspec

from lingpai.model import SignedIn
from lingpai.secret import random_token
from lingpai.tokens import Issuer

REFRESH_PREFIX: Final = "lpr_"
_SECOND: Final = 1_000


class TokenSet(msgspec.Struct, frozen=True, kw_only=True):
    """What a sign-in or a refresh gives. Lifetimes are in seconds from now."""

    access_token: str
    expires_in: int
    refresh_token: str
    refresh_expires_in: int
    signed_in: SignedIn
    is_new: bool
    again: bool
    """Given once before, to the same client."""

    def __repr__(self) -> str:
        return f"TokenSet({self.signed_in.session.id})"


def new_refresh_token() -> str:
    """256 random bits behind a prefix that secret scanners know."""
    return random_token(REFRESH_PREFIX)


def token_digest(token: str) -> bytes:
    """What is stored of a refresh token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def token_set(
    issuer: Issuer,
    signed_in: SignedIn,
    refresh_token: str,
    *,
    now: int,
    is_new: bool = False,
    again: bool = False,
) -> TokenSet:
    """Tokens for a running session."""
    session = signed_in.session
    remaining = max(0, (session.expires_at - now) // _SECOND)
    lifetime = min(issuer.lifetime, remaining)
    return TokenSet(
        access_token=issuer.issue(
            appid=session.appid, user_id=session.user_id, session_id=session.id, lifetime=lifetime
        ),
        expires_in=lifetime,
        refresh_token=refresh_token,
        refresh_expires_in=remaining,
        signed_in=signed_in,
        is_new=is_new,
        again=again,
    )
