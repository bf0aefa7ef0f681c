"""New ids: a prefix that names the kind, then 48 bits of time and 80 random bits in base32.

Ids sort by age, so that the older of two users can be told by id; they cannot be guessed.
"""

from typing import Final

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32, lower case
_PAIRS: Final = [a + b for a in _ALPHABET for b in _ALPHABET]

_SHIFTS: Final = range(120, -1, -10)


def first_id(prefix: str, now: int) -> str:
    """The smallest id of an instant: all ids made before then sort before it, all others do not."""
    return new_id(prefix, now, bytes(10))


def new_id(prefix: str, now: int, entropy: bytes) -> str:
    """`usr_01jd…`: prefix, underscore, 26 characters.

    `now` is in milliseconds, `entropy` has 10 bytes.
    """
    number = (now << 80) | int.from_bytes(entropy, "big")
    pairs = [_PAIRS[(number >> shift) & 1023] for shift in _SHIFTS]
    return f"{prefix}_{''.join(pairs)}"
