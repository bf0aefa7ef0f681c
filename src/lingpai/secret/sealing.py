"""Sealing at rest: AES-256-GCM under a key that is named in front of every sealed value.

Layout of a sealed value: version (1 byte, 0x01) ‖ key id (4 bytes) ‖ nonce (12 bytes) ‖
ciphertext and tag. The associated data is the row's identity, so that a value moved to
another row does not open.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lingpai.secret.randomness import random_bytes

KEY_BYTES: Final = 32
KEY_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_VERSION: Final = b"\x01"
_HEAD: Final = 1 + KEY_ID_BYTES + _NONCE_BYTES


class SealBrokenError(Exception):
    """A sealed value did not open: damaged, moved to another row, or its key is gone."""


class UnknownKeyError(SealBrokenError):
    """A value was sealed under a key that this process does not hold (yet)."""


class Sealer:
    """Seals with the current key, opens with every key it holds. The keys may change while it is in use."""

    def __init__(
        self, keys: Mapping[bytes, bytes], current: bytes, *, fingerprints: bytes | None = None
    ) -> None:
        """`keys`: key id (4 bytes) → key (32 bytes), oldest first; `current` names the one that seals.

        `fingerprints` is the key of `fingerprint`; by default it is derived from the oldest key.
        """
        self._fingerprint_key: Final = fingerprints or fingerprint_key(next(iter(keys.values()), b""))
        self._learn: Callable[[], Awaitable[None]] | None = None
        self._ciphers: dict[bytes, AESGCM] = {}
        self.adopt(keys, current)

    def adopt(self, keys: Mapping[bytes, bytes], current: bytes) -> None:
        """From now on open with these keys and seal with `current`."""
        if current not in keys:
            raise ValueError("the current sealing key is not among the keys")
        for key_id, key in keys.items():
            if len(key_id) != KEY_ID_BYTES or len(key) != KEY_BYTES:
                raise ValueError("a sealing key has 32 bytes, its id 4")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = self._ciphers[current]
        self._head = _VERSION + current

    def learn_by(self, learn: Callable[[], Awaitable[None]]) -> None:
        """Call `learn` when a value turns up whose key is unknown; it is to end in `adopt`."""
        self._learn = learn

    async def prepare(self, *sealed: bytes | None) -> None:
        """Learn the keys that `open` will need for these values, if one of them is unknown. Raises what `learn` does."""
        unknown = any(value and key_id_of(value) not in self._ciphers for value in sealed)
        if unknown and self._learn is not None:
            await self._learn()

    @property
    def current(self) -> bytes:
        """The id of the key that seals now."""
        return self._head[1:]

    @property
    def key_ids(self) -> frozenset[bytes]:
        """The ids of the keys that this process can open with."""
        return frozenset(self._ciphers)

    def seal(self, plaintext: bytes, identity: str) -> bytes:
        """`plaintext` sealed for the row called `identity`."""
        nonce = random_bytes(_NONCE_BYTES)
        return self._head + nonce + self._current.encrypt(nonce, plaintext, identity.encode())

    def open(self, sealed: bytes, identity: str) -> bytes:
        """What was sealed for the row called `identity`.

        Raises SealBrokenError.
        """
        cipher = self._ciphers.get(key_id_of(sealed))
        if sealed[:1] != _VERSION or cipher is None:
            raise UnknownKeyError("sealed with an unknown key")
        try:
            return cipher.decrypt(sealed[1 + KEY_ID_BYTES : _HEAD], sealed[_HEAD:], identity.encode())
        except (InvalidTag, ValueError):
            raise SealBrokenError("damaged, or sealed for another row") from None

    def fingerprint(self, value: bytes) -> bytes:
        """16 bytes by which two equal secrets can be told without opening them."""
        return hmac.digest(self._fingerprint_key, value, "sha256")[:16]


def key_id_of(sealed: bytes) -> bytes:
    """The id of the key that a value is sealed under."""
    return sealed[1 : 1 + KEY_ID_BYTES]


def fingerprint_key(data_key: bytes) -> bytes:
    """The key of fingerprints, as it was derived from the first data key before it had a life of its own."""
    return hashlib.sha256(b"lingpai fingerprint\x00" + data_key).digest()


def seal_under(password: bytes, plaintext: bytes, purpose: str) -> bytes:
    """`plaintext` sealed under a key derived from `password`, which must have ≥ 128 bits of entropy."""
    nonce = random_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_derive(password, purpose)).encrypt(nonce, plaintext, None)


def open_under(password: bytes, sealed: bytes, purpose: str) -> bytes | None:
    """What `seal_under` sealed, or None for another password."""
    try:
        return AESGCM(_derive(password, purpose)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except (InvalidTag, ValueError):
        return None


def _derive(password: bytes, purpose: str) -> bytes:
    return hmac.digest(purpose.encode(), password, "sha256")
