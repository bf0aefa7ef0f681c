"""What every store does when it comes back from a backup, and when people come over from another table."""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

import asyncio

import pytest
from msgspec.structs import replace

from lingpai.model import Claimed, NotRotated, ProfileDetails, Restore, TokenRow, Withdrawn
from lingpai.storage.leasing import LEAP
from lingpai.storage.port import Store, UnfitError
from lingpai.testing.storage_contract_samples import (
    APPID,
    OTHER_APPID,
    START,
    brought,
    claim,
    digest,
    erasure,
    import_batch,
    import_run,
    imported,
    login,
    oauth_state,
    rotation,
    ticket,
    user_token,
)

_NOW = START + 60_000
_RESTORE = Restore(id="rst_1", at=_NOW)


class RestoreContract:
    async def test_a_database_that_never_was_restored_says_so(self, store: Store) -> None:
        assert await store.restores.latest() is None

    async def test_a_restore_is_begun_and_finished_once(self, store: Store) -> None:
        assert await store.restores.begin(_RESTORE) == _RESTORE
        assert await store.restores.latest() == _RESTORE
        assert await store.restores.finish("rst_1", _NOW + 5)
        assert not await store.restores.finish("rst_1", _NOW + 6)
        assert not await store.restores.finish("rst_nobody", _NOW)
        assert await store.restores.latest() == replace(_RESTORE, finished_at=_NOW + 5)

    async def test_a_restore_that_was_broken_off_is_gone_on_with_at_the_later_time(
        self, store: Store
    ) -> None:
        await store.restores.begin(_RESTORE)
        again = await store.restores.begin(Restore(id="rst_2", at=_NOW + 1_000))
        assert again == replace(_RESTORE, at=_NOW + 1_000)
        assert (await store.restores.begin(Restore(id="rst_3", at=START))).at == _NOW + 1_000
        await store.restores.finish("rst_1", _NOW + 2_000)
        assert (await store.restores.begin(Restore(id="rst_4", at=START))).id == "rst_4"

    async def test_nothing_that_signs_in_by_itself_outlives_a_restore(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.commit(login(n))
        await store.sessions.end("ses_00000003", "signed_out", START + 9)
        await store.browser_logins.put_state(oauth_state(1))
        await store.browser_logins.put_ticket(ticket(1))
        await store.browser_logins.put_user_token(user_token(1))
        walked: list[int] = []
        done = await store.restores.withdraw(_NOW, walked.append)
        assert done == Withdrawn(sessions=2, refresh_tokens=3, session_keys=3, one_time=5, wechat_tokens=1)
        assert sum(walked) >= 3
        for n in (1, 2):
            found = await store.sessions.get(f"ses_{n:08}")
            assert found is not None
            assert (found.session.ended_at, found.session.end_reason) == (_NOW, "restored")
            assert await store.sessions.rotate(rotation(n, digest(f"refresh {n}"))) == NotRotated(
                why="unknown"
            )
            assert await store.sessions.session_keys(APPID, f"oSample{n:06}") == []
            assert await store.logins.attempt(APPID, digest(f"code {n}")) is None
        kept = await store.sessions.get("ses_00000003")
        assert kept is not None
        assert kept.session.end_reason == "signed_out"
        assert await store.browser_logins.state(oauth_state(1).digest) is None
        assert await store.browser_logins.ticket(ticket(1).digest) is None
        assert await store.browser_logins.user_token(OTHER_APPID, "oSample000001") is None

    async def test_people_and_their_history_outlive_a_restore(self, store: Store) -> None:
        first = await store.logins.commit(login(1))
        before = await store.logins.recent(9)
        await store.restores.withdraw(_NOW)
        assert await store.users.get(first.user.id) == first.user
        assert len(await store.users.identities(first.user.id)) == 1
        assert await store.logins.recent(9) == before

    async def test_withdrawing_twice_finds_nothing_the_second_time(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.restores.withdraw(_NOW)
        nothing = Withdrawn(sessions=0, refresh_tokens=0, session_keys=0, one_time=0, wechat_tokens=0)
        assert await store.restores.withdraw(_NOW) == nothing

    async def test_an_app_has_no_token_after_a_restore_and_no_generation_comes_twice(
        self, store: Store
    ) -> None:
        held = await store.access_tokens.claim(claim(1))
        assert isinstance(held, Claimed)
        kept = await store.access_tokens.keep(brought(held.row.fence))
        assert kept is not None
        await store.access_tokens.claim(replace(claim(2), kind="legacy"))
        done = await store.restores.withdraw(_NOW)
        assert done.wechat_tokens == 2
        (legacy, stable), _ = await store.access_tokens.all()
        assert stable == TokenRow(
            appid=APPID,
            kind="stable",
            generation=kept.generation + LEAP,
            fence=kept.fence + LEAP,
            wanted_at=kept.wanted_at,
            day=kept.day,
            calls=kept.calls,
            replaced_at=kept.replaced_at,
        )
        assert (legacy.generation, legacy.lease_owner) == (0, None)
        again = await store.access_tokens.claim(replace(claim(3), generation=stable.generation))
        assert isinstance(again, Claimed)

    async def test_a_ledger_of_before_is_on_record_again(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.erasures.commit(erasure(1), "usr_00000001", _NOW)
        lines = [erasure(n) for n in (1, 2, 3)]
        assert await store.erasures.remember(lines) == 2
        assert await store.erasures.remember(lines) == 0
        assert await store.erasures.remember([]) == 0
        assert await store.erasures.page(9) == lines[::-1]
        assert await store.erasures.remember([replace(erasure(9), id=erasure(1).id)]) == 0


class ImportContract:
    async def test_an_import_that_never_was_is_none(self, store: Store) -> None:
        assert await store.imports.run(import_run().name) is None

    async def test_a_run_takes_the_place_of_the_one_before(self, store: Store) -> None:
        await store.imports.put(import_run())
        assert await store.imports.run(import_run().name) == import_run()
        again = replace(import_run(), cursor=None, tally={}, finished_at=None)
        await store.imports.put(again)
        assert await store.imports.run(again.name) == again

    async def test_people_come_in_with_what_is_known_of_them(self, store: Store) -> None:
        run, outcomes = await store.imports.commit(import_batch(imported(1), imported(2)))
        assert outcomes == ["new", "new"]
        assert run == replace(import_run(), tally={**import_run().tally, "new": 2})
        assert await store.imports.run(run.name) == run
        profile = await store.users.profile("usr_00000001")
        assert profile is not None
        assert (profile.user.nickname, profile.user.avatar_url) == (
            imported(1).nickname,
            imported(1).avatar_url,
        )
        assert (profile.user.created_at, profile.updated_at) == (
            imported(1).created_at,
            imported(1).created_at,
        )
        assert (profile.details, profile.source) == (imported(1).details, "person")
        (identity,) = await store.users.identities("usr_00000001")
        assert (identity.appid, identity.openid) == (APPID, imported(1).openid)
        assert (identity.unionid, identity.created_at) == (imported(1).unionid, imported(1).created_at)

    async def test_somebody_of_whom_only_the_openid_is_known_has_no_profile(self, store: Store) -> None:
        bare = imported(1, unionid=None, nickname=None, avatar_url=None, details=ProfileDetails())
        await store.imports.commit(import_batch(bare))
        profile = await store.users.profile("usr_00000001")
        assert profile is not None
        assert (profile.source, profile.user.profile_complete) == (None, False)

    async def test_a_later_login_finds_the_imported_user(self, store: Store) -> None:
        await store.imports.commit(import_batch(imported(1)))
        committed = await store.logins.commit(
            login(7, openid=imported(1).openid, unionid=imported(1).unionid)
        )
        assert not committed.is_new
        assert committed.user.id == "usr_00000001"
        assert committed.user.nickname == imported(1).nickname

    async def test_whoever_is_on_record_is_known_and_stays_as_he_is(self, store: Store) -> None:
        first = await store.logins.commit(login(1))
        _, outcomes = await store.imports.commit(
            import_batch(imported(5, openid="oSample000001", unionid="uSample000001"))
        )
        assert outcomes == ["known"]
        assert await store.users.get(first.user.id) == first.user
        assert await store.users.get("usr_00000005") is None

    async def test_a_batch_that_comes_twice_makes_nobody_twice(self, store: Store) -> None:
        await store.imports.commit(import_batch(imported(1), imported(2)))
        _, outcomes = await store.imports.commit(import_batch(imported(1), imported(2), imported(1)))
        assert outcomes == ["known", "known", "known"]
        assert await store.users.count() == 2

    async def test_one_unionid_in_two_apps_is_one_user(self, store: Store) -> None:
        await store.imports.commit(import_batch(imported(1, nickname=None, unionid="uShared")))
        other = import_batch(imported(2, openid="oOther", unionid="uShared"), appid=OTHER_APPID)
        _, outcomes = await store.imports.commit(other)
        assert outcomes == ["joined"]
        assert len(await store.users.identities("usr_00000001")) == 2
        user = await store.users.get("usr_00000001")
        assert user is not None
        assert (user.nickname, user.avatar_url) == (imported(2).nickname, imported(1).avatar_url)

    async def test_people_of_one_batch_are_seen_by_those_after_them(self, store: Store) -> None:
        _, outcomes = await store.imports.commit(
            import_batch(
                imported(1, unionid="uShared"),
                imported(2, openid="oSecond", unionid="uShared"),
                imported(3, openid=imported(1).openid, unionid="uShared"),
                imported(4, openid="oSecond", unionid="uOther"),
            )
        )
        assert outcomes == ["new", "joined", "known", "openid_with_another_unionid"]
        assert await store.users.count() == 1

    async def test_without_an_open_platform_a_unionid_joins_nobody(self, store: Store) -> None:
        batch = import_batch(imported(1, unionid="uShared"), imported(2, unionid="uShared"))
        _, outcomes = await store.imports.commit(replace(batch, open_platform=None))
        assert outcomes == ["new", "new"]

    async def test_two_users_who_turn_out_to_be_one_are_left_to_the_next_login(self, store: Store) -> None:
        await store.logins.commit(login(1, unionid=None))
        await store.logins.commit(login(2, appid=OTHER_APPID, unionid="uShared"))
        _, outcomes = await store.imports.commit(
            import_batch(imported(5, openid="oSample000001", unionid="uShared"))
        )
        assert outcomes == ["unionid_of_another_user"]
        (identity,) = await store.users.identities("usr_00000001")
        assert identity.unionid is None

    async def test_a_late_unionid_is_noted(self, store: Store) -> None:
        await store.logins.commit(login(1, unionid=None))
        _, outcomes = await store.imports.commit(
            import_batch(imported(5, openid="oSample000001", unionid="uLate"))
        )
        assert outcomes == ["known"]
        (identity,) = await store.users.identities("usr_00000001")
        assert identity.unionid == "uLate"
        committed = await store.logins.commit(login(2, appid=OTHER_APPID, unionid="uLate"))
        assert committed.user.id == "usr_00000001"

    async def test_looking_tells_the_same_and_writes_nothing(self, store: Store) -> None:
        await store.logins.commit(login(1))
        batch = import_batch(
            imported(1, openid="oSample000001", unionid="uSample000001"),
            imported(2),
            imported(3, openid="oX", unionid="uSample000001"),
        )
        looked = await store.imports.look(batch)
        assert looked == ["known", "new", "joined"]
        assert await store.users.count() == 1
        assert await store.imports.run(batch.run.name) is None
        assert (await store.imports.commit(batch))[1] == looked

    async def test_a_value_that_does_not_fit_leaves_nothing_of_its_batch(self, store: Store) -> None:
        batch = import_batch(imported(1), imported(2, created_at=1 << 63))
        with pytest.raises(UnfitError):
            await store.imports.commit(batch)
        assert await store.users.count() == 0
        assert await store.imports.run(batch.run.name) is None

    async def test_a_login_and_an_import_of_one_person_make_one_user(self, store: Store) -> None:
        people = [imported(n) for n in range(1, 9)]
        await asyncio.gather(
            store.imports.commit(import_batch(*people)),
            *(
                store.logins.commit(login(20 + n, openid=imported(n).openid, unionid=imported(n).unionid))
                for n in range(1, 9)
            ),
        )
        assert await store.users.count() == 8
