"""The promise about one person behind two users: joining them, old ids, telling them apart again."""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

import asyncio

from msgspec.structs import replace

from lingpai.model import LateUnionid, Merge, NewMerge, User
from lingpai.storage import Store
from lingpai.testing.storage_contract_samples import (
    APPID,
    LIFETIME,
    OTHER_APPID,
    PLATFORM,
    START,
    digest,
    login,
    phone,
    profile_change,
)

OLD, YOUNG, THIRD = (f"usr_{n:08}" for n in (1, 2, 3))
AT = START + 500
MONTH = 30 * 86_400_000


def merge(n: int = 1, user_id: str = OLD, other_id: str | None = YOUNG, **changes: object) -> NewMerge:
    sample = NewMerge(id=f"mrg_{n:08}", user_id=user_id, other_id=other_id, reason="unionid", at=AT + n)
    return replace(sample, **changes)


async def people(store: Store, *numbers: int) -> None:
    for n in numbers or (1, 2):
        await store.logins.commit(login(n))


async def ids(store: Store) -> list[str]:
    return [user.id for user in await store.users.page(99)]


class MergeContract:
    async def test_the_older_id_wins_whichever_is_named_first(self, store: Store) -> None:
        await people(store)
        joined = await store.merges.join(merge(1, YOUNG, OLD))
        assert joined == Merge(id="mrg_00000001", winner=OLD, loser=YOUNG, reason="unionid", at=AT + 1)
        assert await ids(store) == [OLD]
        assert await store.users.count() == 1

    async def test_every_look_up_by_the_old_id_finds_the_winner(self, store: Store) -> None:
        await people(store)
        await store.users.put_profile(YOUNG, profile_change(2))
        await store.merges.join(merge())
        winner = await store.users.get(OLD)
        assert isinstance(winner, User)
        for found in (await store.users.get(YOUNG), *await store.users.find(YOUNG, 9)):
            assert found == winner
        assert [one.openid for one in await store.users.identities(YOUNG)] == [
            "oSample000001",
            "oSample000002",
        ]
        assert [one.id for one in await store.sessions.of_user(YOUNG)] == ["ses_00000002", "ses_00000001"]
        assert {one.session_id for one in await store.logins.recent(9, user_id=OLD)} == {
            "ses_00000001",
            "ses_00000002",
        }
        assert await store.merges.resolved(YOUNG) == OLD
        profile = await store.users.profile(YOUNG)
        assert profile is not None
        assert profile.user.id == OLD
        written = await store.users.put_profile(YOUNG, profile_change(3))
        assert written is not None
        assert written.user.id == OLD

    async def test_sessions_go_over_and_can_be_ended_by_the_old_id(self, store: Store) -> None:
        await people(store)
        await store.merges.join(merge())
        signed_in = await store.sessions.get("ses_00000002")
        assert signed_in is not None
        assert signed_in.user.id == signed_in.session.user_id == OLD
        by_token = await store.sessions.by_refresh(digest("refresh 2"))
        assert by_token is not None
        assert by_token.user.id == OLD
        ended = await store.sessions.end_all(YOUNG, "signed_out_everywhere", AT + 9)
        assert ended == ["ses_00000001", "ses_00000002"]

    async def test_the_next_logins_are_the_winners(self, store: Store) -> None:
        await people(store)
        await store.merges.join(merge())
        for n, sample in ((11, login(1)), (12, login(2))):
            again = await store.logins.commit(login(n, openid=sample.openid, unionid=sample.unionid))
            assert again.user.id == OLD
            assert again.conflict is None
        elsewhere = await store.logins.commit(login(13, appid=OTHER_APPID, unionid=login(2).unionid))
        assert elsewhere.user.id == OLD

    async def test_a_late_unionid_is_noted_on_its_identity(self, store: Store) -> None:
        await store.logins.commit(login(1, unionid=None))
        await store.logins.commit(login(2, appid=OTHER_APPID, unionid="uShared"))
        late = await store.logins.commit(login(3, openid="oSample000001", unionid="uShared"))
        assert late.conflict == "unionid_of_another_user"
        joined = await store.merges.join(
            merge(
                other_id=None,
                late=LateUnionid(
                    appid=APPID, openid="oSample000001", open_platform=PLATFORM, unionid="uShared"
                ),
            )
        )
        assert isinstance(joined, Merge)
        assert {one.unionid for one in await store.users.identities(OLD)} == {"uShared"}
        quiet = await store.logins.commit(login(4, openid="oSample000001", unionid="uShared"))
        assert (quiet.user.id, quiet.conflict) == (OLD, None)

    async def test_a_chain_of_merges_still_resolves_in_one_step(self, store: Store) -> None:
        await people(store, 1, 2, 3)
        await store.merges.join(merge(1, THIRD, YOUNG))
        await store.merges.join(merge(2, THIRD, OLD))
        for name in (OLD, YOUNG, THIRD):
            assert await store.merges.resolved(name) == OLD
        assert await store.users.count() == 1
        assert len(await store.users.identities(THIRD)) == 3
        assert [one.id for one in await store.merges.of_user(OLD)] == ["mrg_00000002", "mrg_00000001"]

    async def test_joining_twice_changes_nothing(self, store: Store) -> None:
        await people(store)
        await store.merges.join(merge(1))
        assert await store.merges.join(merge(2)) == "same"
        assert len(await store.merges.of_user(OLD)) == 1

    async def test_of_many_who_join_the_same_two_one_does(self, store: Store) -> None:
        await people(store)
        outcomes = await asyncio.gather(*(store.merges.join(merge(n)) for n in range(1, 51)))
        assert sum(isinstance(outcome, Merge) for outcome in outcomes) == 1
        assert outcomes.count("same") == 49

    async def test_nobody_is_joined_with_somebody_who_is_not_there(self, store: Store) -> None:
        await people(store, 1)
        assert await store.merges.join(merge(1, OLD, "usr_nobody")) == "unknown"
        assert await store.merges.join(merge(1, OLD, None)) == "unknown"
        late = LateUnionid(appid=APPID, openid="oSample000001", open_platform=PLATFORM, unionid="uNobody")
        assert await store.merges.join(merge(1, OLD, None, late=late)) == "unknown"
        assert await store.merges.of_user(OLD) == []

    async def test_two_different_phone_numbers_keep_two_users_apart(self, store: Store) -> None:
        await people(store)
        await store.users.put_phone(replace(phone(1), user_id=OLD))
        await store.users.put_phone(replace(phone(2), user_id=YOUNG))
        for reason in ("unionid", "operator"):
            assert await store.merges.join(merge(reason=reason)) == "phones_conflict"
        assert await store.users.count() == 2

    async def test_the_same_phone_number_or_one_alone_does_not(self, store: Store) -> None:
        await people(store, 1, 2, 3)
        await store.users.put_phone(replace(phone(1), user_id=YOUNG))
        await store.users.put_phone(replace(phone(1), user_id=THIRD))
        assert isinstance(await store.merges.join(merge(1, YOUNG, THIRD)), Merge)
        assert isinstance(await store.merges.join(merge(2, OLD, YOUNG)), Merge)
        found = await store.users.phone(OLD)
        assert found is not None
        assert found.blind_index == phone(1).blind_index
        assert [user.id for user in await store.users.with_phone(phone(1).blind_index, 9)] == [OLD]

    async def test_what_the_winner_lacks_is_taken_over(self, store: Store) -> None:
        await people(store)
        change = profile_change(2)
        await store.users.put_profile(OLD, replace(change, nickname="older", avatar_url=None))
        await store.users.put_profile(YOUNG, change)
        await store.merges.join(merge())
        user = await store.users.get(OLD)
        assert user is not None
        assert (user.nickname, user.avatar_url) == ("older", change.avatar_url)


