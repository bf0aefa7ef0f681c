"""Secrets in memory and at rest: a text that never prints itself, random bytes, sealing."""

from lingpai.secret.envelope import MAGIC, EnvelopeReader, EnvelopeWriter, OtherKeyError
from lingpai.secret.hidden import Secret
from lingpai.secret.randomness import random_bytes, random_fraction, random_letters, random_token
from lingpai.secret.sealing import (
    SealBrokenError,
    Sealer,
    UnknownKeyError,
    fingerprint_key,
    key_id_of,
    open_under,
    seal_under,
)

__all__ = [
    "MAGIC",
    "EnvelopeReader",
    "EnvelopeWriter",
    "OtherKeyError",
    "SealBrokenError",
    "Sealer",
    "Secret",
    "UnknownKeyError",
    "fingerprint_key",
    "key_id_of",
    "open_under",
    "random_bytes",
    "random_fraction",
    "random_letters",
    "random_token",
    "seal_under",
]
