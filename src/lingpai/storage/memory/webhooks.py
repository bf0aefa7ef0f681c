"""Webhooks and what is on its way to them, in memory."""

from typing import Final

from msgspec.structs import replace

from lingpai.clock import Clock
from lingpai.model import (
    Attempted,
    ClaimedDelivery,
    Merge,
    NewNotice,
    SignedUp,
    Webhook,
    WebhookDelivery,
)
from lingpai.storage.memory.tables import OnItsWay, Tables
from lingpai.storage.port import TakenError


class MemoryWebhooks:
    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables: Final = tables
        self._clock: Final = clock

    async def all(self) -> list[Webhook]:
        return sorted(self._tables.webhooks.values(), key=lambda each: (each.created_at, each.id))

    async def add(self, webhook: Webhook) -> None:
        if webhook.id in self._tables.webhooks:
            raise TakenError("id")
        self._tables.webhooks[webhook.id] = webhook

    async def put_sealed(self, webhook_id: str, sealed: bytes) -> bool:
        found = self._tables.webhooks.get(webhook_id)
        if found is not None:
            self._tables.webhooks[webhook_id] = replace(found, sealed=sealed)
        return found is not None

    async def remove(self, webhook_id: str) -> bool:
        for key in [key for key in self._tables.deliveries if key[0] == webhook_id]:
            del self._tables.deliveries[key]
        return self._tables.webhooks.pop(webhook_id, None) is not None

    async def tell(self, notices: list[NewNotice]) -> None:
        for notice in notices:
            takers = [
                each
                for each in self._tables.webhooks.values()
                if {notice.event, "*"} & set(each.events) and each.created_at <= notice.at
            ]
            if takers and notice.id not in self._tables.notices:
                for each in takers:
                    self._send(each.id, notice)

    async def send_to(self, webhook_id: str, notice: NewNotice) -> bool:
        if webhook_id not in self._tables.webhooks:
            return False
        if notice.id not in self._tables.notices:
            self._send(webhook_id, notice)
        return True

    async def claim(self, limit: int, lease: int) -> list[ClaimedDelivery]:
        now = self._clock.now()
        waiting = [each for each in self._tables.deliveries.values() if each.delivery.state == "waiting"]
        first: dict[tuple[str, bytes], tuple[int, str]] = {}
        for each in waiting:
            queue = each.delivery.webhook_id, each.subject
            first[queue] = min(first.get(queue, _place(each)), _place(each))
        due = [
            each
            for each in waiting
            if each.delivery.next_at <= now and first[each.delivery.webhook_id, each.subject] == _place(each)
        ]
        claimed = []
        for each in sorted(due, key=lambda one: (one.delivery.next_at, one.delivery.created_at))[:limit]:
            before = each.delivery
            each.fence += 1
            each.delivery = replace(before, next_at=now + lease, attempts=before.attempts + 1)
            claimed.append(
                ClaimedDelivery(
                    delivery=before,
                    webhook=self._tables.webhooks[before.webhook_id],
                    sealed=self._tables.notices[before.notice_id].sealed,
                    fence=each.fence,
                )
            )
        return claimed

    async def attempted(self, attempt: Attempted) -> bool:
        found = self._tables.deliveries.get((attempt.webhook_id, attempt.notice_id))
        if found is None or found.fence != attempt.fence or found.delivery.state != "waiting":
            return False
        waits = attempt.state == "waiting"
        found.fence += 1
        found.delivery = replace(
            found.delivery,
            state=attempt.state,
            told=attempt.told,
            next_at=self._clock.now() + (attempt.retry_in if waits else 0),
            settled_at=None if waits else attempt.at,
        )
        return True

    async def deliveries(
        self, limit: int, *, webhook_id: str | None = None, state: str | None = None
    ) -> list[WebhookDelivery]:
        rows = sorted(self._tables.deliveries.values(), key=_place, reverse=True)
        return [
            each.delivery
            for each in rows
            if webhook_id in (None, each.delivery.webhook_id) and state in (None, each.delivery.state)
        ][:limit]

    async def again(self, webhook_id: str, notice_id: str) -> bool:
        found = self._tables.deliveries.get((webhook_id, notice_id))
        if found is None:
            return False
        found.fence += 1
        found.delivery = replace(
            found.delivery, state="waiting", attempts=0, next_at=self._clock.now(), settled_at=None
        )
        return True

    async def waiting(self) -> tuple[int, int]:
        states = [each.delivery.state for each in self._tables.deliveries.values()]
        return states.count("waiting"), states.count("dead")

    async def cursor(self, name: str) -> int | None:
        return self._tables.webhook_cursors.get(name)

    async def advance(self, name: str, at: int, notices: list[NewNotice]) -> None:
        cursors = self._tables.webhook_cursors
        cursors[name] = max(cursors.get(name, at), at)
        await self.tell(notices)

    async def signed_up(self, after: str, limit: int) -> list[SignedUp]:
        tables = self._tables
        return [
            SignedUp(
                user_id=user.id,
                created_at=user.created_at,
                appids=tuple(
                    sorted({each.appid for each in tables.identities.values() if each.user_id == user.id})
                ),
            )
            for user in sorted(tables.users.values(), key=lambda each: each.id)
            if user.id > after
        ][:limit]

    async def merged(self, after: str, limit: int) -> list[Merge]:
        merges = sorted((merge for merge, _ in self._tables.merges.values()), key=lambda each: each.id)
        return [merge for merge in merges if merge.id > after][:limit]

    async def sweep(self, before: int) -> int:
        old = {key for key, notice in self._tables.notices.items() if notice.at < before}
        for key in [key for key in self._tables.deliveries if key[1] in old]:
            del self._tables.deliveries[key]
        for name in old:
            del self._tables.notices[name]
        return len(old)

    def _send(self, webhook_id: str, notice: NewNotice) -> None:
        self._tables.notices[notice.id] = notice
        self._tables.deliveries[webhook_id, notice.id] = OnItsWay(
            WebhookDelivery(
                webhook_id=webhook_id,
                notice_id=notice.id,
                event=notice.event,
                state="waiting",
                attempts=0,
                next_at=self._clock.now(),
                told=None,
                created_at=notice.at,
                settled_at=None,
            ),
            notice.subject,
        )


def _place(one: OnItsWay) -> tuple[int, str]:
    return one.delivery.created_at, one.delivery.notice_id
