"""The rules of the vault, the same in every database: what may be published, dropped, wrapped."""

from collections.abc import Iterable, Sequence
from typing import Final

from lingpai.model import KeyWrap, SealingKey

FINGERPRINT: Final = "fingerprint"
"""The name of the key that fingerprints are made with."""


def sealing_now(keys: Iterable[SealingKey]) -> SealingKey | None:
    """The data key that seals: the one that became active last. None: there is no active one."""
    active = [key for key in keys if key.active_at is not None]
    return max(active, key=lambda key: (key.active_at or 0, key.id), default=None)


def next_after(keys: Iterable[SealingKey], at: int) -> int:
    """`at`, or just behind the last activation when the clock says it is not yet that late."""
    return max([at, *((key.active_at or 0) + 1 for key in keys)])


def may_publish(
    key: SealingKey, wraps: Sequence[KeyWrap], held: Sequence[SealingKey], there: Sequence[KeyWrap]
) -> bool:
    """Whether no key waits already, and every master key on record gets its wrap."""
    waiting = any(other.active_at is None for other in held)
    named = {(wrap.name, wrap.master) for wrap in wraps}
    return not waiting and named == {(key.id.hex(), wrap.master) for wrap in there}


def may_drop(key_id: bytes, held: Sequence[SealingKey]) -> bool:
    """Whether it is one of those that sealed formerly."""
    now = sealing_now(held)
    return any(
        key.id == key_id and key.active_at is not None and now is not None and now.id != key_id
        for key in held
    )


def covers(wraps: Iterable[KeyWrap], held: Iterable[SealingKey]) -> bool:
    """Whether there is a wrap for every data key and for the key of fingerprints."""
    return {key.id.hex() for key in held} | {FINGERPRINT} <= {wrap.name for wrap in wraps}
