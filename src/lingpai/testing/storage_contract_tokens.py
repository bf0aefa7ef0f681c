"""The promise about WeChat's tokens: one claim at a time, generations that only grow, and an audit that adds up."""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

import asyncio
from typing import Any

import pytest

from lingpai.model import Checked, Claimed, Forcing, NotClaimed, TokenTrouble
from lingpai.storage import Store, SweepLimits
from lingpai.testing.storage_contract_samples import (
    APPID,
    OTHER_APPID,
    START,
    brought,
    claim,
    key_use,
    service_key,
    setback,
)


async def claimed(store: Store, n: int = 1, **changes: Any) -> Claimed:
    """A claim that has to be granted."""
    answer = await store.access_tokens.claim(claim(n, **changes))
    assert isinstance(answer, Claimed), answer
    return answer


class AccessTokenContract:
    async def test_a_token_nobody_asked_for_is_not_there(self, store: Store) -> None:
        looked = await store.access_tokens.look(APPID, "stable")
        assert looked.row is None
        assert looked.now > START
        assert (await store.access_tokens.all())[0] == []

    async def test_a_claim_makes_the_row_and_a_lease_on_it(self, store: Store) -> None:
        answer = await claimed(store)
        row = answer.row
        assert (row.appid, row.kind, row.generation, row.fence) == (APPID, "stable", 0, 1)
        assert (row.lease_owner, row.lease_from, row.lease_until) == (
            "node-1",
            answer.now,
            answer.now + 20_000,
        )
        assert (row.tried_version, row.calls) == (1, 1)
        assert (await store.access_tokens.look(APPID, "stable")).row == row

    async def test_of_two_hundred_claims_one_is_granted(self, store: Store) -> None:
        answers = await asyncio.gather(*(store.access_tokens.claim(claim(n)) for n in range(200)))
        assert sum(isinstance(answer, Claimed) for answer in answers) == 1
        refused = [answer for answer in answers if isinstance(answer, NotClaimed)]
        assert {answer.why for answer in refused} == {"leased"}

    async def test_a_token_reads_back_as_it_was_kept(self, store: Store) -> None:
        claim_row = (await claimed(store)).row
        kept = await store.access_tokens.keep(brought(claim_row.fence))
        assert kept is not None
        assert (kept.generation, kept.sealed) == (claim_row.fence, b"sealed token 1")
        assert kept.expires_at <= claim_row.lease_from + 7_200_000
        assert kept.next_attempt_at == kept.expires_at - 300_000
        assert (kept.lease_owner, kept.state, kept.failures, kept.trouble) == (None, "ok", 0, None)
        assert kept.replaced_at == (kept.fetched_at,)
        assert (await store.access_tokens.look(APPID, "stable")).row == kept

    async def test_two_hundred_keep_and_claim_again_and_generations_only_grow(self, store: Store) -> None:
        seen: list[int] = []
        for _ in range(5):
            generation = seen[-1] if seen else 0
            answers = await asyncio.gather(
                *(store.access_tokens.claim(claim(n, generation=generation)) for n in range(40))
            )
            (fence,) = [answer.row.fence for answer in answers if isinstance(answer, Claimed)]
            kept = await store.access_tokens.keep(brought(fence))
            assert kept is not None
            seen.append(kept.generation)
        assert seen == sorted(set(seen))

    async def test_the_same_token_gets_a_new_end_and_no_new_generation(self, store: Store) -> None:
        first = await store.access_tokens.keep(brought((await claimed(store)).row.fence))
        assert first is not None
        fence = (await claimed(store, generation=first.generation)).row.fence
        again = await store.access_tokens.keep(brought(fence, sealed=None, expires_in=5_000))
        assert again is not None
        assert (again.generation, again.sealed) == (first.generation, first.sealed)
        assert again.expires_at < first.expires_at

    async def test_who_lost_the_claim_keeps_nothing(self, store: Store) -> None:
        slow = await claimed(store, lease=0)
        quick = await claimed(store, 2)
        assert await store.access_tokens.keep(brought(slow.row.fence)) is None
        assert await store.access_tokens.set_back(setback(slow.row.fence)) is None
        assert (
            await store.access_tokens.checked(
                Checked(appid=APPID, kind="stable", fence=slow.row.fence, good=True)
            )
            is None
        )
        assert (await store.access_tokens.look(APPID, "stable")).row == quick.row

    async def test_a_claim_on_another_generation_is_refused(self, store: Store) -> None:
        kept = await store.access_tokens.keep(brought((await claimed(store)).row.fence))
        answer = await store.access_tokens.claim(claim(2, generation=0))
        assert isinstance(answer, NotClaimed)
        assert (answer.why, answer.row) == ("other", kept)

    async def test_after_a_failure_nobody_tries_before_its_time_but_with_a_new_secret(
        self, store: Store
    ) -> None:
        row = await store.access_tokens.set_back(setback((await claimed(store)).row.fence))
        assert row is not None
        assert row.trouble == TokenTrouble(
            "refused", 40125, "invalid appsecret", "69000000-11111111-22222222"
        )
        assert (row.state, row.failures, row.lease_owner) == ("blocked", 1, None)
        assert (await store.access_tokens.look(APPID, "stable")).row == row
        early = await store.access_tokens.claim(claim(1))
        assert isinstance(early, NotClaimed)
        assert early.why == "early"
        assert (await claimed(store, secret_version=2)).row.fence == 2

    async def test_a_token_that_is_fine_is_renewed_ahead_only_when_it_is_due(self, store: Store) -> None:
        kept = await store.access_tokens.keep(brought((await claimed(store)).row.fence))
        assert kept is not None
        early = await store.access_tokens.claim(claim(1, generation=kept.generation, urgent=False))
        assert isinstance(early, NotClaimed)
        assert early.why == "early"

    async def test_a_call_that_may_have_ended_a_legacy_token_leaves_it_five_minutes(
        self, store: Store
    ) -> None:
        wish: dict[str, Any] = {"kind": "legacy", "breaking": True}
        fence = (await claimed(store, **wish)).row.fence
        kept = await store.access_tokens.keep(brought(fence, kind="legacy"))
        assert kept is not None
        assert kept.good_until() == kept.expires_at
        lost = await claimed(store, generation=kept.generation, **wish)
        told = await store.access_tokens.set_back(setback(lost.row.fence, kind="legacy", unsent=False))
        assert told is not None
        assert told.good_until() == lost.now + 300_000

    async def test_a_call_that_was_not_sent_costs_a_legacy_token_nothing(self, store: Store) -> None:
        wish: dict[str, Any] = {"kind": "legacy", "breaking": True}
        kept = await store.access_tokens.keep(
            brought((await claimed(store, **wish)).row.fence, kind="legacy")
        )
        assert kept is not None
        unsent = await claimed(store, generation=kept.generation, **wish)
        told = await store.access_tokens.set_back(setback(unsent.row.fence, kind="legacy", unsent=True))
        assert told is not None
        assert told.good_until() == kept.expires_at

    async def test_the_kinds_of_one_app_and_the_apps_of_one_kind_are_apart(self, store: Store) -> None:
        for appid, kind in ((APPID, "legacy"), (APPID, "stable"), (OTHER_APPID, "stable")):
            await claimed(store, appid=appid, kind=kind)
        rows, _ = await store.access_tokens.all()
        assert [(row.appid, row.kind) for row in rows] == [
            (APPID, "legacy"),
            (APPID, "stable"),
            (OTHER_APPID, "stable"),
        ]

    async def test_a_forced_refresh_is_spent_once_in_thirty_seconds(self, store: Store) -> None:
        fence = (await claimed(store)).row.fence
        wish = Forcing(appid=APPID, kind="stable", fence=fence, lease=20_000)
        answers = await asyncio.gather(*(store.access_tokens.force(wish) for _ in range(20)))
        assert sum(answers) == 1
        row = (await store.access_tokens.look(APPID, "stable")).row
        assert row is not None
        assert len(row.forced_at) == 1

    async def test_forcing_without_the_claim_is_refused(self, store: Store) -> None:
        assert not await store.access_tokens.force(Forcing(appid=APPID, kind="stable", fence=1, lease=1))
        fence = (await claimed(store)).row.fence
        wish = Forcing(appid=APPID, kind="stable", fence=fence + 1, lease=1)
        assert not await store.access_tokens.force(wish)

    @pytest.mark.parametrize("good", [True, False, None])
    async def test_a_check_that_replaced_nothing_is_not_repeated_at_once(
        self, store: Store, good: bool | None
    ) -> None:
        kept = await store.access_tokens.keep(brought((await claimed(store)).row.fence))
        assert kept is not None
        check: dict[str, Any] = {"generation": kept.generation, "why": "check"}
        fence = (await claimed(store, **check)).row.fence
        row = await store.access_tokens.checked(Checked(appid=APPID, kind="stable", fence=fence, good=good))
        assert row is not None
        assert (row.checks, row.lease_owner) == (1, None)
        again = await store.access_tokens.claim(claim(2, **check))
        assert isinstance(again, NotClaimed)
        assert again.why == "early"

    async def test_wanting_is_noted_and_makes_no_row(self, store: Store) -> None:
        await claimed(store)
        await store.access_tokens.want([(APPID, "stable"), (OTHER_APPID, "stable")])
        rows, now = await store.access_tokens.all()
        assert [row.appid for row in rows] == [APPID]
        assert START < rows[0].wanted_at <= now

    async def test_a_forgotten_app_leaves_no_token(self, store: Store) -> None:
        await claimed(store)
        await claimed(store, kind="legacy")
        assert await store.access_tokens.forget(APPID) == 2
        assert await store.access_tokens.forget(APPID) == 0
        assert (await store.access_tokens.look(APPID, "stable")).row is None


