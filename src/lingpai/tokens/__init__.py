"""Signing: the keys, what a token says, who issues and checks it."""

from lingpai.tokens.claims import AccessClaims
from lingpai.tokens.issuer import TOKEN_TYPE, Issuer, TokenInvalidError
from lingpai.tokens.keys import ALGORITHM, KeyRing, new_signing_key

__all__ = [
    "ALGORITHM",
    "TOKEN_TYPE",
    "AccessClaims",
    "Issuer",
    "KeyRing",
    "TokenInvalidError",
    "new_signing_key",
]
