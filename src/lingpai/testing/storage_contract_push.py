"""The promise about events that WeChat pushed: on record once, acted on once, and nothing of them stays but the proof."""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

import asyncio
from typing import Any

from msgspec.structs import replace

from lingpai.model import (
    Deed,
    Done,
    NewPushEvent,
    ProfileDetails,
    PushSettings,
    Webhook,
    user_digest,
)
from lingpai.storage import Store
from lingpai.testing.storage_contract_samples import (
    APPID,
    OTHER_APPID,
    START,
    avatar,
    digest,
    erasure,
    login,
    phone,
    profile_change,
)
from lingpai.testing.storage_contract_webhooks import notice, webhook

ONE = "usr_00000001"
OPENID = "oSample000001"
LEASE = 60_000


def event(n: int, **changes: Any) -> NewPushEvent:
    """Event number `n`; it arrives `n` ms after START."""
    sample = NewPushEvent(
        key=digest(f"key {n}"),
        nonce=digest(f"nonce {n}"),
        appid=APPID,
        name="user_authorization_revoke",
        sealed=b"sealed event %d" % n,
        digest=digest(f"event {n}"),
        at=START + n,
    )
    return replace(sample, **changes)


async def claimed(store: Store, **deed: Any) -> Deed:
    """The only event that waits, claimed, and a deed for it."""
    (one,) = await store.pushes.claim(9, LEASE)
    return Deed(**{"key": one.event.key, "fence": one.fence, "at": START + 500, "outcome": "forgot", **deed})