class KeyUseContract:
    async def test_a_use_reads_back_equal(self, store: Store) -> None:
        await store.key_uses.add([key_use(1)])
        assert await store.key_uses.of_key("svc_00000001", 9) == [key_use(1)]
        assert await store.key_uses.of_key("svc_00000002", 9) == []

    async def test_uses_of_one_thing_add_up(self, store: Store) -> None:
        await store.key_uses.add([key_use(1), key_use(1, uses=5, first_at=START, last_at=START + 9_000)])
        await store.key_uses.add([key_use(1, uses=1, first_at=START + 3, last_at=START + 4)])
        assert await store.key_uses.of_key("svc_00000001", 9) == [
            key_use(1, uses=107, first_at=START, last_at=START + 9_000)
        ]

    async def test_concurrent_counts_lose_nothing(self, store: Store) -> None:
        await asyncio.gather(*(store.key_uses.add([key_use(1, uses=2)]) for _ in range(100)))
        assert [use.uses for use in await store.key_uses.of_key("svc_00000001", 9)] == [200]

    async def test_the_latest_come_first(self, store: Store) -> None:
        lines = [key_use(n, key_id="svc_1") for n in (2, 1, 3)]
        await store.key_uses.add(lines)
        assert [use.generation for use in await store.key_uses.of_key("svc_1", 2)] == [3, 2]

    async def test_a_key_knows_when_it_was_used_last(self, store: Store) -> None:
        await store.keys.add_service(service_key(1, last_used_at=None))
        await store.key_uses.add([key_use(1, last_at=START + 900), key_use(1, last_at=START + 800)])
        (key,) = await store.keys.services()
        assert key.last_used_at == START + 900

    async def test_old_uses_are_swept_alone(self, store: Store) -> None:
        await store.key_uses.add([key_use(n, key_id="svc_1") for n in (1, 2, 3)])
        limits = SweepLimits(attempts=0, events=0, session_keys=0, sessions=0, key_uses=START + 503)
        assert (await store.sweep(limits)).key_uses == 2
        assert [use.generation for use in await store.key_uses.of_key("svc_1", 9)] == [3]
