"""The jobs that act on WeChat's events and tell others; each runs on every node, and they share the work."""

from typing import Final

from lingpai.clock import DAY, Clock
from lingpai.jobs.timers import Job
from lingpai.push import Acting, PushKeys
from lingpai.storage.port import Store
from lingpai.webhooks import Announcing, Delivering

_ACT_EVERY: Final = 1.0
_DELIVER_EVERY: Final = 1.0
_ANNOUNCE_EVERY: Final = 3.0
_KEYS_EVERY: Final = 2.0
_SWEEP_EVERY: Final = 600.0
_NOTICES_KEPT: Final = 14 * DAY
"""Longer than the last attempt is away, so that a person can look into it and send it again."""


def telling_jobs(
    *,
    store: Store,
    keys: PushKeys,
    acting: Acting,
    announcing: Announcing,
    delivering: Delivering,
    clock: Clock,
    keep_days: int,
) -> list[Job]:
    """What a serving process does for them. `keep_days`: how long the proof of an event stays."""

    async def sweep() -> None:
        now = clock.now()
        await store.pushes.sweep(now - keep_days * DAY)
        await store.webhooks.sweep(now - _NOTICES_KEPT)

    return [
        Job("follow_push_keys", _KEYS_EVERY, keys.follow),
        Job("act_on_events", _ACT_EVERY, acting.run),
        Job("announce", _ANNOUNCE_EVERY, announcing.run),
        Job("deliver_webhooks", _DELIVER_EVERY, delivering.run),
        Job("sweep_events", _SWEEP_EVERY, sweep),
    ]
