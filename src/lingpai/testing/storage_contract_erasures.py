"""The promise about pictures on record, and about forgetting a person whole."""
# ruff: noqa: S101 - a contract states its promises with assert, its figures where they are checked

import asyncio

import pytest
from msgspec.structs import replace

from lingpai.model import Adopted, CommittedLogin, Erased, NewMerge, NotRotated, user_digest
from lingpai.storage import Store, SweepLimits, Swept, TakenError
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
    rotation,
    session_key,
    ticket,
    user_token,
)

ONE = "usr_00000001"
_LATER = START + 1_000_000
_NOW = START + 60


class AvatarContract:
    async def test_a_picture_becomes_the_avatar_and_tells_what_it_replaced(self, store: Store) -> None:
        await store.logins.commit(login(1))
        for n, replaced in ((1, None), (2, avatar(1).url)):
            picture = avatar(n, user_id=ONE)
            assert await store.avatars.begin(picture)
            assert await store.avatars.adopt(picture) == Adopted(replaced=replaced)
        profile = await store.users.profile(ONE)
        assert profile is not None
        assert (profile.user.avatar_url, profile.source) == (avatar(2).url, "person")
        assert profile.updated_at == avatar(2).at

    async def test_a_picture_of_nobody_is_not_put_on_record(self, store: Store) -> None:
        assert not await store.avatars.begin(avatar(1))
        assert await store.avatars.adopt(avatar(1)) is None
        assert await store.avatars.orphans(_LATER, 9) == []

    async def test_two_pictures_have_two_addresses(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.avatars.begin(avatar(1))
        with pytest.raises(TakenError):
            await store.avatars.begin(avatar(1))

    async def test_what_nobody_uses_is_an_orphan_oldest_first(self, store: Store) -> None:
        for n in (1, 2, 3, 4):
            await store.logins.commit(login(n))
            await store.avatars.begin(avatar(n))
        await store.avatars.adopt(avatar(2))
        assert await store.avatars.orphans(_LATER, 9) == [avatar(n).url for n in (1, 3, 4)]
        assert await store.avatars.orphans(_LATER, 2) == [avatar(n).url for n in (1, 3)]
        assert await store.avatars.orphans(avatar(3).at, 9) == [avatar(1).url]

    async def test_an_avatar_that_wechats_picture_replaced_is_an_orphan(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.avatars.begin(avatar(1))
        await store.avatars.adopt(avatar(1))
        assert await store.avatars.orphans(_LATER, 9) == []
        await store.users.put_profile(ONE, profile_change(1))
        assert await store.avatars.orphans(_LATER, 9) == [avatar(1).url]

    async def test_a_forgotten_picture_is_no_orphan_any_more(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.avatars.begin(avatar(1))
        for _ in range(2):
            await store.avatars.forget(avatar(1).url)
            assert await store.avatars.orphans(_LATER, 9) == []

    async def test_of_many_pictures_at_once_one_stands_and_all_others_are_told(self, store: Store) -> None:
        await store.logins.commit(login(1))
        pictures = [avatar(n, user_id=ONE) for n in range(2, 12)]
        for picture in pictures:
            await store.avatars.begin(picture)
        answers = await asyncio.gather(*(store.avatars.adopt(picture) for picture in pictures))
        user = await store.users.get(ONE)
        assert user is not None
        replaced = {answer.replaced for answer in answers if answer is not None}
        assert replaced | {user.avatar_url} == {None, *(picture.url for picture in pictures)}


class ErasureContract:
    async def _whole_person(self, store: Store, n: int) -> CommittedLogin:
        """Person number `n` with a row in every table."""
        committed = await store.logins.commit(login(n))
        await store.users.put_profile(committed.user.id, profile_change(n))
        await store.users.put_phone(phone(n))
        await store.avatars.begin(avatar(n))
        await store.avatars.adopt(avatar(n))
        return committed

    async def test_nothing_is_left_of_somebody_who_was_erased(self, store: Store) -> None:
        person = await self._whole_person(store, 1)
        await store.sessions.rotate(rotation(1, digest("refresh 1")))
        erased = await store.erasures.commit(erasure(1), ONE, _NOW)
        assert erased == Erased(erasure=erasure(1), sessions=(person.session.id,), avatar_url=avatar(1).url)
        assert await store.users.get(ONE) is None
        assert await store.users.profile(ONE) is None
        assert await store.users.phone(ONE) is None
        assert await store.users.with_phone(phone(1).blind_index, 9) == []
        assert await store.users.identities(ONE) == []
        assert await store.users.find("oSample000001", 9) == []
        assert await store.users.find("uSample000001", 9) == []
        assert await store.sessions.get(person.session.id) is None
        assert await store.sessions.of_user(ONE) == []
        assert await store.sessions.session_keys(APPID, "oSample000001") == []
        for token in (digest("refresh 1"), digest("successor 1")):
            assert await store.sessions.rotate(rotation(2, token)) == NotRotated(why="unknown")
        assert await store.logins.attempt(APPID, digest("code 1")) is None

    async def test_somebody_with_two_ids_is_forgotten_under_both(self, store: Store) -> None:
        for n in (1, 2):
            await self._whole_person(store, n)
            await store.browser_logins.put_ticket(replace(ticket(n), appid=APPID))
            await store.browser_logins.put_user_token(replace(user_token(n), appid=APPID))
        await store.users.put_phone(phone(2, blind_index=phone(1).blind_index))
        two = "usr_00000002"
        await store.merges.join(
            NewMerge(id="mrg_1", user_id=ONE, other_id=two, reason="operator", at=START + 9)
        )
        erased = await store.erasures.commit(erasure(1), two, _NOW)
        assert erased is not None
        assert sorted(erased.sessions) == ["ses_00000001", "ses_00000002"]
        for user in (ONE, two):
            assert await store.users.get(user) is None
            assert await store.users.phone(user) is None
            assert await store.merges.of_user(user) == []
        for n in (1, 2):
            assert await store.browser_logins.ticket(ticket(n).digest) is None
            assert await store.browser_logins.user_token(APPID, f"oSample{n:06}") is None
        lines = {line.user_digest: line.id for line in await store.erasures.page(9)}
        assert lines == {erasure(1).user_digest: erasure(1).id, user_digest(ONE): f"{erasure(1).id}.1"}

    async def test_the_history_keeps_its_lines_without_the_person(self, store: Store) -> None:
        await self._whole_person(store, 1)
        await self._whole_person(store, 2)
        before = {event.id: event for event in await store.logins.recent(9)}
        await store.erasures.commit(erasure(1), ONE, _NOW)
        assert await store.logins.recent(9, user_id=ONE) == []
        after = {event.id: event for event in await store.logins.recent(9)}
        assert after["evt_00000001"] == replace(before["evt_00000001"], user_id=None, session_id=None)
        assert after["evt_00000002"] == before["evt_00000002"]

    async def test_nobody_else_is_touched(self, store: Store) -> None:
        await self._whole_person(store, 1)
        other = await self._whole_person(store, 2)
        two = other.user.id
        before = (await store.users.profile(two), await store.users.phone(two))
        await store.erasures.commit(erasure(1), ONE, _NOW)
        assert (await store.users.profile(two), await store.users.phone(two)) == before
        assert len(await store.users.identities(two)) == 1
        assert await store.sessions.get(other.session.id) is not None
        assert await store.sessions.by_refresh(digest("refresh 2")) is not None
        assert len(await store.sessions.session_keys(APPID, "oSample000002")) == 1
        assert await store.logins.attempt(APPID, digest("code 2")) is not None
        assert await store.avatars.orphans(_LATER, 9) == [avatar(1).url]

    async def test_all_apps_and_the_union_go_together(self, store: Store) -> None:
        await store.logins.commit(login(1, unionid="uShared"))
        await store.logins.commit(login(2, unionid="uShared", appid=OTHER_APPID))
        await store.sessions.push_session_key(OTHER_APPID, "oSample000002", session_key(9), START)
        erased = await store.erasures.commit(erasure(1), ONE, _NOW)
        assert erased is not None
        assert erased.sessions == ("ses_00000001", "ses_00000002")
        assert await store.sessions.session_keys(OTHER_APPID, "oSample000002") == []
        again = await store.logins.commit(
            login(3, unionid="uShared", appid=OTHER_APPID, openid="oSample000002")
        )
        assert again.is_new
        assert again.user.id == "usr_00000003"

    async def test_whoever_comes_back_is_somebody_new(self, store: Store) -> None:
        await self._whole_person(store, 1)
        await store.erasures.commit(erasure(1), ONE, _NOW)
        again = await store.logins.commit(login(4, openid="oSample000001", unionid="uSample000001"))
        assert again.is_new
        assert again.user.nickname is None
        assert await store.users.phone(again.user.id) is None

    async def test_the_ends_of_the_sessions_can_still_be_followed(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.logins.commit(login(2, openid="oSample000001", unionid="uSample000001"))
        await store.logins.commit(login(3))
        await store.sessions.end("ses_00000003", "signed_out", START + 50)
        await store.erasures.commit(erasure(1), ONE, _NOW)
        assert await store.sessions.ended_since(START) == [
            ("ses_00000003", START + 50),
            ("ses_00000001", START + 60),
            ("ses_00000002", START + 60),
        ]
        assert await store.sessions.ended_since(START + 61) == []

    async def test_the_ends_are_swept_when_their_tokens_have_expired(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.erasures.commit(erasure(1), ONE, _NOW)
        limits = SweepLimits(attempts=0, events=0, session_keys=0, sessions=0, erased_sessions=START + 60)
        nothing = Swept(attempts=0, events=0, session_keys=0, sessions=0)
        assert await store.sweep(limits) == nothing
        swept = await store.sweep(replace(limits, erased_sessions=START + 61))
        assert swept == replace(nothing, erased_sessions=1)
        assert await store.sessions.ended_since(START) == []

    async def test_erasing_nobody_writes_nothing(self, store: Store) -> None:
        assert await store.erasures.commit(erasure(1), "usr_nobody", _NOW) is None
        assert await store.erasures.page(9) == []

    async def test_erasures_are_listed_newest_first_in_pages(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.commit(login(n))
            await store.erasures.commit(erasure(n), f"usr_{n:08}", _NOW)
        first = await store.erasures.page(2)
        assert first == [erasure(3), erasure(2)]
        assert await store.erasures.page(2, before=first[-1].id) == [erasure(1)]

    async def test_an_erasure_on_record_is_the_one_that_is_answered(self, store: Store) -> None:
        """A backup brought the person back, and the ledger was newer than the backup."""
        await store.logins.commit(login(1))
        await store.erasures.commit(erasure(1), ONE, _NOW)
        await store.logins.commit(login(5, new_user_id=ONE))
        erased = await store.erasures.commit(erasure(2, user_digest=erasure(1).user_digest), ONE, _NOW)
        assert erased is not None
        assert erased.erasure == erasure(1)
        assert await store.users.get(ONE) is None
        assert await store.erasures.page(9) == [erasure(1)]

    async def test_an_id_that_is_taken_erases_nobody(self, store: Store) -> None:
        for n in (1, 2):
            await self._whole_person(store, n)
        await store.erasures.commit(erasure(1), ONE, _NOW)
        with pytest.raises(TakenError):
            await store.erasures.commit(erasure(2, id=erasure(1).id), "usr_00000002", _NOW)
        assert await store.users.phone("usr_00000002") == phone(2)

    async def test_of_many_erasures_at_once_one_happens(self, store: Store) -> None:
        await self._whole_person(store, 1)
        answers = await asyncio.gather(*(store.erasures.commit(erasure(n), ONE, _NOW) for n in range(8)))
        assert sum(answer is not None for answer in answers) == 1
        assert len(await store.erasures.page(9)) == 1

    async def test_a_picture_is_not_adopted_by_somebody_who_is_gone(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.avatars.begin(avatar(1))
        await store.erasures.commit(erasure(1), ONE, _NOW)
        assert await store.avatars.adopt(avatar(1)) is None
        assert await store.avatars.orphans(_LATER, 9) == [avatar(1).url]
