"""The promise about telling others: once for each cause, in order about one subject, until it is taken or given up."""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from lingpai.model import (
    Attempted,
    ClaimedDelivery,
    DeliveryState,
    NewMerge,
    NewNotice,
    SignedUp,
    Webhook,
)
from lingpai.storage import Store, TakenError
from lingpai.testing.storage_contract_samples import APPID, START, digest, login

LEASE = 60_000


def webhook(n: int, **changes: Any) -> Webhook:
    """Webhook number `n`, there before every notice."""
    sample = Webhook(
        id=f"whk_{n:08}",
        url=f"https://hooks.example.com/{n}",
        events=("wechat.event", "authorization.revoked"),
        sealed=b"sealed secrets %d" % n,
        created_at=START - 100 + n,
    )
    return replace(sample, **changes)


def notice(n: int, **changes: Any) -> NewNotice:
    """Notice number `n`, about a subject of its own; it happens `n` ms after START."""
    sample = NewNotice(
        id=f"msg_{n:08}",
        event="wechat.event",
        subject=digest(f"subject {n}")[:16],
        sealed=b"sealed payload %d" % n,
        at=START + n,
    )
    return replace(sample, **changes)


def attempted(one: ClaimedDelivery, state: DeliveryState, retry_in: int = 0) -> Attempted:
    return Attempted(
        webhook_id=one.webhook.id,
        notice_id=one.delivery.notice_id,
        fence=one.fence,
        at=START + 900,
        state=state,
        told="503" if state == "waiting" else "200",
        retry_in=retry_in,
    )


