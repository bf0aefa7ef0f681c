"""How does WeChat sign and encrypt a person's data?

Source: developers.weixin.qq.com, "signature" (开放数据校验与解密) and "checkSessionKey". The session_key is base64
text; signatures are made with that text, decryption with the 16 bytes it stands for.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK: Final = 16
"""Bytes of an AES block, of a key and of an iv."""


def raw_data_signature(raw_data: str, session_key: str) -> str:
    """The `signature` beside a `rawData`: lower-case hex SHA-1 of both texts, one after the other."""
    return hashlib.sha1((raw_data + session_key).encode("utf-8", "surrogatepass")).hexdigest()  # noqa: S324 - WeChat's choice


def session_key_signature(session_key: str, message: bytes = b"") -> str:
    """The `signature` of `wxa/checksession`: lower-case hex HMAC-SHA256 of the message, by default an empty one."""
    return hmac.digest(session_key.encode(), message, "sha256").hex()


def decoded(text: str) -> bytes | None:
    """Base64 as WeChat writes it, or None."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def decrypt(session_key: str, encrypted: bytes, iv: bytes) -> bytes | None:
    """AES-128-CBC: the plaintext without its padding (PKCS#7), None when that is no padding.

    `encrypted` is one block or more, `iv` one block. There is no MAC: another key gives a good padding once in
    256 times, so what comes out proves nothing before its watermark was looked at. Nothing that a caller can
    see may tell a bad padding from what is found wrong later, or the padding becomes an oracle.
    """
    key = decoded(session_key)
    if key is None or len(key) != BLOCK:
        return None
    decryptor = Cipher(AES(key), CBC(iv)).decryptor()
    padded = decryptor.update(encrypted) + decryptor.finalize()
    size = padded[-1]
    if not 1 <= size <= BLOCK or not hmac.compare_digest(padded[-size:], bytes([size]) * size):
        return None
    return padded[:-size]
