"""The promise about rate limits: what all nodes spent is one debt."""
# ruff: noqa: S101 - a contract states its promises with assert, its figures where they are checked

import asyncio

from lingpai.storage import Store

HOUR = 3_600_000_000
"""In microseconds: so long that what passes meanwhile does not count."""


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

    async def test_paid_debts_are_swept(self, store: Store) -> None:
        await store.limits.spend({"paid": -HOUR, "owing": HOUR})
        assert await store.limits.sweep() == 1
        assert await store.limits.sweep() == 0
        assert (await store.limits.spend({"owing": 0}))["owing"] > HOUR / 2
