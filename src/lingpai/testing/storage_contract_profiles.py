"""The promise about profiles, phone numbers, budgets, and the ring of session_keys beside logins."""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

import asyncio

from msgspec import UNSET

from lingpai.model import Profile, ProfileDetails, User
from lingpai.storage import Store, Swept
from lingpai.storage.port import SweepLimits
from lingpai.testing.storage_contract_samples import (
    APPID,
    START,
    details,
    digest,
    draw,
    login,
    phone,
    profile_change,
    session_key,
)

ONE = "usr_00000001"


class ProfileContract:
    async def test_a_user_nobody_told_anything_of_has_an_empty_profile(self, store: Store) -> None:
        await store.logins.commit(login(1))
        assert await store.users.profile(ONE) == Profile(user=User(id=ONE, created_at=START + 1))
        assert await store.users.profile("usr_nobody") is None

    async def test_a_profile_reads_back_equal_and_stands_with_the_user(self, store: Store) -> None:
        await store.logins.commit(login(1))
        change = profile_change(1)
        written = await store.users.put_profile(ONE, change)
        user = User(id=ONE, created_at=START + 1, nickname="小明 1", avatar_url="https://example.com/1.jpg")
        assert written == Profile(user=user, details=details(1), source="wechat", updated_at=START + 1)
        assert await store.users.profile(ONE) == written
        assert await store.users.get(ONE) == user
        again = await store.logins.commit(login(2, openid="oSample000001", unionid="uSample000001"))
        assert again.user == user

    async def test_what_a_change_does_not_name_stays_and_none_takes_away(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.users.put_profile(ONE, profile_change(1))
        later = profile_change(
            2, nickname=UNSET, avatar_url=None, details=UNSET, source="person", at=START + 9
        )
        after = await store.users.put_profile(ONE, later)
        assert after == Profile(
            user=User(id=ONE, created_at=START + 1, nickname="小明 1"),
            details=details(1),
            source="person",
            updated_at=START + 9,
        )
        assert await store.users.profile(ONE) == after

    async def test_a_first_change_without_details_has_empty_ones(self, store: Store) -> None:
        await store.logins.commit(login(1))
        after = await store.users.put_profile(ONE, profile_change(1, details=UNSET))
        assert after is not None
        assert after.details == ProfileDetails()

    async def test_a_profile_of_nobody_is_not_stored(self, store: Store) -> None:
        assert await store.users.put_profile("usr_nobody", profile_change(1)) is None
        assert await store.users.profile("usr_nobody") is None

    async def test_profiles_of_two_people_do_not_mix(self, store: Store) -> None:
        for n in (1, 2):
            await store.logins.commit(login(n))
        await asyncio.gather(*(store.users.put_profile(f"usr_{n:08}", profile_change(n)) for n in (1, 2)))
        for n in (1, 2):
            profile = await store.users.profile(f"usr_{n:08}")
            assert profile is not None
            assert profile.details == details(n)

    async def test_of_many_changes_at_once_one_stands_whole(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await asyncio.gather(*(store.users.put_profile(ONE, profile_change(n)) for n in range(20)))
        profile = await store.users.profile(ONE)
        assert profile is not None
        assert profile.updated_at is not None
        winner = profile_change(profile.updated_at - START)
        assert profile.details == details(profile.updated_at - START)
        assert profile.user.nickname == winner.nickname


class PhoneContract:
    async def test_a_phone_number_reads_back_equal(self, store: Store) -> None:
        await store.logins.commit(login(1))
        assert await store.users.phone(ONE) is None
        assert await store.users.put_phone(phone(1))
        assert await store.users.phone(ONE) == phone(1)

    async def test_a_new_number_takes_the_place_of_the_old_one(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.users.put_phone(phone(1))
        new = phone(2, user_id=ONE, code_digest=None)
        assert await store.users.put_phone(new)
        assert await store.users.phone(ONE) == new
        assert await store.users.with_phone(phone(1).blind_index, 9) == []

    async def test_a_phone_number_of_nobody_is_not_stored(self, store: Store) -> None:
        assert not await store.users.put_phone(phone(1))
        assert await store.users.with_phone(phone(1).blind_index, 9) == []

    async def test_people_who_share_a_number_are_found_newest_first(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.commit(login(n))
            await store.users.put_phone(phone(n, blind_index=digest("shared")[:16]))
        found = await store.users.with_phone(digest("shared")[:16], 2)
        assert [user.id for user in found] == ["usr_00000003", "usr_00000002"]


class BudgetContract:
    async def test_a_budget_is_used_up_and_names_itself(self, store: Store) -> None:
        draws = [draw("of a user"), draw("of an app", 9)]
        assert await store.budgets.draw(draws, 20) is None
        assert await store.budgets.draw(draws, 20) is None
        assert await store.budgets.draw(draws, 20) == "of a user"
        assert await store.budgets.used(["of a user", "of nobody"], 20) == {"of a user": 2}
        assert await store.budgets.used(["of a user"], 21) == {}

    async def test_another_period_begins_anew(self, store: Store) -> None:
        for _ in range(3):
            await store.budgets.draw([draw("one")], 20)
        assert await store.budgets.draw([draw("one")], 21) is None

    async def test_a_refused_draw_takes_nothing_from_the_others(self, store: Store) -> None:
        await store.budgets.draw([draw("tight", 1)], 20)
        for _ in range(5):
            assert await store.budgets.draw([draw("a wide one"), draw("tight", 1)], 20) == "tight"
        for _ in range(2):
            assert await store.budgets.draw([draw("a wide one")], 20) is None
        assert await store.budgets.draw([draw("a wide one")], 20) == "a wide one"

    async def test_a_budget_of_nothing_is_used_up(self, store: Store) -> None:
        assert await store.budgets.draw([draw("none", 0)], 20) == "none"

    async def test_of_many_draws_at_once_as_many_succeed_as_there_are_units(self, store: Store) -> None:
        draws = [[draw("shared", 30), draw(f"own {n % 10}", 5)] for n in range(100)]
        answers = await asyncio.gather(*(store.budgets.draw(each, 20) for each in draws))
        assert answers.count(None) == 30

    async def test_old_periods_are_swept(self, store: Store) -> None:
        for period in (18, 19, 20):
            await store.budgets.draw([draw("one", 1)], period)
        swept = await store.sweep(SweepLimits(attempts=0, events=0, session_keys=0, sessions=0, budgets=20))
        assert swept == Swept(attempts=0, events=0, session_keys=0, sessions=0, budgets=2)
        assert await store.budgets.draw([draw("one", 1)], 20) == "one"
        assert await store.budgets.draw([draw("one", 1)], 19) is None


class RingContract:
    async def _ring(self, store: Store) -> list[bytes]:
        return [key.sealed for key in await store.sessions.session_keys(APPID, "oSample000001")]

    async def test_a_pushed_key_stands_in_front_and_the_fourth_falls_off(self, store: Store) -> None:
        await store.logins.commit(login(1))
        for n in (2, 3):
            await store.sessions.push_session_key(APPID, "oSample000001", session_key(n), START + n)
        assert await self._ring(store) == [b"sealed key 3", b"sealed key 2", b"sealed key 1"]
        await store.sessions.push_session_key(APPID, "oSample000001", session_key(4), START + 4)
        assert await self._ring(store) == [b"sealed key 4", b"sealed key 3", b"sealed key 2"]

    async def test_a_key_that_is_pushed_again_moves_to_the_front(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.sessions.push_session_key(APPID, "oSample000001", session_key(2), START + 2)
        await store.sessions.push_session_key(APPID, "oSample000001", session_key(1), START + 3)
        assert await self._ring(store) == [b"sealed key 1", b"sealed key 2"]

    async def test_a_login_after_a_push_stands_before_it(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.sessions.push_session_key(APPID, "oSample000001", session_key(2), START + 2)
        await store.logins.commit(login(3, openid="oSample000001", unionid="uSample000001"))
        assert await self._ring(store) == [b"sealed key 3", b"sealed key 2", b"sealed key 1"]

    async def test_a_key_may_be_the_first_of_its_ring(self, store: Store) -> None:
        await store.sessions.push_session_key(APPID, "oNobody", session_key(1), START)
        (key,) = await store.sessions.session_keys(APPID, "oNobody")
        assert (key.sealed, key.received_at) == (b"sealed key 1", START)
