"""One limit over many subjects: a token bucket for each, kept as the instant at which it is full again (GCRA).

A number for each subject says all there is: what is owed, when it is paid, whether one more fits. Numbers add up across
nodes, so that what another node let through is one more addition (`sharing`).
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

_MOST: Final = 100_000
"""Subjects that are remembered; beyond that the oldest is forgotten and begins anew."""
_KEPT: Final = 60.0
"""Seconds after which a subject that owes nothing is forgotten."""
_PART: Final = 20
"""A node may keep to itself one use in so many of the burst: few people ever cost a write, and nodes err by little."""
_FEW: Final = 3
"""Or fewer than so many: nobody signs in three times in a minute by intent."""
_MUCH: Final = 4
"""One in so many of the burst is much."""
_MINUTE: Final = 60.0
_NOTHING: Final = 1e-5
"""Seconds by which numbers miss that were added and subtracted."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """So many a minute, of which `burst` may come at once."""

    name: str
    per_minute: int
    """0: no limit."""
    burst: int


class Bucket:
    """What one subject owes, and how much of it other nodes do not know of."""

    __slots__ = ("paid_at", "unshared")

    def __init__(self, now: float) -> None:
        self.paid_at = now
        self.unshared = 0


class Limit:
    """A policy at work. Times are seconds on the monotonic clock."""

    def __init__(self, policy: Policy, monotonic: Callable[[], float]) -> None:
        self.policy: Final = policy
        self.interval: Final = _MINUTE / policy.per_minute if policy.per_minute else 0.0
        """Seconds in which one use is paid back."""
        self._monotonic: Final = monotonic
        self._burst: Final = policy.burst * self.interval
        self._share_at: Final = max(1, policy.burst // _PART, min(_FEW, policy.burst // _MUCH))
        self._press_at: Final = max(1, policy.burst // _MUCH)
        self._buckets: Final[OrderedDict[str, Bucket]] = OrderedDict()
        self.to_share: Final[dict[str, Bucket]] = {}
        """Subjects of whose use the other nodes should hear."""
        self.pressing = False
        """Whether somebody has used so much that they should hear of it now."""

    def take(self, subject: str) -> float:
        """Use one: 0. Or the seconds until one is there to be used; then nothing was taken."""
        if not self.interval:
            return 0.0
        now = self._monotonic()
        bucket = self._buckets.get(subject)
        if bucket is None:
            bucket = self._new(subject, now)
        paid_at = max(bucket.paid_at, now) + self.interval
        wait = paid_at - now - self._burst
        if wait > _NOTHING:
            return wait
        self._use(subject, bucket, paid_at)
        return 0.0

    def wait(self, subject: str) -> float:
        """The seconds until one is there to be used; 0: now. Takes nothing."""
        bucket = self._buckets.get(subject)
        if bucket is None or not self.interval:
            return 0.0
        return max(0.0, bucket.paid_at + self.interval - self._monotonic() - self._burst)

    def count(self, subject: str) -> None:
        """Use one, whether there is one or not."""
        if not self.interval:
            return
        now = self._monotonic()
        bucket = self._buckets.get(subject) or self._new(subject, now)
        self._use(subject, bucket, max(bucket.paid_at, now) + self.interval)

    def owes(self, bucket: Bucket, microseconds: int) -> None:
        """All nodes together say what is owed, without what was used here since they were told.

        What is known here is never forgotten for it: a relay may have lost its memory. Nor does anybody owe more than
        so many nodes can have let through at once: a relay may lie.
        """
        owed = min(microseconds / 1_000_000, 10 * self._burst)
        told = self._monotonic() + owed + bucket.unshared * self.interval
        bucket.paid_at = max(bucket.paid_at, told)

    def forget(self) -> None:
        """Forget who owes nothing and has not been here for a minute."""
        before = self._monotonic() - _KEPT
        for subject in [name for name, bucket in self._buckets.items() if bucket.paid_at < before]:
            del self._buckets[subject]
            self.to_share.pop(subject, None)

    def __len__(self) -> int:
        return len(self._buckets)

    def __iter__(self) -> Iterator[str]:
        return iter(self._buckets)

    def _new(self, subject: str, now: float) -> Bucket:
        if len(self._buckets) >= _MOST:
            oldest, _ = self._buckets.popitem(last=False)
            self.to_share.pop(oldest, None)
        bucket = self._buckets[subject] = Bucket(now)
        return bucket

    def _use(self, subject: str, bucket: Bucket, paid_at: float) -> None:
        bucket.paid_at = paid_at
        bucket.unshared += 1
        if bucket.unshared >= self._share_at:
            self.to_share[subject] = bucket
            if bucket.unshared >= self._press_at:
                self.pressing = True