class PushContract:
    async def test_settings_are_replaced_and_removed(self, store: Store) -> None:
        one = PushSettings(appid=APPID, sealed=b"1", changed_at=START)
        other = PushSettings(appid=OTHER_APPID, sealed=b"2", changed_at=START + 1)
        for settings in (other, one, replace(one, sealed=b"3", changed_at=START + 2)):
            await store.pushes.put_settings(settings)
        kept = replace(one, sealed=b"3", changed_at=START + 2)
        assert await store.pushes.settings() == sorted((kept, other), key=lambda each: each.appid)
        assert await store.pushes.remove_settings(APPID)
        assert not await store.pushes.remove_settings(APPID)
        assert await store.pushes.settings() == [other]

    async def test_an_event_is_put_on_record_once_and_a_nonce_serves_one_event(self, store: Store) -> None:
        assert await store.pushes.put(event(1)) == "new"
        assert await store.pushes.put(event(1)) == "known"
        assert await store.pushes.put(event(1, nonce=digest("nonce 9"))) == "known"
        assert await store.pushes.put(event(2, nonce=event(1).nonce)) == "nonce_spent"
        assert [each.key for each in await store.pushes.page(9)] == [event(1).key]

    async def test_of_many_that_bring_one_event_one_is_the_first(self, store: Store) -> None:
        answers = await asyncio.gather(*(store.pushes.put(event(1)) for _ in range(16)))
        assert sorted(answers) == ["known"] * 15 + ["new"]

    async def test_an_event_is_claimed_by_one_and_again_when_it_was_set_back(self, store: Store) -> None:
        await store.pushes.put(event(1))
        claims = await asyncio.gather(*(store.pushes.claim(9, LEASE) for _ in range(8)))
        (one,) = [each for claim in claims for each in claim]
        assert (one.event.key, one.sealed, one.event.attempts) == (event(1).key, event(1).sealed, 0)
        await store.pushes.set_back(one.event.key, one.fence + 1, 0)
        assert await store.pushes.claim(9, LEASE) == []
        await store.pushes.set_back(one.event.key, one.fence, 0)
        (again,) = await store.pushes.claim(9, LEASE)
        assert (again.fence, again.event.attempts) == (one.fence + 1, 1)

    async def test_a_claim_that_ran_out_is_anothers_and_the_first_one_settles_nothing(
        self, store: Store
    ) -> None:
        await store.logins.commit(login(1))
        await store.users.put_phone(phone(1))
        await store.pushes.put(event(1))
        (late,) = await store.pushes.claim(9, 0)
        (present,) = await store.pushes.claim(9, LEASE)
        deed = Deed(
            key=late.event.key,
            fence=late.fence,
            at=START,
            outcome="forgot",
            openid=OPENID,
            forget=("phone",),
        )
        assert await store.pushes.settle(deed) is None
        assert await store.users.phone(ONE) is not None
        assert await store.pushes.settle(replace(deed, fence=present.fence)) is not None
        assert await store.users.phone(ONE) is None

    async def test_fields_are_forgotten_with_the_picture_on_record(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.users.put_profile(ONE, profile_change(1))
        await store.users.put_phone(phone(1))
        picture = avatar(1, user_id=ONE)
        await store.avatars.begin(picture)
        await store.avatars.adopt(picture)
        await store.pushes.put(event(1))
        deed = await claimed(store, openid=OPENID, forget=("nickname", "avatar", "phone", "details"))
        done = await store.pushes.settle(deed)
        assert done == Done(outcome="forgot", user_id=ONE, avatar_url=picture.url)
        profile = await store.users.profile(ONE)
        assert profile is not None
        assert (profile.user.nickname, profile.user.avatar_url) == (None, None)
        assert (profile.details, profile.updated_at) == (ProfileDetails(), 0)
        assert await store.users.phone(ONE) is None
        assert await store.avatars.orphans(START + 10_000, 9) == [picture.url]
        assert await store.users.identities(ONE) != []

    async def test_only_what_was_withdrawn_goes(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.users.put_profile(ONE, profile_change(1))
        await store.users.put_phone(phone(1))
        before = await store.users.profile(ONE)
        await store.pushes.put(event(1))
        await store.pushes.settle(await claimed(store, openid=OPENID, forget=("phone",)))
        assert await store.users.profile(ONE) == before
        assert await store.users.phone(ONE) is None

    async def test_an_outdated_profile_keeps_its_values_and_loses_its_age(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.users.put_profile(ONE, profile_change(1))
        before = await store.users.profile(ONE)
        assert before is not None
        await store.pushes.put(event(1))
        await store.pushes.settle(await claimed(store, openid=OPENID, outcome="outdated"))
        assert await store.users.profile(ONE) == replace(before, updated_at=0)

    async def test_a_person_is_erased_and_the_digest_stays_as_proof(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.pushes.put(event(1))
        gone = erasure(1, user_digest=user_digest(ONE))
        done = await store.pushes.settle(await claimed(store, openid=OPENID, erasure=gone, outcome="erased"))
        assert done is not None
        assert (done.outcome, done.user_id, done.sessions) == ("erased", ONE, (login(1).session_id,))
        assert await store.users.get(ONE) is None
        assert await store.erasures.page(9) == [gone]
        (proof,) = await store.pushes.page(9)
        assert (proof.digest, proof.user_digest) == (event(1).digest, user_digest(ONE))
        assert (proof.outcome, proof.settled_at) == ("erased", START + 500)

    async def test_a_stranger_is_recorded_and_nobody_is_told(self, store: Store) -> None:
        await store.webhooks.add(webhook(1))
        await store.logins.commit(login(1))
        await store.pushes.put(event(1, appid=OTHER_APPID))
        deed = await claimed(store, openid=OPENID, forget=("phone",), notices=(notice(1),))
        assert await store.pushes.settle(deed) == Done(outcome="nobody", user_id=None)
        (proof,) = await store.pushes.page(9)
        assert (proof.outcome, proof.user_digest, proof.forgotten) == ("nobody", None, ())
        assert await store.webhooks.deliveries(9) == []

    async def test_an_event_about_nobody_is_passed_on(self, store: Store) -> None:
        await store.webhooks.add(webhook(1))
        await store.pushes.put(event(1))
        deed = await claimed(store, outcome="passed_on", notices=(notice(1),))
        assert await store.pushes.settle(deed) == Done(outcome="passed_on", user_id=None)
        assert [each.notice_id for each in await store.webhooks.deliveries(9)] == [notice(1).id]

    async def test_of_many_that_settle_one_event_one_does(self, store: Store) -> None:
        await store.webhooks.add(webhook(1))
        await store.logins.commit(login(1))
        await store.pushes.put(event(1))
        deed = await claimed(store, openid=OPENID, forget=("nickname",), notices=(notice(1),))
        answers = await asyncio.gather(*(store.pushes.settle(deed) for _ in range(8)))
        assert [answer for answer in answers if answer is not None] == [Done(outcome="forgot", user_id=ONE)]
        assert len(await store.webhooks.deliveries(9)) == 1
        assert await store.pushes.claim(9, LEASE) == []

    async def test_events_are_listed_newest_first_and_swept_when_closed(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.pushes.put(event(n, appid=OTHER_APPID if n == 2 else APPID))
        rows = await store.pushes.page(2)
        assert [row.key for row in rows] == [event(3).key, event(2).key]
        assert [row.key for row in await store.pushes.page(9, before=(rows[1].received_at, rows[1].key))] == [
            event(1).key
        ]
        assert [row.key for row in await store.pushes.page(9, appid=OTHER_APPID)] == [event(2).key]
        for one in await store.pushes.claim(2, LEASE):
            await store.pushes.settle(
                Deed(key=one.event.key, fence=one.fence, at=START + 9, outcome="passed_on")
            )
        assert await store.pushes.sweep(START + 9) == 0
        assert await store.pushes.sweep(START + 10) == 2
        assert len(await store.pushes.page(9)) == 1

    async def test_an_erasure_and_its_notice_are_one(self, store: Store) -> None:
        await store.webhooks.add(Webhook(**{**_fields(webhook(1)), "events": ("user.erased",)}))
        await store.logins.commit(login(1))
        told = notice(1, event="user.erased")
        assert await store.erasures.commit(erasure(1), "usr_nobody", START, (told,)) is None
        assert await store.webhooks.deliveries(9) == []
        await store.erasures.commit(erasure(1), ONE, START, (told,))
        assert [each.event for each in await store.webhooks.deliveries(9)] == ["user.erased"]


def _fields(one: Webhook) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__}
