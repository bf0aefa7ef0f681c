"""Whom this server tells what happens: added, tried, rotated, removed; and how far their messages have come."""

from typing import Final

import msgspec

from lingpai.admin.audit import AuditLog
from lingpai.clock import Clock
from lingpai.ids import new_id
from lingpai.model import Actor, Webhook, WebhookDelivery
from lingpai.secret import Sealer, Secret, random_bytes
from lingpai.storage.port import Store
from lingpai.webhooks import (
    ALL,
    EVENTS,
    AddressRefusedError,
    Notices,
    Reachable,
    WebhookSecrets,
    new_secret,
    opened_secrets,
    sealed_secrets,
)


class WebhookInvalidError(ValueError):
    """What was given cannot be a webhook; the message says why."""


class ShownWebhook(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook as people may see it."""

    id: str
    url: str
    events: tuple[str, ...]
    created_at: int
    secrets: tuple[str, ...]
    """The last four characters of each live secret, the one in force first."""


class WebhooksAdmin:
    """The webhooks of the database."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock, reachable: Reachable) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._clock: Final = clock
        self._reachable: Final = reachable
        self._notices: Final = Notices(sealer)
        self._audit: Final = AuditLog(store, clock)

    async def all(self) -> list[ShownWebhook]:
        """Oldest first. Raises SealBrokenError."""
        return [self._shown(each) for each in await self._store.webhooks.all()]

    async def add(self, url: str, events: tuple[str, ...], *, by: Actor) -> tuple[ShownWebhook, Secret]:
        """Tell `url` of these events from now on. The secret is returned here and never again.

        Raises WebhookInvalidError for an address that no message would be sent to, and for an unknown event.
        """
        for event in events:
            if event not in EVENTS and event != ALL:
                raise WebhookInvalidError(f"{event} is no event; there are: {', '.join(EVENTS)}, or {ALL}")
        if not events:
            raise WebhookInvalidError("name one event or more")
        try:
            await self._reachable.target(url)
        except AddressRefusedError as refused:
            raise WebhookInvalidError(f"{url} cannot be a webhook: {refused}") from None
        now = self._clock.now()
        webhook_id = new_id("whk", now, random_bytes(10))
        secret = new_secret()
        webhook = Webhook(
            id=webhook_id,
            url=url,
            events=tuple(dict.fromkeys(events)),
            sealed=sealed_secrets(self._sealer, webhook_id, WebhookSecrets(secret)),
            created_at=now,
        )
        async with self._audit.doing(by, "webhook.added", webhook_id, url=url, events=" ".join(events)):
            await self._store.webhooks.add(webhook)
        return self._shown(webhook), Secret(secret)

    async def rotate(self, webhook_id: str, *, by: Actor) -> Secret | None:
        """Put a new secret in force; messages carry a signature of the former one, too. None: no such webhook."""
        webhook = await self._named(webhook_id)
        if webhook is None:
            return None
        secret = new_secret()
        live = WebhookSecrets(secret, opened_secrets(self._sealer, webhook).current)
        async with self._audit.doing(by, "webhook.secret_rotated", webhook_id):
            await self._store.webhooks.put_sealed(webhook_id, sealed_secrets(self._sealer, webhook_id, live))
        return Secret(secret)

    async def drop_previous(self, webhook_id: str, *, by: Actor) -> bool:
        """Sign with the newest secret alone. False: no such webhook."""
        webhook = await self._named(webhook_id)
        if webhook is None:
            return False
        live = WebhookSecrets(opened_secrets(self._sealer, webhook).current)
        async with self._audit.doing(by, "webhook.former_secret_dropped", webhook_id):
            return await self._store.webhooks.put_sealed(
                webhook_id, sealed_secrets(self._sealer, webhook_id, live)
            )

    async def test(self, webhook_id: str) -> str | None:
        """Send a test message; its id. None: no such webhook."""
        now = self._clock.now()
        cause = random_bytes(10).hex()
        notice = self._notices.make(
            "webhook.test", cause=cause, about=cause, at=now, data={"webhook": webhook_id}
        )
        return notice.id if await self._store.webhooks.send_to(webhook_id, notice) else None

    async def remove(self, webhook_id: str, *, by: Actor) -> bool:
        """Forget it, with what was on its way. False: no such webhook."""
        if await self._named(webhook_id) is None:
            return False
        async with self._audit.doing(by, "webhook.removed", webhook_id):
            return await self._store.webhooks.remove(webhook_id)

    async def deliveries(
        self, limit: int = 50, *, webhook_id: str | None = None, state: str | None = None
    ) -> list[WebhookDelivery]:
        """Newest first."""
        return await self._store.webhooks.deliveries(limit, webhook_id=webhook_id, state=state)

    async def redeliver(self, webhook_id: str, message_id: str, *, by: Actor) -> bool:
        """Try a delivery again now. False: there is none, or its content is gone."""
        async with self._audit.doing(by, "webhook.redelivered", webhook_id, message=message_id):
            return await self._store.webhooks.again(webhook_id, message_id)

    async def waiting(self) -> tuple[int, int]:
        """How many deliveries wait, and how many were given up."""
        return await self._store.webhooks.waiting()

    async def _named(self, webhook_id: str) -> Webhook | None:
        return next((each for each in await self._store.webhooks.all() if each.id == webhook_id), None)

    def _shown(self, webhook: Webhook) -> ShownWebhook:
        secrets = opened_secrets(self._sealer, webhook)
        live = [secret for secret in (secrets.current, secrets.previous) if secret is not None]
        return ShownWebhook(
            id=webhook.id,
            url=webhook.url,
            events=webhook.events,
            created_at=webhook.created_at,
            secrets=tuple(secret[-4:] for secret in live),
        )
