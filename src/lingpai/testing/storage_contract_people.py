"""The promise about users: pages, search, counts."""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

from lingpai.model import Merge, NewMerge, ProfileChange
from lingpai.storage import Store
from lingpai.testing.storage_contract_samples import OTHER_APPID, START, login


class PeopleContract:
    async def test_a_user_that_never_was_is_none(self, store: Store) -> None:
        assert await store.users.get("usr_nobody") is None
        assert await store.users.identities("usr_nobody") == []

    async def test_an_empty_store_has_nobody(self, store: Store) -> None:
        assert await store.users.count() == 0
        assert await store.users.page(10) == []

    async def test_pages_come_newest_first_and_meet_without_a_gap(self, store: Store) -> None:
        for n in (3, 1, 5, 2, 4):
            await store.logins.commit(login(n))
        first = await store.users.page(2)
        second = await store.users.page(2, before=first[-1].id)
        third = await store.users.page(2, before=second[-1].id)
        ids = [user.id for user in (*first, *second, *third)]
        assert ids == [f"usr_{n:08}" for n in (5, 4, 3, 2, 1)]
        assert await store.users.page(2, before=third[-1].id) == []

    async def test_a_newcomer_does_not_shift_the_next_page(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.commit(login(n))
        first = await store.users.page(2)
        await store.logins.commit(login(4))
        second = await store.users.page(2, before=first[-1].id)
        assert [user.id for user in second] == ["usr_00000001"]

    async def test_people_are_counted(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.commit(login(n))
        await store.logins.commit(login(4, openid="oSample000001", unionid=None))
        assert await store.users.count() == 3

    async def test_people_are_found_by_id(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.logins.commit(login(2))
        assert [user.id for user in await store.users.find("usr_00000002", 9)] == ["usr_00000002"]

    async def test_people_are_found_by_openid(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.logins.commit(login(2))
        assert [user.id for user in await store.users.find("oSample000001", 9)] == ["usr_00000001"]

    async def test_people_are_found_by_unionid_once(self, store: Store) -> None:
        await store.logins.commit(login(1, unionid="uShared"))
        await store.logins.commit(login(2, unionid="uShared", appid=OTHER_APPID))
        await store.logins.commit(login(3))
        assert [user.id for user in await store.users.find("uShared", 9)] == ["usr_00000001"]

    async def test_a_search_matches_the_whole_openid_and_its_case(self, store: Store) -> None:
        await store.logins.commit(login(1))
        for text in ("oSample", "osample000001", "Sample000001", "%", "_", "nobody"):
            assert await store.users.find(text, 9) == []

    async def test_many_ids_are_named_at_once_and_an_old_one_finds_who_it_means(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.commit(login(n))
        merge = NewMerge(
            id="mrg_00000001",
            user_id="usr_00000001",
            other_id="usr_00000002",
            reason="operator",
            at=START,
        )
        assert isinstance(await store.merges.join(merge), Merge)
        named = await store.users.named(["usr_00000002", "usr_00000003", "usr_nobody"])
        assert {asked: user.id for asked, user in named.items()} == {
            "usr_00000002": "usr_00000001",
            "usr_00000003": "usr_00000003",
        }
        assert await store.users.named([]) == {}

    async def test_a_nickname_is_found_by_its_beginning_whatever_its_letters(self, store: Store) -> None:
        names = ("小明", "小红", "Ann", "ann", "An\U0010ffffx", "\ud7ffx", "a b", "a")
        for n, nickname in enumerate(names, 1):
            await store.logins.commit(login(n))
            change = ProfileChange(nickname=nickname, source="person", at=START)
            assert await store.users.put_profile(f"usr_{n:08}", change)
        for text, found in (
            ("小", [2, 1]),
            ("小明", [1]),
            ("An", [5, 3]),
            ("An\U0010ffff", [5]),
            ("\ud7ff", [6]),
            ("a", [8, 7, 4]),
            ("a b", [7]),
            ("\U0010ffff", []),
            ("A%", []),
        ):
            users = await store.users.find(text, 9)
            assert [user.id for user in users] == [f"usr_{n:08}" for n in found], text

    async def test_an_empty_search_finds_nobody(self, store: Store) -> None:
        await store.logins.commit(login(1))
        assert await store.users.find("", 9) == []

    async def test_a_search_keeps_the_limit_newest_first(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.commit(login(n, unionid="uShared", open_platform=None))
        assert [user.id for user in await store.users.find("uShared", 2)] == ["usr_00000003", "usr_00000002"]

    async def test_identities_come_oldest_first(self, store: Store) -> None:
        await store.logins.commit(login(1, unionid="uShared", appid=OTHER_APPID))
        await store.logins.commit(login(2, unionid="uShared"))
        identities = await store.users.identities("usr_00000001")
        assert [identity.openid for identity in identities] == ["oSample000001", "oSample000002"]
