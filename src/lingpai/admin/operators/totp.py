"""Codes of an authenticator app (RFC 6238): SHA-1, six digits, 30 seconds, one step of drift to each side."""

import base64
import hmac
from typing import Final
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from lingpai.clock import SECOND
from lingpai.secret import random_bytes

SEED_BYTES: Final = 20
_DIGITS: Final = 6
_STEP: Final = 30
_ISSUER: Final = "lingpai"


def new_seed() -> bytes:
    """A fresh seed."""
    return random_bytes(SEED_BYTES)


def seed_text(seed: bytes) -> str:
    """The seed as people type it into an app: base32 in groups of four."""
    text = base64.b32encode(seed).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def seed_uri(seed: bytes, name: str) -> str:
    """The seed as a QR code has it (the Key URI format of authenticator apps)."""
    label = quote(f"{_ISSUER}:{name}", safe="")
    secret = base64.b32encode(seed).decode()
    return f"otpauth://totp/{label}?secret={secret}&issuer={_ISSUER}&algorithm=SHA1&digits=6&period=30"


def matching_step(seed: bytes, code: str, now: int) -> int | None:
    """The step whose code this is: the present one or a neighbour; `now` in milliseconds. None: a wrong code."""
    if len(code) != _DIGITS or not code.isascii() or not code.isdigit():
        return None
    # SHA-1 is what every authenticator app speaks; within HMAC it is sound (RFC 6238 §1.2).
    totp = TOTP(seed, _DIGITS, SHA1(), _STEP, enforce_key_length=True)  # noqa: S303
    present = now // SECOND // _STEP
    for step in (present, present - 1, present + 1):
        if step >= 0 and hmac.compare_digest(totp.generate(step * _STEP), code.encode()):
            return step
    return None
