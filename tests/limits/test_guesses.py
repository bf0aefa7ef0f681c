"""Guessing somebody's secret: five times in any quarter of an hour, on all nodes together; without a database never."""

import asyncio

import pytest

from lingpai.errors import Problem, Quota
from lingpai.storage import StorageUnavailableError

QUARTER = 15 * 60


async def guessed(node, subject="root", kind="operator"):
    """Whether one may guess."""
    try:
        await node.guesses.guess(kind, subject)
    except Problem as problem:
        return {"rate_limited": False}[problem.code]
    return True


async def test_five_guesses_in_a_quarter_of_an_hour_and_no_sixth(make_node, clock):
    node = make_node()
    for _ in range(5):
        assert await guessed(node)
        clock.advance(60)
    assert not await guessed(node)
    assert await guessed(node, "somebody else")
    clock.advance(QUARTER - 5 * 60)
    assert await guessed(node)  # the first is a quarter of an hour ago
    assert not await guessed(node)


async def test_a_refusal_says_when_the_next_may_be_made(make_node, clock):
    node = make_node()
    for _ in range(5):
        await guessed(node)
    clock.advance(100)
    with pytest.raises(Problem) as refused:
        await node.guesses.guess("operator", "root")
    assert refused.value.retry_after == QUARTER - 100
    assert refused.value.quota == Quota("operator", 5, QUARTER)
    assert 'lingpai_rate_limited_total{limit="operator"} 1.0' in node.metrics.page().decode()
    clock.advance(QUARTER - 100)
    assert await guessed(node)


async def test_two_nodes_count_together_however_many_guess_at_once(make_node):
    nodes = make_node(), make_node()
    outcomes = await asyncio.gather(*(guessed(nodes[n % 2]) for n in range(60)))
    assert outcomes.count(True) == 5


async def test_who_was_right_is_not_counted(make_node):
    node = make_node()
    for _ in range(20):
        guess = await node.guesses.guess("operator", "root")
        await guess.right()
    outcomes = [await guessed(node) for _ in range(6)]
    assert outcomes == [True] * 5 + [False]


async def test_who_was_right_gives_back_one_place_and_not_those_of_others(make_node):
    node = make_node()
    for _ in range(4):
        await guessed(node)
    mine = await node.guesses.guess("operator", "root")
    await mine.right()
    await mine.right()
    assert [await guessed(node) for _ in range(2)] == [True, False]


async def test_an_address_may_try_several_operators_but_not_many(make_node):
    node = make_node()
    outcomes = [await guessed(node, "203.0.113.7", "operator_address") for _ in range(21)]
    assert outcomes == [True] * 20 + [False]


async def test_guesses_are_limited_also_where_requests_are_not(make_node):
    node = make_node(on=False)
    assert [await guessed(node) for _ in range(6)].count(True) == 5


async def test_without_the_database_nobody_guesses(make_node, store):
    node = make_node()
    guess = await node.guesses.guess("operator", "root")
    await store.aclose()
    with pytest.raises(StorageUnavailableError):
        await node.guesses.guess("operator", "root")
    await guess.right()  # and being right is no error then
