"""What every relay must do: test classes to inherit.

    class TestMine(RelayContract, WireContract):
        @pytest.fixture
        async def relays(self): ...   # two nodes of one installation, on one database

`WireContract` is for a relay that carries words; one without a wire keeps the rest of the promise.
"""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

import asyncio
from collections.abc import Callable

from lingpai.relay import Relay

HOUR = 3_600_000_000
"""In microseconds: so long that what passes meanwhile does not count."""
PATIENCE = 10.0

Pair = tuple[Relay, Relay]


async def until(condition: Callable[[], bool]) -> None:
    """Wait for it."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - of any kind, mostly of other processes
            await asyncio.sleep(0.005)


class Looks:
    """Counts how often somebody looked."""

    def __init__(self) -> None:
        self.count = 0

    async def look(self) -> None:
        self.count += 1


class RelayContract:
    async def test_what_nodes_spend_is_one_debt(self, relays: Pair) -> None:
        one, other = relays
        assert await one.spend({"a": HOUR, "b": HOUR}) == {"a": HOUR, "b": HOUR}
        assert HOUR < (await other.spend({"a": HOUR}))["a"] <= 2 * HOUR
        assert HOUR < (await one.spend({"a": 0}))["a"] <= 2 * HOUR

    async def test_what_nodes_spend_at_once_adds_up(self, relays: Pair) -> None:
        await asyncio.gather(*(relays[n % 2].spend({"shared": HOUR, f"own {n}": HOUR}) for n in range(10)))
        assert 9 * HOUR < (await relays[0].spend({"shared": 0}))["shared"] <= 10 * HOUR

    async def test_spending_nothing_asks_nobody(self, relays: Pair) -> None:
        assert await relays[0].spend({}) == {}

    async def test_a_debt_is_paid_by_time_alone(self, relays: Pair) -> None:
        await relays[0].spend({"soon": 1_000})
        async with asyncio.timeout(PATIENCE):
            while (await relays[1].spend({"soon": 0}))["soon"] > 0:  # noqa: ASYNC110 - time is what it waits for
                await asyncio.sleep(0.001)

    async def test_telling_waits_for_nobody_and_never_fails(self, relays: Pair) -> None:
        for n in range(1_000):
            relays[0].tell(f"topic {n % 3}")
        await relays[0].aclose()
        relays[0].tell("closed")

    async def test_closing_twice_is_no_error(self, relays: Pair) -> None:
        await relays[1].aclose()
        await relays[1].aclose()


class WireContract:
    async def test_a_word_of_one_node_makes_the_other_look(self, relays: Pair) -> None:
        looks = Looks()
        relays[1].listen("sessions", looks.look)
        relays[0].tell("sessions")
        await until(lambda: looks.count > 0)

    async def test_a_node_does_not_hear_itself(self, relays: Pair) -> None:
        own, others = Looks(), Looks()
        relays[0].listen("apps", own.look)
        relays[1].listen("apps", others.look)
        relays[0].tell("apps")
        await until(lambda: others.count > 0)
        assert own.count == 0

    async def test_a_word_reaches_those_who_listen_to_it(self, relays: Pair) -> None:
        apps, mine, own = Looks(), Looks(), Looks()
        relays[1].listen("apps", apps.look)
        relays[1].listen("webhooks.due", mine.look)
        relays[1].listen("webhooks.due", own.look)
        relays[0].tell("webhooks.due")
        await until(lambda: mine.count > 0 and own.count > 0)
        assert apps.count == 0

    async def test_many_words_are_few_looks_and_the_last_word_is_followed_by_one(self, relays: Pair) -> None:
        told, seen = 0, []

        async def look() -> None:
            seen.append(told)
            await asyncio.sleep(0.01)

        relays[1].listen("sessions", look)
        for told in range(1, 201):  # noqa: B007 - read by `look`
            relays[0].tell("sessions")
            await asyncio.sleep(0)
        await until(lambda: bool(seen) and seen[-1] == 200)
        assert len(seen) < 50

    async def test_a_look_that_fails_is_not_the_last(self, relays: Pair) -> None:
        looks = Looks()

        async def look() -> None:
            await looks.look()
            raise RuntimeError

        relays[1].listen("apps", look)
        relays[0].tell("apps")
        await until(lambda: looks.count > 0)
        relays[0].tell("apps")
        await until(lambda: looks.count > 1)

    async def test_who_has_hung_up_does_not_look(self, relays: Pair) -> None:
        looks, witness = Looks(), Looks()
        relays[1].listen("apps", looks.look)
        await relays[1].aclose()
        relays[0].listen("answer", witness.look)
        relays[0].tell("apps")
        await until(lambda: relays[0].alive)
        assert looks.count == 0

    async def test_it_is_alive(self, relays: Pair) -> None:
        await until(lambda: relays[0].alive and relays[1].alive)
