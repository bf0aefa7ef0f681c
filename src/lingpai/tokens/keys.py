"""The signing keys at hand: which one signs now, which ones are published."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from joserfc.jwk import ECKey

from lingpai.model import SigningKey, signing_key_identity
from lingpai.secret import SealBrokenError, Sealer, random_bytes

ALGORITHM: Final = "ES256"


@dataclass(frozen=True, slots=True, eq=False)
class HeldKey:
    """A signing key, opened."""

    kid: str
    key: ECKey
    """For the library that checks."""
    private: EllipticCurvePrivateKey
    public_jwk: dict[str, str]
    active_at: int
    retired_at: int | None

    def __repr__(self) -> str:
        return f"HeldKey({self.kid})"


class KeyRing:
    """The signing keys of the database, opened. Immutable: a new ring is made when the keys change."""

    def __init__(self, keys: Sequence[HeldKey]) -> None:
        """`keys` in any order."""
        self._keys: Final = tuple(keys)

    @classmethod
    def opened(cls, rows: Iterable[SigningKey], sealer: Sealer) -> Self:
        """Open the rows. Raises SealBrokenError."""
        return cls([_held(row, sealer) for row in rows])

    def signer(self, now: int) -> HeldKey:
        """The key that became active last. Raises LookupError when none is active at `now`."""
        active = [key for key in self.published(now) if key.active_at <= now]
        if not active:
            raise LookupError("no signing key is active")
        return max(active, key=attrgetter("active_at"))

    def published(self, now: int) -> list[HeldKey]:
        """The keys a verifier must know at `now`: those to come, the one in use, those just left."""
        return [key for key in self._keys if key.retired_at is None or now < key.retired_at]

    def jwks(self, now: int) -> dict[str, list[dict[str, str]]]:
        """The published keys as a JWK Set (RFC 7517)."""
        return {"keys": [key.public_jwk for key in self.published(now)]}


def _held(row: SigningKey, sealer: Sealer) -> HeldKey:
    private = ECKey.import_key(sealer.open(row.sealed_private, signing_key_identity(row.kid)))
    raw = private.private_key
    if raw is None:
        raise SealBrokenError("a signing key without its private half")
    public = json.loads(row.public_jwk)
    return HeldKey(
        kid=row.kid,
        key=ECKey.import_key(public),
        private=raw,
        public_jwk=public,
        active_at=row.active_at,
        retired_at=row.retired_at,
    )


def new_signing_key(sealer: Sealer, *, now: int, active_at: int, kid: str | None = None) -> SigningKey:
    """A fresh P-256 key pair, sealed. The key id is random unless given: it says nothing about the key."""
    kid = kid or random_bytes(8).hex()
    key = ECKey.generate_key("P-256", private=True)
    public = {**key.as_dict(private=False), "kid": kid, "alg": ALGORITHM, "use": "sig"}
    return SigningKey(
        kid=kid,
        sealed_private=sealer.seal(key.as_pem(private=True), signing_key_identity(kid)),
        public_jwk=json.dumps(public, sort_keys=True),
        created_at=now,
        active_at=active_at,
    )
