"""Recovery codes: ten, each good once beside the password, when the authenticator app is gone."""

import base64
import hashlib
import re
from typing import Final

from lingpai.secret import Secret, random_bytes

HOW_MANY: Final = 10
_BYTES: Final = 10
_FORM: Final = re.compile(r"[a-z2-7]{16}")


def new_codes() -> list[Secret]:
    """Fresh codes of 80 bits, as people write them down: `abcd-efgh-ijkl-mnop`."""
    return [
        Secret(_grouped(base64.b32encode(random_bytes(_BYTES)).decode().lower())) for _ in range(HOW_MANY)
    ]


def code_digest(text: str) -> bytes | None:
    """SHA-256 of a code, however it was typed; None: this is no recovery code. 80 random bits need no slow hash."""
    plain = "".join(c for c in text.lower() if c.isalnum())
    return hashlib.sha256(plain.encode()).digest() if _FORM.fullmatch(plain) else None


def _grouped(text: str) -> str:
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))
