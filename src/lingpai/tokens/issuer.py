"""Making and checking access tokens: one algorithm, our own keys, a header we know byte by byte."""

import base64
import hashlib
from collections import OrderedDict
from functools import lru_cache
from typing import Final

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc import jws
from joserfc.errors import JoseError

from lingpai.clock import Clock
from lingpai.ids import new_id
from lingpai.secret import random_bytes
from lingpai.tokens.claims import AccessClaims
from lingpai.tokens.keys import ALGORITHM, HeldKey, KeyRing

TOKEN_TYPE: Final = "at+jwt"  # noqa: S105  the media type of RFC 9068, not a password
_LONGEST: Final = 2048
_CACHE_SIZE: Final = 8_192
_SKEW: Final = 5
_SECONDS: Final = 1_000

_ECDSA: Final = ec.ECDSA(hashes.SHA256())

_encode_claims = msgspec.json.Encoder().encode
_decode_claims = msgspec.json.Decoder(AccessClaims).decode


class TokenInvalidError(Exception):
    """An access token was not accepted. `expired` tells the one case a client can mend by refreshing."""

    def __init__(self, reason: str, *, expired: bool = False) -> None:
        super().__init__(reason)
        self.expired: Final = expired


class Issuer:
    """Signs access tokens and checks them; a token that was found good is not checked twice."""

    def __init__(self, *, issuer: str, lifetime: int, ring: KeyRing, clock: Clock) -> None:
        """`issuer` is the public URL, `lifetime` is in seconds."""
        self.issuer: Final = issuer
        self.lifetime: Final = lifetime
        self._clock: Final = clock
        self._good: OrderedDict[bytes, AccessClaims] = OrderedDict()
        self._headers: dict[str, HeldKey] = {}
        self.adopt(ring)

    @property
    def ring(self) -> KeyRing:
        """The keys in use."""
        return self._ring

    def adopt(self, ring: KeyRing) -> None:
        """Use `ring` from now on. When other keys are published, what was checked is checked anew."""
        self._ring = ring
        published = ring.published(self._clock.now())
        if {key.kid for key in published} != {key.kid for key in self._headers.values()}:
            self._headers = {_header_segment(key): key for key in published}
            self._good.clear()

    def issue(self, *, appid: str, user_id: str, session_id: str, lifetime: int | None = None) -> str:
        """A new access token of one session, for `lifetime` seconds (by default the usual ones)."""
        now = self._clock.now()
        seconds = now // _SECONDS
        key = self._ring.signer(now)
        claims = AccessClaims(
            iss=self.issuer,
            aud=appid,
            sub=user_id,
            client_id=appid,
            sid=session_id,
            jti=new_id("jti", now, random_bytes(10)),
            iat=seconds,
            exp=seconds + (self.lifetime if lifetime is None else lifetime),
        )
        return _signed(key, _encode_claims(claims))

    def verify(self, token: str) -> AccessClaims:
        """The claims of a token that is ours and current.

        Raises TokenInvalidError. Whether its session still runs is not asked here.
        """
        if len(token) > _LONGEST:
            raise TokenInvalidError("too long")
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        claims = self._good.get(digest)
        if claims is None:
            claims = self._check(token)
            if len(self._good) >= _CACHE_SIZE:
                self._good.popitem(last=False)
            self._good[digest] = claims
        now = self._clock.now() // _SECONDS
        if claims.exp <= now:
            raise TokenInvalidError("expired", expired=True)
        if claims.iat > now + _SKEW:
            raise TokenInvalidError("from the future")
        return claims

    def _check(self, token: str) -> AccessClaims:
        # A verifier that reads alg, jwk, jku or crit from the token lets the attacker choose;
        # so the header has to be, byte for byte, one that this server writes.
        key = self._headers.get(token.partition(".")[0])
        if key is None:
            raise TokenInvalidError("not a token of this server")
        try:
            payload = jws.deserialize_compact(token, key.key, algorithms=[ALGORITHM]).payload
            claims = _decode_claims(payload)
        except (JoseError, ValueError, msgspec.MsgspecError):
            raise TokenInvalidError("signature or claims are not ours") from None
        if claims.iss != self.issuer:
            raise TokenInvalidError("of another issuer")
        return claims


def _signed(key: HeldKey, payload: bytes) -> str:
    """A JWS in compact form (RFC 7515 §7.1), ES256 (RFC 7518 §3.4): the signature is R ‖ S, 32 bytes each.

    The library spends as much on composing it as on the signature; the header never changes, so it is
    made once. Checking stays with the library.
    """
    message = f"{_header_segment(key)}.{_base64url(payload)}"
    r, s = decode_dss_signature(key.private.sign(message.encode("ascii"), _ECDSA))
    return f"{message}.{_base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


@lru_cache(maxsize=64)
def _header_segment(key: HeldKey) -> str:
    header = {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": key.kid}
    return _base64url(msgspec.json.encode(header))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
