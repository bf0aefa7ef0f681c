"""The promise about concurrency: what is unique stays so, and neighbours do not spoil one another."""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import pytest

from lingpai.model import CommittedLogin, NotRotated, Rotated
from lingpai.storage import (
    CodeSpentError,
    StorageUnavailableError,
    Store,
    TakenError,
    UnfitError,
)
from lingpai.testing.storage_contract_samples import (
    APPID,
    OTHER_APPID,
    START,
    THIRD_APPID,
    app,
    digest,
    event,
    login,
    rotation,
    sealing_key,
    secret,
    session_key,
)


async def at_once(calls: list[Coroutine[Any, Any, Any]]) -> list[Any]:
    """All answers, exceptions among them."""
    return await asyncio.gather(*calls, return_exceptions=True)


class RaceContract:
    async def test_200_logins_with_one_code_start_one_session(self, store: Store) -> None:
        answers = await at_once(
            [store.logins.commit(login(n, code_digest=digest("one code"))) for n in range(200)]
        )
        assert sum(isinstance(answer, CommittedLogin) for answer in answers) == 1
        assert sum(isinstance(answer, CodeSpentError) for answer in answers) == 199
        assert await store.users.count() == 1
        assert len(await store.sessions.recent(300)) == 1
        assert len(await store.logins.recent(300)) == 1

    async def test_200_clients_with_one_token_rotate_once_and_end_the_session(self, store: Store) -> None:
        await store.logins.commit(login(1))
        answers = await at_once([store.sessions.rotate(rotation(n, digest("refresh 1"))) for n in range(200)])
        assert sum(isinstance(answer, Rotated) for answer in answers) == 1
        whys = [answer.why for answer in answers if isinstance(answer, NotRotated)]
        assert sorted(whys) == ["ended"] * 198 + ["reused"]
        signed_in = await store.sessions.get("ses_00000001")
        assert signed_in is not None
        assert signed_in.session.end_reason == "refresh_reuse"

    async def test_one_client_asking_200_times_gets_one_successor(self, store: Store) -> None:
        await store.logins.commit(login(1))
        tag = b"one client, once"
        wishes = [rotation(n, digest("refresh 1"), client_tag=tag) for n in range(200)]
        answers = await at_once([store.sessions.rotate(wish) for wish in wishes])
        assert len({answer.successor for answer in answers}) == 1
        assert sum(not answer.retried for answer in answers) == 1
        on_record = [await store.sessions.by_refresh(wish.new_digest) for wish in wishes]
        assert sum(found is not None for found in on_record) == 1

    async def test_64_first_logins_of_one_person_at_three_apps_make_one_user(self, store: Store) -> None:
        appids = [APPID, OTHER_APPID, THIRD_APPID]
        answers = await at_once(
            [
                store.logins.commit(
                    login(n, appid=appids[n % 3], openid=f"oPerson{n % 3}", unionid="uPerson")
                )
                for n in range(64)
            ]
        )
        assert len({answer.user.id for answer in answers}) == 1
        assert sum(answer.is_new for answer in answers) == 1
        assert await store.users.count() == 1
        assert len(await store.users.identities(answers[0].user.id)) == 3
        assert len(await store.sessions.of_user(answers[0].user.id)) == 64

    async def test_64_logins_push_their_keys_on_one_ring_of_three(self, store: Store) -> None:
        await at_once(
            [
                store.logins.commit(login(n, openid="oSame", unionid="uSame", session_key=session_key(n % 7)))
                for n in range(64)
            ]
        )
        ring = await store.sessions.session_keys(APPID, "oSame")
        assert len({key.fingerprint for key in ring}) == len(ring) == 3

    async def test_64_endings_of_one_session_end_it_once(self, store: Store) -> None:
        await store.logins.commit(login(1))
        answers = await at_once(
            [store.sessions.end("ses_00000001", "signed_out", START + n) for n in range(64)]
        )
        assert sum(answers) == 1

    async def test_64_first_sealing_keys_become_one(self, store: Store) -> None:
        answers = await at_once([store.keys.add_sealing(sealing_key(n), only_first=True) for n in range(64)])
        assert sum(answers) == 1
        assert len(await store.keys.sealing()) == 1

    async def test_64_apps_with_one_slug_become_one(self, store: Store) -> None:
        answers = await at_once([store.apps.add(app(n, slug="same"), secret(n)) for n in range(64)])
        assert sum(answer is None for answer in answers) == 1
        assert sum(isinstance(answer, TakenError) for answer in answers) == 63
        assert len(await store.apps.all()) == 1

    async def test_a_refresh_against_a_sign_out_leaves_no_session_running(self, store: Store) -> None:
        for n in range(1, 40):
            await store.logins.commit(login(n))
            await at_once(
                [
                    store.sessions.rotate(rotation(n, digest(f"refresh {n}"))),
                    store.sessions.end(f"ses_{n:08}", "signed_out", START + 1_000),
                ]
            )
            successor = await store.sessions.rotate(rotation(1_000 + n, digest(f"successor {n}")))
            assert isinstance(successor, NotRotated)
        assert await store.sessions.count_running(START + 1_000) == 0

    async def test_a_login_that_is_refused_does_not_fail_its_neighbours(self, store: Store) -> None:
        await store.logins.commit(login(1))
        calls = [store.logins.commit(login(n)) for n in range(2, 40)]
        calls.insert(20, store.logins.commit(login(99, session_id="ses_00000001")))
        answers = await at_once(calls)
        assert isinstance(answers.pop(20), TakenError)
        assert all(isinstance(answer, CommittedLogin) for answer in answers)
        assert await store.users.count() == 39
        assert await store.users.get("usr_00000099") is None

    async def test_a_value_that_fits_no_database_does_not_fail_its_neighbours(self, store: Store) -> None:
        calls: list[Coroutine[Any, Any, Any]] = [store.logins.commit(login(n)) for n in range(1, 20)]
        calls += [store.logins.record(event(n)) for n in range(20, 40)]
        calls.insert(5, store.logins.commit(login(97, at=2**63)))
        calls.insert(25, store.logins.record(event(98, rid="\ud800")))
        answers = await at_once(calls)
        assert isinstance(answers.pop(25), UnfitError)
        assert isinstance(answers.pop(5), UnfitError)
        assert not any(isinstance(answer, BaseException) for answer in answers)
        assert len(await store.logins.recent(99)) == 39
        assert await store.logins.attempt(APPID, digest("code 97")) is None

    async def test_spent_codes_among_good_ones_are_told_to_the_right_callers(self, store: Store) -> None:
        await store.logins.commit(login(0))
        wishes = [login(n, code_digest=digest("code 0")) if n % 3 == 0 else login(n) for n in range(1, 100)]
        answers = await at_once([store.logins.commit(wish) for wish in wishes])
        for wish, answer in zip(wishes, answers, strict=True):
            if wish.code_digest == digest("code 0"):
                assert isinstance(answer, CodeSpentError)
            else:
                assert answer.session.id == wish.session_id

    async def test_a_caller_that_leaves_does_not_disturb_the_others(self, store: Store) -> None:
        tasks = [asyncio.ensure_future(store.logins.commit(login(n))) for n in range(60)]
        await asyncio.sleep(0)
        for task in tasks[::3]:
            task.cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        stayed = [answer for n, answer in enumerate(answers) if n % 3]
        assert all(isinstance(answer, CommittedLogin) for answer in stayed)
        assert (await store.logins.commit(login(99))).is_new

    async def test_a_caller_that_leaves_has_written_all_or_nothing(self, store: Store) -> None:
        tasks = [asyncio.ensure_future(store.logins.commit(login(n))) for n in range(60)]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await store.logins.record(event(500))  # whatever was queued before it is through by now
        for n in range(60):
            attempt = await store.logins.attempt(APPID, digest(f"code {n}"))
            signed_in = await store.sessions.get(f"ses_{n:08}")
            token = await store.sessions.by_refresh(digest(f"refresh {n}"))
            assert (attempt is None) == (signed_in is None) == (token is None)

    async def test_everything_at_once(self, store: Store) -> None:
        for n in range(40):
            await store.logins.commit(login(n))
        calls: list[Coroutine[Any, Any, Any]] = []
        for n in range(40):
            calls += [
                store.logins.commit(login(100 + n)),
                store.logins.record(event(200 + n)),
                store.sessions.rotate(rotation(n, digest(f"refresh {n}"))),
                store.sessions.end_all(f"usr_{n:08}", "operator", START + 2_000),
                store.users.page(5),
                store.sessions.get(f"ses_{n:08}"),
                store.check(),
            ]
        answers = await at_once(calls)
        assert [answer for answer in answers if isinstance(answer, BaseException)] == []
        assert await store.users.count() == 80
        assert await store.sessions.count_running(START + 3_000) == 40


class LifeContract:
    async def test_a_store_that_works_checks_green(self, store: Store) -> None:
        await store.check()
        await store.check()

    async def test_what_was_accepted_before_closing_is_answered(self, store: Store) -> None:
        tasks = [asyncio.ensure_future(store.logins.commit(login(n))) for n in range(50)]
        await asyncio.sleep(0)
        await store.aclose()
        assert all(isinstance(answer, CommittedLogin) for answer in await asyncio.gather(*tasks))

    async def test_a_closed_store_refuses(self, store: Store) -> None:
        await store.aclose()
        with pytest.raises(StorageUnavailableError):
            await store.logins.commit(login(1))
        with pytest.raises(StorageUnavailableError):
            await store.users.get("usr_00000001")
        with pytest.raises(StorageUnavailableError):
            await store.check()

    async def test_closing_twice_is_no_fault(self, store: Store) -> None:
        await store.aclose()
        with suppress(StorageUnavailableError):
            await store.check()
        await store.aclose()
