"""For other backends: is this access token good? Checked offline against the published keys.

    from lingpai.verify import TokenInvalidError, Verifier

    verifier = Verifier("https://login.example.com", audience="wx00000000000000a1")
    claims = verifier.verify(token)  # claims.sub is the user's id

A token is good for as long as it lives (15 minutes by default), also when its session was ended
meanwhile; ask `/oauth2/introspect` where that matters.
"""

import base64
import json
import threading
import urllib.request
from collections.abc import Callable
from typing import Final

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from lingpai.clock import Clock, SystemClock
from lingpai.tokens import ALGORITHM, TOKEN_TYPE, AccessClaims, TokenInvalidError

__all__ = ["AccessClaims", "TokenInvalidError", "Verifier"]

_LONGEST: Final = 4096
_JWKS_LIMIT: Final = 65_536
_FETCH_TIMEOUT: Final = 5.0
_ASK_AGAIN_AFTER: Final = 30.0
_STALE_AFTER: Final = 300.0
_SKEW: Final = 5
_SECOND: Final = 1_000

_decode_claims = msgspec.json.Decoder(AccessClaims).decode


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    # Nothing else may stand here: jwk, jku, x5c and crit let an attacker choose the key or the rules.
    alg: str
    typ: str
    kid: str


_decode_header = msgspec.json.Decoder(_Header).decode


class Verifier:
    """Checks access tokens of one issuer. Thread-safe; keep one for the life of the process."""

    def __init__(
        self,
        issuer: str,
        *,
        audience: str | None,
        fetch: Callable[[str], bytes] | None = None,
        clock: Clock | None = None,
    ) -> None:
        """`issuer` is the server's public URL; `audience` the AppID whose users you serve, None for all.

        `fetch` gets the JWK Set from its URL; by default over HTTP with a timeout of 5 s.
        """
        self._issuer: Final = issuer
        self._audience: Final = audience
        self._fetch: Final = fetch or _fetch
        self._clock: Final = clock or SystemClock()
        self._lock: Final = threading.Lock()
        self._keys: dict[str, ECKey] = {}
        self._asked_at = float("-inf")

    def verify(self, token: str) -> AccessClaims:
        """The claims of a good token.

        Raises TokenInvalidError; OSError when the keys were never fetched and cannot be.
        """
        if len(token) > _LONGEST or not token.isascii():
            raise TokenInvalidError("too long, or not a token")
        key = self._key(_header(token))
        try:
            payload = jws.deserialize_compact(token, key, algorithms=[ALGORITHM]).payload
            claims = _decode_claims(payload)
        except (JoseError, ValueError, msgspec.MsgspecError):
            raise TokenInvalidError("signature or claims do not hold") from None
        self._check(claims)
        return claims

    def _check(self, claims: AccessClaims) -> None:
        now = self._clock.now() // _SECOND
        if claims.iss != self._issuer:
            raise TokenInvalidError("of another issuer")
        if self._audience is not None and claims.aud != self._audience:
            raise TokenInvalidError("for another app")
        if claims.exp <= now:
            raise TokenInvalidError("expired", expired=True)
        if claims.iat > now + _SKEW:
            raise TokenInvalidError("from the future")

    def _key(self, header: _Header) -> ECKey:
        if header.alg != ALGORITHM or header.typ != TOKEN_TYPE:
            raise TokenInvalidError("not an access token")
        age = self._clock.monotonic() - self._asked_at
        if age > _STALE_AFTER or (header.kid not in self._keys and age > _ASK_AGAIN_AFTER):
            self._ask()
        key = self._keys.get(header.kid)
        if key is None:
            raise TokenInvalidError("signed with an unknown key")
        return key

    def _ask(self) -> None:
        with self._lock:
            if self._clock.monotonic() - self._asked_at <= _ASK_AGAIN_AFTER:
                return
            try:
                keys = _keys(self._fetch(f"{self._issuer}/oauth2/jwks"))
            except (OSError, ValueError, JoseError) as error:
                if not self._keys:
                    raise OSError("the keys of the issuer cannot be fetched") from error
            else:
                self._keys = keys
            self._asked_at = self._clock.monotonic()


def _header(token: str) -> _Header:
    segment = token.partition(".")[0]
    try:
        return _decode_header(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    except (ValueError, msgspec.MsgspecError):
        raise TokenInvalidError("not a token") from None


def _keys(document: bytes) -> dict[str, ECKey]:
    rows = json.loads(document)["keys"]
    return {row["kid"]: ECKey.import_key(row) for row in rows if row.get("alg") == ALGORITHM}


def _fetch(url: str) -> bytes:
    if not url.startswith(("https://", "http://")):
        raise ValueError("the issuer is not a web address")
    with urllib.request.urlopen(url, timeout=_FETCH_TIMEOUT) as answer:  # noqa: S310  checked above
        body: bytes = answer.read(_JWKS_LIMIT)
    return body
