"""How WeChat signs and encrypts what it gives a mini program. Source: page on open data, signature and decryption."""

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7


def signature(raw_data: str, session_key: str) -> str:
    """Lower-case hex sha1 of rawData and then the session_key, as base64 text."""
    return hashlib.sha1((raw_data + session_key).encode(), usedforsecurity=False).hexdigest()


def session_signature(session_key: str, message: bytes = b"") -> str:
    """Lower-case hex HMAC-SHA256 whose key is the base64 text of the session_key, not its bytes.

    `wxa/checksession` and `wxa/resetusersessionkey` sign the empty message.
    """
    return hmac.new(session_key.encode(), message, hashlib.sha256).hexdigest()


def encrypted(plain: bytes, session_key: str, iv: bytes) -> str:
    """encryptedData: base64 of AES-128-CBC with PKCS#7; here the key is the decoded session_key."""
    padder = PKCS7(AES.block_size).padder()
    padded = padder.update(plain) + padder.finalize()
    encryptor = Cipher(AES(base64.b64decode(session_key)), CBC(iv)).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()
