"""The job that delivers: claims what is due, sends it, notes what came of it. Any node may run it."""

import asyncio
from typing import Final

from lingpai.clock import HOUR, MINUTE, SECOND, Clock
from lingpai.model import Attempted, ClaimedDelivery, DeliveryState, notice_identity
from lingpai.observe import Metrics, logger
from lingpai.secret import SealBrokenError, Sealer, random_fraction
from lingpai.storage.port import Store
from lingpai.webhooks.addresses import Reachable
from lingpai.webhooks.posting import Posted, post
from lingpai.webhooks.signing import opened_secrets, signed_headers

RETRIES: Final = (
    5 * SECOND,
    30 * SECOND,
    2 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    24 * HOUR,
    24 * HOUR,
)
"""Waits between attempts: twelve attempts over three days."""
_AT_ONCE: Final = 16
_LEASE: Final = 60 * SECOND
"""Longer than an attempt can take, with resolving, connecting and noting."""
_GONE: Final = 410
_JITTER: Final = 0.1
_LONGEST: Final = 200


class Delivering:
    """Delivers what is due."""

    def __init__(
        self, store: Store, sealer: Sealer, reachable: Reachable, clock: Clock, metrics: Metrics
    ) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._reachable: Final = reachable
        self._clock: Final = clock
        self._outcomes: Final = metrics.push.deliveries

    async def run(self) -> None:
        """Everything that is due now. Raises StorageUnavailableError."""
        while claimed := await self._store.webhooks.claim(_AT_ONCE, _LEASE):
            await asyncio.gather(*(self._attempt(each) for each in claimed))

    async def _attempt(self, claimed: ClaimedDelivery) -> None:
        posted = await self._post(claimed)
        attempt = self._attempted(claimed, posted)
        if not await self._store.webhooks.attempted(attempt):
            return
        self._outcomes.labels(attempt.state).inc()
        if attempt.state == "dead":
            logger().warning(
                "webhook_given_up",
                webhook=claimed.webhook.id,
                message=attempt.notice_id,
                event_type=claimed.delivery.event,
                told=attempt.told,
            )

    async def _post(self, claimed: ClaimedDelivery) -> Posted:
        message_id = claimed.delivery.notice_id
        try:
            body = self._sealer.open(claimed.sealed, notice_identity(message_id))
            secrets = opened_secrets(self._sealer, claimed.webhook)
        except SealBrokenError:
            return Posted("not sent: it does not open")
        headers = signed_headers(secrets, message_id, self._clock.now() // SECOND, body)
        return await post(claimed.webhook.url, headers, body, self._reachable)

    def _attempted(self, claimed: ClaimedDelivery, posted: Posted) -> Attempted:
        made = claimed.delivery.attempts
        state: DeliveryState
        if posted.taken:
            state, wait = "delivered", 0
        elif posted.status == _GONE or made >= len(RETRIES):
            state, wait = "dead", 0
        else:
            state = "waiting"
            wait = round(RETRIES[made] * (1 + _JITTER * (2 * random_fraction() - 1)))
        return Attempted(
            webhook_id=claimed.webhook.id,
            notice_id=claimed.delivery.notice_id,
            fence=claimed.fence,
            at=self._clock.now(),
            state=state,
            told=posted.told[:_LONGEST],
            retry_in=wait,
        )
