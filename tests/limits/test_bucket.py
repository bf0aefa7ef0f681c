"""One limit, on one node: as much as it says, and not one more."""

from hypothesis import example, given
from hypothesis import strategies as st

from lingpai.limits import Limit, Policy
from lingpai.limits import bucket as buckets
from lingpai.testing.clock import FrozenClock


def limit_of(clock, per_minute=600, burst=200):
    return Limit(Policy(name="address", per_minute=per_minute, burst=burst), clock.monotonic)


def allowed(limit, subject, tries):
    return sum(limit.take(subject) == 0 for _ in range(tries))


def test_a_burst_and_then_so_many_a_minute():
    clock = FrozenClock()
    limit = limit_of(clock)
    assert allowed(limit, "one", 1_000) == 200
    clock.advance(1)
    assert allowed(limit, "one", 1_000) == 10
    clock.advance(60)
    assert allowed(limit, "one", 1_000) == 200
    assert allowed(limit, "another", 1_000) == 200


def test_whoever_waits_as_long_as_told_gets_in():
    clock = FrozenClock()
    limit = limit_of(clock, per_minute=30, burst=5)
    assert allowed(limit, "one", 9) == 5
    wait = limit.take("one")
    assert wait == limit.wait("one") == 2.0
    clock.advance(wait / 2)
    assert limit.take("one") == 1.0
    clock.advance(wait / 2)
    assert limit.wait("one") == 0
    assert limit.take("one") == 0


@given(
    per_minute=st.integers(1, 6_000),
    burst=st.integers(1, 300),
    pauses=st.lists(st.sampled_from([0, 0, 0, 0.001, 0.1, 1.3, 7, 60, 400]), max_size=400),
)
@example(per_minute=7, burst=3, pauses=[0] * 9 + [60] + [0] * 9)
def test_in_no_stretch_of_time_is_more_let_through(per_minute, burst, pauses):
    clock = FrozenClock()
    limit = limit_of(clock, per_minute, burst)
    let_through = []
    for pause in pauses:
        clock.advance(pause)
        wait = limit.take("one")
        if wait == 0:
            let_through.append(clock.monotonic())
        else:
            assert 0 < wait <= 60 / per_minute + 0.001  # one more fits as soon as one is paid
    for first, began in enumerate(let_through):
        for last in range(first, len(let_through)):
            most = burst + (let_through[last] - began) * per_minute / 60
            assert last - first + 1 <= most + 0.01


def test_what_is_only_counted_may_be_owed_and_is_paid_back():
    clock = FrozenClock()
    limit = limit_of(clock, per_minute=60, burst=2)
    for _ in range(5):
        limit.count("one")
    assert limit.wait("one") == 4.0
    clock.advance(4)
    assert limit.take("one") == 0


def test_no_limit_lets_everybody_through_and_remembers_nobody():
    limit = limit_of(FrozenClock(), per_minute=0)
    limit.count("one")
    assert allowed(limit, "one", 10_000) == 10_000
    assert limit.wait("one") == 0
    assert len(limit) == 0


def test_who_owes_nothing_is_forgotten_after_a_minute():
    clock = FrozenClock()
    limit = limit_of(clock, burst=600)
    limit.take("gone")
    clock.advance(50)
    allowed(limit, "busy", 600)
    clock.advance(30)
    limit.forget()
    assert list(limit) == ["busy"]


def test_a_million_addresses_are_not_remembered(monkeypatch):
    monkeypatch.setattr(buckets, "_MOST", 100)
    limit = limit_of(FrozenClock())
    for n in range(1_000):
        allowed(limit, f"address {n}", 30)
    assert len(limit) == 100
    assert set(limit.to_share) <= set(limit)


def test_what_all_nodes_say_is_owed_counts_with_what_was_used_since():
    clock = FrozenClock()
    limit = limit_of(clock)
    limit.take("one")
    (bucket,) = limit._buckets.values()
    limit.owes(bucket, 15_000_000)  # 150 of 200
    assert allowed(limit, "one", 1_000) == 49


def test_a_relay_that_lost_its_memory_gives_nobody_more():
    clock = FrozenClock()
    limit = limit_of(clock)
    allowed(limit, "one", 150)
    (bucket,) = limit._buckets.values()
    limit.owes(bucket, 0)
    assert allowed(limit, "one", 1_000) == 50


def test_a_relay_that_lies_locks_nobody_out_for_long():
    clock = FrozenClock()
    limit = limit_of(clock)
    limit.take("one")
    (bucket,) = limit._buckets.values()
    limit.owes(bucket, 1 << 62)
    assert limit.take("one") < 10 * 60
