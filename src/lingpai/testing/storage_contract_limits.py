"""The promise about rate limits: what all nodes spent is one debt, and a place is taken once."""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

import asyncio

from lingpai.storage import Store
from lingpai.testing.storage_contract_samples import START

HOUR = 3_600_000_000
"""In microseconds: so long that what passes meanwhile does not count."""
QUARTER = 900_000


class LimitContract:
    async def test_what_is_spent_is_owed(self, store: Store) -> None:
        first = await store.limits.spend({"one": HOUR, "other": 2 * HOUR})
        assert first == {"one": HOUR, "other": 2 * HOUR}
        again = await store.limits.spend({"one": HOUR})
        assert HOUR < again["one"] <= 2 * HOUR

    async def test_spending_nothing_tells_what_is_owed(self, store: Store) -> None:
        await store.limits.spend({"one": HOUR})
        told = await store.limits.spend({"one": 0, "nobody": 0})
        assert HOUR / 2 < told["one"] <= HOUR
        assert told["nobody"] == 0
        assert await store.limits.spend({}) == {}

    async def test_what_is_spent_at_once_adds_up(self, store: Store) -> None:
        await asyncio.gather(*(store.limits.spend({"shared": HOUR, f"own {n}": HOUR}) for n in range(20)))
        owed = (await store.limits.spend({"shared": 0}))["shared"]
        assert 19 * HOUR < owed <= 20 * HOUR

    async def test_names_differ_by_case(self, store: Store) -> None:
        await store.limits.spend({"one": HOUR})
        assert await store.limits.spend({"ONE": 0}) == {"ONE": 0}

    async def test_places_are_taken_until_they_are_free_again(self, store: Store) -> None:
        for n in (0, 10, 20):
            assert await store.limits.guess("door", 3, START + n, START + n + QUARTER) is None
        assert await store.limits.guess("door", 3, START + 30, START + 30 + QUARTER) == START + QUARTER
        assert await store.limits.guess("another", 3, START + 30, START + 30 + QUARTER) is None
        later = START + QUARTER
        assert await store.limits.guess("door", 3, later, later + QUARTER) is None
        assert await store.limits.guess("door", 3, later, later + QUARTER) == START + 10 + QUARTER

    async def test_no_place_is_no_guess(self, store: Store) -> None:
        assert await store.limits.guess("door", 0, START, START + 1) == START + 1

    async def test_a_place_given_back_is_free_once(self, store: Store) -> None:
        until = START + QUARTER
        assert await store.limits.guess("door", 1, START, until) is None
        assert await store.limits.give_back("door", until)
        assert not await store.limits.give_back("door", until)
        assert not await store.limits.give_back("another", until)
        assert await store.limits.guess("door", 1, START, until) is None
        assert await store.limits.guess("door", 1, START, until) == until

    async def test_of_many_guesses_at_once_as_many_succeed_as_there_are_places(self, store: Store) -> None:
        until = START + QUARTER
        answers = await asyncio.gather(*(store.limits.guess("door", 5, START, until) for _ in range(50)))
        assert answers.count(None) == 5
        assert set(answers) == {None, until}

    async def test_paid_debts_and_free_places_are_swept(self, store: Store) -> None:
        await store.limits.spend({"paid": -HOUR, "owing": HOUR})
        await store.limits.guess("old", 1, START, START + 1)
        await store.limits.guess("new", 1, START, START + 2)
        assert await store.limits.sweep(START + 2) == 2
        assert await store.limits.sweep(START + 2) == 0
        assert (await store.limits.spend({"owing": 0}))["owing"] > HOUR / 2
        assert await store.limits.guess("new", 1, START, START + 2) == START + 2
