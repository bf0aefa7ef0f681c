"""The store's part about WeChat's events, and about telling others."""

from typing import Final

from lingpai.model import (
    Attempted,
    ClaimedDelivery,
    ClaimedPushEvent,
    Deed,
    Done,
    Merge,
    NewNotice,
    NewPushEvent,
    PushEvent,
    PushPutting,
    PushSettings,
    SignedUp,
    Webhook,
    WebhookDelivery,
)
from lingpai.storage.sql import pushes, webhooks
from lingpai.storage.sql.insistence import insistently
from lingpai.storage.sql.port import Dialect, Statement


class SqlPushes:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect
        self._now: Final = dialect.now

    async def settings(self) -> list[PushSettings]:
        return await self._dialect.read(pushes.settings)

    async def put_settings(self, settings: PushSettings) -> None:
        await insistently(self._dialect, lambda to: pushes.put_settings(to, settings))

    async def remove_settings(self, appid: str) -> bool:
        return await self._dialect.write(lambda to: pushes.remove_settings(to, appid))

    async def put(self, event: NewPushEvent) -> PushPutting:
        return await insistently(self._dialect, lambda to: pushes.put(to, event, self._now(to)))

    async def claim(self, limit: int, lease: int) -> list[ClaimedPushEvent]:
        if not await self._dialect.read(lambda to: pushes.due(to, self._now(to))):
            return []
        return await self._dialect.write(lambda to: pushes.claim(to, limit, lease, self._now(to)))

    async def settle(self, deed: Deed) -> Done | None:
        done = await insistently(self._dialect, lambda to: pushes.settle(to, deed, self._now(to)))
        if done is not None and done.outcome in ("erased", "forgot"):
            await self._dialect.scrub()
        return done

    async def set_back(self, key: bytes, fence: int, retry_in: int) -> None:
        await self._dialect.write(lambda to: pushes.set_back(to, key, fence, retry_in, self._now(to)))

    async def page(
        self, limit: int, *, appid: str | None = None, before: tuple[int, bytes] | None = None
    ) -> list[PushEvent]:
        return await self._dialect.read(lambda to: pushes.page(to, limit, appid, before))

    async def sweep(self, before: int) -> int:
        return await _swept(self._dialect, lambda to: pushes.sweep(to, before), pushes.ROWS)


class SqlWebhooks:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect
        self._now: Final = dialect.now

    async def all(self) -> list[Webhook]:
        return await self._dialect.read(webhooks.every)

    async def add(self, webhook: Webhook) -> None:
        await self._dialect.write(lambda to: webhooks.add(to, webhook))

    async def put_sealed(self, webhook_id: str, sealed: bytes) -> bool:
        return await self._dialect.write(lambda to: webhooks.put_sealed(to, webhook_id, sealed))

    async def remove(self, webhook_id: str) -> bool:
        return await self._dialect.write(lambda to: webhooks.remove(to, webhook_id))

    async def tell(self, notices: list[NewNotice]) -> None:
        await insistently(self._dialect, lambda to: webhooks.tell(to, notices, self._now(to)))

    async def send_to(self, webhook_id: str, notice: NewNotice) -> bool:
        return await insistently(
            self._dialect, lambda to: webhooks.send_to(to, webhook_id, notice, self._now(to))
        )

    async def claim(self, limit: int, lease: int) -> list[ClaimedDelivery]:
        if not await self._dialect.read(lambda to: webhooks.due(to, self._now(to))):
            return []
        return await self._dialect.write(lambda to: webhooks.claim(to, limit, lease, self._now(to)))

    async def attempted(self, attempt: Attempted) -> bool:
        return await self._dialect.write(lambda to: webhooks.attempted(to, attempt, self._now(to)))

    async def deliveries(
        self, limit: int, *, webhook_id: str | None = None, state: str | None = None
    ) -> list[WebhookDelivery]:
        return await self._dialect.read(lambda to: webhooks.page(to, limit, webhook_id, state))

    async def again(self, webhook_id: str, notice_id: str) -> bool:
        return await self._dialect.write(lambda to: webhooks.again(to, webhook_id, notice_id, self._now(to)))

    async def waiting(self) -> tuple[int, int]:
        return await self._dialect.read(webhooks.waiting)

    async def cursor(self, name: str) -> int | None:
        return await self._dialect.read(lambda to: webhooks.cursor(to, name))

    async def advance(self, name: str, at: int, notices: list[NewNotice]) -> None:
        await insistently(self._dialect, lambda to: webhooks.advance(to, name, at, notices, self._now(to)))

    async def signed_up(self, after: str, limit: int) -> list[SignedUp]:
        return await self._dialect.read(lambda to: webhooks.signed_up(to, after, limit))

    async def merged(self, after: str, limit: int) -> list[Merge]:
        return await self._dialect.read(lambda to: webhooks.merged(to, after, limit))

    async def sweep(self, before: int) -> int:
        return await _swept(self._dialect, lambda to: webhooks.sweep(to, before), webhooks.ROWS)


async def _swept(dialect: Dialect, remove: Statement[int], most: int) -> int:
    removed = 0
    while True:
        rows = await dialect.write(remove)
        removed += rows
        if rows < most:
            return removed