class WebhookContract:
    async def test_webhooks_are_listed_oldest_first_changed_and_removed(self, store: Store) -> None:
        for n in (2, 1):
            await store.webhooks.add(webhook(n))
        with pytest.raises(TakenError):
            await store.webhooks.add(webhook(1))
        assert await store.webhooks.all() == [webhook(1), webhook(2)]
        assert await store.webhooks.put_sealed(webhook(1).id, b"new secrets")
        assert not await store.webhooks.put_sealed("whk_nobody", b"new secrets")
        await store.webhooks.tell([notice(1)])
        assert await store.webhooks.remove(webhook(2).id)
        assert not await store.webhooks.remove(webhook(2).id)
        assert await store.webhooks.all() == [replace(webhook(1), sealed=b"new secrets")]
        assert {each.webhook_id for each in await store.webhooks.deliveries(9)} == {webhook(1).id}

    async def test_a_notice_goes_to_those_who_want_it_and_were_there_before_it(self, store: Store) -> None:
        await store.webhooks.add(webhook(1))
        await store.webhooks.add(webhook(2, events=("*",)))
        await store.webhooks.add(webhook(3, events=("user.erased",)))
        await store.webhooks.add(webhook(4, created_at=START + 50))
        await store.webhooks.tell([notice(1)])
        found = {each.webhook_id for each in await store.webhooks.deliveries(9)}
        assert found == {webhook(1).id, webhook(2).id}

    async def test_the_same_cause_is_told_once_however_many_tell_it(self, store: Store) -> None:
        await store.webhooks.add(webhook(1))
        await asyncio.gather(*(store.webhooks.tell([notice(1), notice(2)]) for _ in range(8)))
        assert len(await store.webhooks.deliveries(99)) == 2

    async def test_a_delivery_is_claimed_by_one_with_what_it_carries(self, store: Store) -> None:
        await store.webhooks.add(webhook(1))
        await store.webhooks.tell([notice(1)])
        claims = await asyncio.gather(*(store.webhooks.claim(9, LEASE) for _ in range(8)))
        (one,) = [each for claim in claims for each in claim]
        assert (one.webhook, one.sealed, one.delivery.attempts) == (webhook(1), notice(1).sealed, 0)

    async def test_one_that_waits_is_tried_again_and_the_late_claim_counts_no_more(
        self, store: Store
    ) -> None:
        await store.webhooks.add(webhook(1))
        await store.webhooks.tell([notice(1)])
        (late,) = await store.webhooks.claim(9, 0)
        (present,) = await store.webhooks.claim(9, LEASE)
        assert not await store.webhooks.attempted(attempted(late, "delivered"))
        assert await store.webhooks.attempted(attempted(present, "waiting"))
        (row,) = await store.webhooks.deliveries(9)
        assert (row.state, row.told, row.attempts, row.settled_at) == ("waiting", "503", 2, None)
        (again,) = await store.webhooks.claim(9, LEASE)
        assert await store.webhooks.attempted(attempted(again, "delivered"))
        assert await store.webhooks.claim(9, LEASE) == []
        (row,) = await store.webhooks.deliveries(9, state="delivered")
        assert (row.told, row.settled_at) == ("200", START + 900)

    async def test_one_that_is_not_due_is_left_alone(self, store: Store) -> None:
        await store.webhooks.add(webhook(1))
        await store.webhooks.tell([notice(1)])
        (one,) = await store.webhooks.claim(9, LEASE)
        await store.webhooks.attempted(attempted(one, "waiting", retry_in=LEASE))
        assert await store.webhooks.claim(9, LEASE) == []

    async def test_notices_about_one_subject_wait_for_one_another_and_others_do_not(
        self, store: Store
    ) -> None:
        await store.webhooks.add(webhook(1))
        subject = notice(1).subject
        await store.webhooks.tell([notice(2, subject=subject), notice(1), notice(3)])
        first = await store.webhooks.claim(9, LEASE)
        assert {each.delivery.notice_id for each in first} == {notice(1).id, notice(3).id}
        for each in first:
            await store.webhooks.attempted(attempted(each, "dead"))
        (second,) = await store.webhooks.claim(9, LEASE)
        assert second.delivery.notice_id == notice(2).id

    async def test_what_was_given_up_or_taken_can_be_sent_again(self, store: Store) -> None:
        await store.webhooks.add(webhook(1))
        await store.webhooks.tell([notice(1)])
        (one,) = await store.webhooks.claim(9, LEASE)
        await store.webhooks.attempted(attempted(one, "dead"))
        assert await store.webhooks.waiting() == (0, 1)
        assert not await store.webhooks.again(webhook(1).id, "msg_nothing")
        assert await store.webhooks.again(webhook(1).id, notice(1).id)
        assert await store.webhooks.waiting() == (1, 0)
        (again,) = await store.webhooks.claim(9, LEASE)
        assert again.delivery.attempts == 0
        assert not await store.webhooks.attempted(attempted(one, "delivered"))

    async def test_a_notice_can_be_sent_to_one_webhook_alone(self, store: Store) -> None:
        for n in (1, 2):
            await store.webhooks.add(webhook(n))
        assert await store.webhooks.send_to(webhook(2).id, notice(1, event="test"))
        assert not await store.webhooks.send_to("whk_nobody", notice(2, event="test"))
        (only,) = await store.webhooks.deliveries(9)
        assert (only.webhook_id, only.event) == (webhook(2).id, "test")

    async def test_a_cursor_never_goes_back_and_brings_its_news(self, store: Store) -> None:
        await store.webhooks.add(webhook(1))
        assert await store.webhooks.cursor("news") is None
        for at in (START + 5, START + 9, START + 7):
            await store.webhooks.advance("news", at, [notice(1)])
        assert await store.webhooks.cursor("news") == START + 9
        assert len(await store.webhooks.deliveries(9)) == 1

    async def test_new_users_and_merges_are_found_in_the_order_of_their_ids(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.commit(login(n))
        assert [each.user_id for each in await store.webhooks.signed_up("usr_", 2)] == [
            "usr_00000001",
            "usr_00000002",
        ]
        (last,) = await store.webhooks.signed_up("usr_00000002", 9)
        assert last == SignedUp(user_id="usr_00000003", created_at=login(3).at, appids=(APPID,))
        new = NewMerge(
            id="mrg_1", user_id="usr_00000001", other_id="usr_00000002", reason="operator", at=START
        )
        merge = await store.merges.join(new)
        assert await store.webhooks.merged("mrg_", 9) == [merge]
        assert await store.webhooks.merged("mrg_1", 9) == []

    async def test_old_notices_are_swept_with_their_deliveries(self, store: Store) -> None:
        await store.webhooks.add(webhook(1))
        await store.webhooks.tell([notice(1), notice(2)])
        assert await store.webhooks.sweep(START + 2) == 1
        assert [each.notice_id for each in await store.webhooks.deliveries(9)] == [notice(2).id]
