"""A stream sealed under the master key, for files that leave the machine.

Layout: magic (16 bytes, "lingpai backup 1") ‖ salt (32) ‖ check (16), then chunks. A chunk is a head of four bytes
(big-endian: the length of what follows, the highest bit set on the last chunk) and AES-256-GCM ciphertext with
its tag. The nonce is the chunk's number in eleven bytes and one byte that is 1 for the last, so that chunks can be neither
dropped, exchanged, added nor cut off (the STREAM construction, https://eprint.iacr.org/2015/189.pdf); the
associated data is the magic and the salt. Key and check are HKDF-SHA256 of the master key with the salt, for
the purposes named below.
"""

import hmac
import struct
from collections.abc import Sequence
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lingpai.secret.randomness import random_bytes
from lingpai.secret.sealing import KEY_BYTES, SealBrokenError

MAGIC: Final = b"lingpai backup 1"
CHUNK: Final = 1 << 20
"""Bytes sealed at a time."""
_SALT_BYTES: Final = 32
_CHECK_BYTES: Final = 16
_TAG_BYTES: Final = 16
_LAST: Final = 1 << 31
_HEAD: Final = struct.Struct(">I")
_PURPOSE: Final = b"lingpai backup"
_CHECK_PURPOSE: Final = b"lingpai backup check"


class OtherKeyError(Exception):
    """The file was sealed under another master key."""


class EnvelopeWriter:
    """Seals what is written to it. Only `close` makes it whole."""

    def __init__(self, stream: BinaryIO, master_key: bytes) -> None:
        salt = random_bytes(_SALT_BYTES)
        self._stream: Final = stream
        self._cipher: Final = AESGCM(_derived(master_key, salt, _PURPOSE, KEY_BYTES))
        self._bound: Final = MAGIC + salt
        self._number = 0
        self._held = bytearray()
        stream.write(self._bound + _derived(master_key, salt, _CHECK_PURPOSE, _CHECK_BYTES))

    def write(self, data: bytes) -> int:
        self._held += data
        while len(self._held) > CHUNK:
            self._seal(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return len(data)

    def close(self) -> None:
        """Write the last chunk. The stream below stays open."""
        self._seal(bytes(self._held), last=True)
        self._held.clear()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), plain, self._bound)
        self._stream.write(_HEAD.pack(len(sealed) | (_LAST if last else 0)) + sealed)
        self._number += 1


class EnvelopeReader:
    """Opens what an `EnvelopeWriter` sealed; nothing is given out that was not checked."""

    def __init__(self, stream: BinaryIO, master_keys: Sequence[bytes]) -> None:
        """`stream` stands behind the magic; any of the keys may be the one. Raises OtherKeyError, SealBrokenError."""
        salt = _exactly(stream, _SALT_BYTES)
        check = _exactly(stream, _CHECK_BYTES)
        master_key = _fitting(master_keys, salt, check)
        self._stream: Final = stream
        self._cipher: Final = AESGCM(_derived(master_key, salt, _PURPOSE, KEY_BYTES))
        self._bound: Final = MAGIC + salt
        self._number = 0
        self._held = b""
        self._ended = False

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; none at the end. Raises SealBrokenError."""
        while not self._held and not self._ended:
            self._held = self._open()
        given, self._held = self._held[:size], self._held[size:]
        return given

    def _open(self) -> bytes:
        (head,) = _HEAD.unpack(_exactly(self._stream, _HEAD.size))
        last, length = bool(head & _LAST), head & ~_LAST
        if not _TAG_BYTES <= length <= CHUNK + _TAG_BYTES:
            raise SealBrokenError("damaged")
        sealed = _exactly(self._stream, length)
        try:
            plain = self._cipher.decrypt(_nonce(self._number, last=last), sealed, self._bound)
        except InvalidTag:
            raise SealBrokenError("damaged") from None
        if last and self._stream.read(1):
            raise SealBrokenError("longer than it was")
        self._number += 1
        self._ended = last
        return plain


def _fitting(master_keys: Sequence[bytes], salt: bytes, check: bytes) -> bytes:
    for key in master_keys:
        if hmac.compare_digest(check, _derived(key, salt, _CHECK_PURPOSE, _CHECK_BYTES)):
            return key
    raise OtherKeyError("sealed under another master key")


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise SealBrokenError("cut off")
    return data


def _derived(master_key: bytes, salt: bytes, purpose: bytes, size: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=size, salt=salt, info=purpose).derive(master_key)
