"""The promise about browser logins: states, tickets and WeChat's tokens, each used as often as it may be."""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

import asyncio

import pytest
from msgspec.structs import replace

from lingpai.storage import Store, TakenError
from lingpai.testing.storage_contract_samples import START, digest, oauth_state, ticket, user_token

LEASE = 15_000
LATER = START + 1_000


class BrowserLoginContract:
    async def test_a_state_is_read_back_as_it_was_written(self, store: Store) -> None:
        settled = replace(oauth_state(1), taken_at=LATER, outcome=b"sealed outcome")
        await store.browser_logins.put_state(settled)
        assert await store.browser_logins.state(settled.digest) == settled
        assert await store.browser_logins.state(digest("another")) is None

    async def test_a_state_is_written_once(self, store: Store) -> None:
        await store.browser_logins.put_state(oauth_state(1))
        with pytest.raises(TakenError):
            await store.browser_logins.put_state(oauth_state(1))

    async def test_of_two_hundred_callers_one_takes_a_state(self, store: Store) -> None:
        state = oauth_state(1)
        await store.browser_logins.put_state(state)
        took = await asyncio.gather(
            *(store.browser_logins.take_state(state.digest, LATER + n, LEASE) for n in range(200))
        )
        assert sum(took) == 1

    async def test_a_claim_is_taken_over_only_when_its_lease_is_over(self, store: Store) -> None:
        state = oauth_state(1)
        await store.browser_logins.put_state(state)
        assert await store.browser_logins.take_state(state.digest, LATER, LEASE)
        assert not await store.browser_logins.take_state(state.digest, LATER + LEASE - 1, LEASE)
        assert await store.browser_logins.take_state(state.digest, LATER + LEASE, LEASE)
        assert not await store.browser_logins.settle_state(state.digest, LATER, b"too late")
        assert await store.browser_logins.settle_state(state.digest, LATER + LEASE, b"in time")

    async def test_a_settled_state_is_never_taken_again(self, store: Store) -> None:
        state = oauth_state(1)
        await store.browser_logins.put_state(state)
        await store.browser_logins.take_state(state.digest, LATER, LEASE)
        assert await store.browser_logins.settle_state(state.digest, LATER, b"outcome")
        assert not await store.browser_logins.settle_state(state.digest, LATER, b"another")
        assert not await store.browser_logins.release_state(state.digest, LATER)
        assert not await store.browser_logins.take_state(state.digest, LATER + 10 * LEASE, LEASE)
        found = await store.browser_logins.state(state.digest)
        assert found is not None
        assert found.outcome == b"outcome"

    async def test_a_claim_that_is_given_back_may_be_taken_at_once(self, store: Store) -> None:
        state = oauth_state(1)
        await store.browser_logins.put_state(state)
        await store.browser_logins.take_state(state.digest, LATER, LEASE)
        assert await store.browser_logins.release_state(state.digest, LATER)
        assert not await store.browser_logins.release_state(state.digest, LATER)
        assert await store.browser_logins.take_state(state.digest, LATER + 1, LEASE)

    async def test_a_state_that_never_was_is_not_taken(self, store: Store) -> None:
        assert not await store.browser_logins.take_state(digest("nothing"), LATER, LEASE)

    async def test_a_ticket_is_read_back_as_it_was_written(self, store: Store) -> None:
        await store.browser_logins.put_ticket(ticket(1))
        assert await store.browser_logins.ticket(ticket(1).digest) == ticket(1)
        assert await store.browser_logins.ticket(digest("another")) is None
        with pytest.raises(TakenError):
            await store.browser_logins.put_ticket(ticket(1))

    async def test_of_two_hundred_callers_one_uses_a_ticket(self, store: Store) -> None:
        one = replace(ticket(1), used_at=None)
        await store.browser_logins.put_ticket(one)
        used = await asyncio.gather(
            *(store.browser_logins.use_ticket(one.digest, one.expires_at - 1) for _ in range(200))
        )
        assert sum(used) == 1

    async def test_an_expired_ticket_is_not_used(self, store: Store) -> None:
        one = replace(ticket(1), used_at=None)
        await store.browser_logins.put_ticket(one)
        assert not await store.browser_logins.use_ticket(one.digest, one.expires_at)
        assert not await store.browser_logins.use_ticket(digest("nothing"), one.expires_at - 1)

    async def test_a_persons_tokens_are_replaced(self, store: Store) -> None:
        one = user_token(1)
        assert await store.browser_logins.user_token(one.appid, one.openid) is None
        await store.browser_logins.put_user_token(one)
        newer = replace(one, sealed=b"newer")
        await store.browser_logins.put_user_token(newer)
        assert await store.browser_logins.user_token(one.appid, one.openid) == newer
        assert await store.browser_logins.user_token(one.appid, "oAnother") is None

    async def test_what_has_expired_is_swept_and_nothing_else(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.browser_logins.put_state(oauth_state(n))
            await store.browser_logins.put_ticket(ticket(n))
            await store.browser_logins.put_user_token(user_token(n))
        assert await store.browser_logins.sweep(0) == 0
        assert await store.browser_logins.sweep(oauth_state(2).expires_at) == 4
        assert await store.browser_logins.state(oauth_state(1).digest) is None
        assert await store.browser_logins.state(oauth_state(2).digest) is not None
        assert await store.browser_logins.user_token(user_token(1).appid, user_token(1).openid) is not None
        assert await store.browser_logins.sweep(START * 2) == 5
