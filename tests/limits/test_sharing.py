"""Several nodes keep one limit together: within ten in a hundred, whoever asks where."""

import random
from typing import Any, cast

import pytest

from lingpai.limits import Policy
from lingpai.storage import StorageUnavailableError
from lingpai.testing.relay_contract import until

POLICY = Policy(name="address", per_minute=600, burst=200)
STEP = 0.05


async def admitted(nodes, limits, clock, *, seconds, demand, pick, every=0.5):
    """How many are let through in `seconds` at `demand` a second. `pick` chooses the node that is asked; they
    exchange every half second, none at the same moment.
    """
    count = asked = 0
    for step in range(round(seconds / STEP)):
        clock.advance(STEP)
        while asked < (step + 1) * STEP * demand:
            asked += 1
            count += limits[pick(asked)].take("203.0.113.7") == 0
        for place, node in enumerate(nodes):
            if step % round(every / STEP) == place % round(every / STEP):
                await node.sharing.share()
    return count


def _round_robin(n):
    return n % 3


def _one_after_the_other(n):
    return n // 400 % 3


CHANCE = random.Random(7)


def _mostly_one(n):
    return 0 if CHANCE.random() < 0.8 else CHANCE.randrange(3)


@pytest.mark.parametrize("pick", [_round_robin, _one_after_the_other, _mostly_one])
@pytest.mark.parametrize(("demand", "seconds"), [(15, 60), (30, 60), (30, 180), (200, 120)])
async def test_three_nodes_err_by_ten_in_a_hundred_at_most(make_node, clock, pick, demand, seconds):
    nodes = [make_node() for _ in range(3)]
    limits = [node.limit(POLICY, clock) for node in nodes]
    right = min(demand * seconds, POLICY.burst + seconds * POLICY.per_minute / 60)
    count = await admitted(nodes, limits, clock, seconds=seconds, demand=demand, pick=pick)
    assert right * 0.9 <= count <= right * 1.1


async def test_without_an_exchange_three_nodes_would_let_three_times_as_many_through(make_node, clock):
    nodes = [make_node() for _ in range(3)]
    limits = [node.limit(POLICY, clock) for node in nodes]
    count = await admitted([], limits, clock, seconds=60, demand=200, pick=_round_robin)
    assert count > 2_300


async def test_a_node_that_comes_later_hears_what_was_used_before(make_node, clock):
    early, late = make_node(), make_node()
    first, second = (node.limit(POLICY, clock) for node in (early, late))
    assert sum(first.take("one") == 0 for _ in range(500)) == 200
    await early.sharing.share()
    for _ in range(10):
        second.take("one")
    await late.sharing.share()
    assert second.take("one") > 0


async def test_who_comes_now_and_then_costs_the_database_nothing(make_node, clock, store):
    node = make_node()
    limit = node.limit(POLICY, clock)
    for n in range(500):
        for _ in range(9):
            limit.take(f"198.51.100.{n}")
    for _ in range(2):
        node.gate.person("wx00000000000000a1", "oSomebody")
    assert limit.to_share == {}
    await node.sharing.share()
    assert store._tables.debts == {}


async def test_nothing_that_stands_in_the_database_tells_whose_it_is(make_node, clock, store):
    node = make_node()
    for _ in range(50):
        node.gate.stranger("203.0.113.7")
    for _ in range(15):
        node.gate.person("wx00000000000000a1", "oSomebody")
    await node.sharing.share()
    names = list(store._tables.debts)
    assert sorted(name.partition(" ")[0] for name in names) == ["address", "openid"]
    assert all(len(name) <= 80 for name in names)
    assert "203.0.113.7" not in str(names)
    assert "oSomebody" not in str(names)


class Broken:
    """A relay and a database that cannot be asked."""

    def __init__(self):
        self.down = True
        self.spent = []

    async def spend(self, spent):
        if self.down:
            raise StorageUnavailableError("down")
        self.spent.append(dict(spent))
        return dict(spent)


async def test_a_node_that_reaches_nobody_limits_alone_and_tells_later(make_node, clock):
    relay = Broken()
    node = make_node(relay=cast(Any, relay))
    limit = node.limit(POLICY, clock)
    assert sum(limit.take("one") == 0 for _ in range(500)) == 200
    for _ in range(3):
        await node.sharing.share()
    assert limit.take("one") > 0
    page = node.metrics.page().decode()
    assert 'lingpai_limits_unshared_total{reason="StorageUnavailableError"} 3.0' in page
    relay.down = False
    await node.sharing.share()
    await node.sharing.share()
    assert [list(spent.values()) for spent in relay.spent] == [[200 * 100_000]]  # all of it, once


async def test_of_too_many_subjects_those_that_used_most_are_told_first(make_node, clock):
    relay = Broken()
    relay.down = False
    node = make_node(relay=cast(Any, relay))
    limit = node.limit(POLICY, clock)
    for n in range(250):
        for _ in range(10 + n % 50):
            limit.take(f"address {n}")
    for _ in range(3):
        await node.sharing.share()
    assert [len(spent) for spent in relay.spent] == [100, 100, 50]
    assert min(relay.spent[0].values()) >= max(relay.spent[2].values())


async def test_much_use_at_once_is_told_at_once(make_node, clock, store):
    node = make_node()
    node.sharing.start()
    for _ in range(100):
        node.gate.stranger("203.0.113.7")
    await until(lambda: store._tables.debts != {})
    await node.sharing.aclose()
