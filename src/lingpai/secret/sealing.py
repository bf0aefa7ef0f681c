"""Sealing at rest: AES-256-GCM under a key that is named in front of every sealed value.

Layout of a sealed value: version (1 byte, 0x01) ‖ key id (4 bytes) ‖ nonce (12 bytes) ‖
ciphertext and tag. The associated data is the row's identity, so that a value moved to
another row does not open.
"""

import hashlib
import hmac
from collections.abc import Mapping
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


class Sealer:
    """Seals with the current key, opens with every key it holds."""

    def __init__(self, keys: Mapping[bytes, bytes], current: bytes) -> None:
        """`keys`: key id (4 bytes) → key (32 bytes), oldest first; `current` names the one that seals.

        Fingerprints are made under the oldest, so that a new key changes none of them.
        """
        if current not in keys:
            raise ValueError("the current sealing key is not among the keys")
        for key_id, key in keys.items():
            if len(key_id) != KEY_ID_BYTES or len(key) != KEY_BYTES:
                raise ValueError("a sealing key has 32 bytes, its id 4")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = self._ciphers[current]
        self._head = _VERSION + current
        self._fingerprint_key = hashlib.sha256(
            b"lingpai fingerprint\x00" + next(iter(keys.values()))
        ).digest()

    def seal(self, plaintext: bytes, identity: str) -> bytes:
        """`plaintext` sealed for the row called `identity`."""
        nonce = random_bytes(_NONCE_BYTES)
        return self._head + nonce + self._current.encrypt(nonce, plaintext, identity.encode())

    def open(self, sealed: bytes, identity: str) -> bytes:
        """What was sealed for the row called `identity`.

        Raises SealBrokenError.
        """
        cipher = self._ciphers.get(sealed[1 : 1 + KEY_ID_BYTES])
        if sealed[:1] != _VERSION or cipher is None:
            raise SealBrokenError("sealed with an unknown key")
        try:
            return cipher.decrypt(sealed[1 + KEY_ID_BYTES : _HEAD], sealed[_HEAD:], identity.encode())
        except (InvalidTag, ValueError):
            raise SealBrokenError("damaged, or sealed for another row") from None

    def fingerprint(self, value: bytes) -> bytes:
        """16 bytes by which two equal secrets can be told without opening them."""
        return hmac.digest(self._fingerprint_key, value, "sha256")[:16]


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
