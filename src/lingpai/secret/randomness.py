"""Random bytes from the operating system: the one place that draws them."""

import base64
import secrets
import string

_LETTERS = string.digits + string.ascii_letters


def random_bytes(size: int) -> bytes:
    """`size` bytes from the operating system's CSPRNG."""
    return secrets.token_bytes(size)


def random_token(prefix: str, size: int = 32) -> str:
    """An opaque token: `prefix`, then `size` random bytes as unpadded base64url.

    The prefix lets secret scanners find a leaked token.
    """
    return prefix + base64.urlsafe_b64encode(secrets.token_bytes(size)).rstrip(b"=").decode("ascii")


def random_letters() -> str:
    """256 random bits as 43 letters and digits (base62), for places where nothing else may stand."""
    number = secrets.randbits(256)
    letters = []
    for _ in range(43):
        number, digit = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[digit])
    return "".join(letters)


def random_fraction() -> float:
    """A number in [0, 1), for jitter."""
    return secrets.randbits(53) / (1 << 53)