class SplitContract:
    async def test_a_merge_is_undone_as_if_it_had_not_been(self, store: Store) -> None:
        await people(store)
        await store.users.put_profile(YOUNG, profile_change(2))
        before = await store.users.get(OLD), await store.users.get(YOUNG)
        await store.merges.join(merge())
        undone = await store.merges.split(YOUNG, AT + 50, MONTH)
        assert isinstance(undone, Merge)
        assert undone.undone_at == AT + 50
        assert (await store.users.get(OLD), await store.users.get(YOUNG)) == before
        assert await store.users.count() == 2
        for n, user in ((1, OLD), (2, YOUNG)):
            assert [one.openid for one in await store.users.identities(user)] == [f"oSample{n:06}"]
            again = await store.logins.commit(
                login(20 + n, openid=f"oSample{n:06}", unionid=login(n).unionid)
            )
            assert again.user.id == user

    async def test_sessions_that_went_over_end(self, store: Store) -> None:
        await people(store)
        await store.merges.join(merge())
        await store.merges.split(YOUNG, AT + 50, MONTH)
        assert await store.sessions.ended_since(0) == [("ses_00000002", AT + 50)]
        assert [one.id for one in await store.sessions.of_user(YOUNG)] == ["ses_00000002"]

    async def test_what_came_later_stays_with_the_winner(self, store: Store) -> None:
        await people(store)
        await store.merges.join(merge())
        await store.logins.commit(login(3, openid="oNew", unionid=login(2).unionid))
        await store.merges.split(YOUNG, AT + 50, MONTH)
        assert {one.openid for one in await store.users.identities(OLD)} == {"oSample000001", "oNew"}

    async def test_after_a_month_it_is_too_late(self, store: Store) -> None:
        await people(store)
        await store.merges.join(merge())
        assert await store.merges.split(YOUNG, AT + 2 + MONTH, MONTH) == "too_late"
        assert await store.users.count() == 1

    async def test_who_is_nobodys_alias_is_not_split(self, store: Store) -> None:
        await people(store)
        assert await store.merges.split(YOUNG, AT, MONTH) == "unknown"
        await store.merges.join(merge())
        assert await store.merges.split(OLD, AT, MONTH) == "unknown"
        await store.merges.split(YOUNG, AT + 50, MONTH)
        assert await store.merges.split(YOUNG, AT + 60, MONTH) == "unknown"

    async def test_who_was_told_apart_is_joined_again_by_an_operator_only(self, store: Store) -> None:
        await people(store)
        await store.merges.join(merge(1))
        await store.merges.split(YOUNG, AT + 50, MONTH)
        assert await store.merges.join(merge(2)) == "were_split"
        assert isinstance(await store.merges.join(merge(3, reason="operator")), Merge)

    async def test_aliases_of_the_loser_follow_it_back(self, store: Store) -> None:
        await people(store, 1, 2, 3)
        await store.merges.join(merge(1, YOUNG, THIRD))
        await store.merges.join(merge(2, OLD, YOUNG))
        await store.merges.split(YOUNG, AT + 50, MONTH)
        assert await store.merges.resolved(THIRD) == YOUNG
        assert len(await store.users.identities(THIRD)) == 2

    async def test_a_split_of_two_long_joined_ends_no_session_that_is_over(self, store: Store) -> None:
        await people(store)
        await store.merges.join(merge())
        await store.merges.split(YOUNG, AT + LIFETIME, MONTH)
        assert await store.sessions.ended_since(0) == []
