"""How does WeChat sign and encrypt what it pushes to an app's own server?

Source: developers.weixin.qq.com, "消息推送" and "消息加解密说明". An EncodingAESKey is 43 letters and digits: base64
without its last sign of the 32 bytes of an AES-256 key. Encrypted is: 16 random bytes, the length in four bytes,
the message, the AppID of the receiver, padding to a multiple of 32.
"""

import base64
import binascii
import hashlib
import hmac
import re
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

ENCODING_AES_KEY: Final = re.compile(r"[A-Za-z0-9]{43}")
_BLOCK: Final = 32
_AES_BLOCK: Final = 16
_RANDOM: Final = 16
_LENGTH: Final = 4


def push_signature(*parts: str) -> str:
    """`signature` of (token, timestamp, nonce), `msg_signature` of those and `Encrypt`: lower-case hex SHA-1."""
    text = "".join(sorted(parts))
    return hashlib.sha1(text.encode("utf-8", "surrogatepass")).hexdigest()  # noqa: S324 - WeChat's choice


def same_signature(made: str, given: str) -> bool:
    """Takes the same time wherever they differ."""
    return hmac.compare_digest(made.encode(), given.encode("utf-8", "surrogatepass"))


def open_push(encoding_aes_key: str, encrypted: str) -> tuple[bytes, str] | None:
    """The message and the AppID it is for; None for what this key does not open.

    The caller has checked `msg_signature` before, so that nobody can ask which of the steps failed.
    """
    key = base64.b64decode(encoding_aes_key + "=")
    try:
        data = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError):
        return None
    if not data or len(data) % _AES_BLOCK:
        return None
    decryptor = Cipher(AES(key), CBC(key[:_AES_BLOCK])).decryptor()
    padded = decryptor.update(data) + decryptor.finalize()
    size = padded[-1]
    if not 1 <= size <= _BLOCK or padded[-size:] != bytes([size]) * size:
        return None
    plain = padded[_RANDOM:-size]
    length = int.from_bytes(plain[:_LENGTH], "big")
    if len(plain) < _LENGTH + length:
        return None
    message, receiver = plain[_LENGTH : _LENGTH + length], plain[_LENGTH + length :]
    return message, receiver.decode("utf-8", "replace")
