"""When the writer waits for company: never for one caller alone, and never long."""

from hypothesis import given
from hypothesis import strategies as st

from lingpai.storage.batching import Window

LONGEST = 0.003


def steady(window: Window, rate: float, seconds: float = 1.0) -> None:
    """Writes that come one by one at a steady rate."""
    for n in range(int(rate * seconds)):
        window.saw(1, n / rate)


def test_an_idle_writer_never_waits():
    assert Window(LONGEST).wait(1) == 0


def test_a_slow_stream_is_not_held_up():
    window = Window(LONGEST)
    steady(window, 200)
    assert window.wait(1) == 0


def test_a_steady_stream_opens_the_window():
    window = Window(LONGEST)
    steady(window, 1_500)
    assert window.wait(1) == LONGEST


def test_a_faster_stream_opens_it_for_as_long_as_a_good_batch_takes():
    window = Window(LONGEST)
    steady(window, 40_000)
    assert 0 < window.wait(1) < LONGEST


def test_a_batch_that_is_large_already_goes_at_once():
    window = Window(LONGEST)
    steady(window, 10_000)
    assert window.wait(64) == 0


def test_a_window_of_nothing_stays_shut():
    window = Window(0)
    steady(window, 10_000)
    assert window.wait(1) == 0


def test_a_lone_caller_in_a_loop_is_held_up_ever_more_seldom():
    window = Window(LONGEST)
    steady(window, 4_000)
    waits = 0
    for n in range(4_000):
        window.saw(1, 1 + n / 4_000)
        if window.wait(1):
            waits += 1
            window.waited(0)
    assert 0 < waits < 20


def test_a_wait_that_paid_is_followed_by_the_next():
    window = Window(LONGEST)
    steady(window, 2_000)
    window.waited(0)
    assert window.wait(1) == 0
    assert window.wait(1) > 0
    window.waited(3)
    assert window.wait(1) > 0


@given(st.lists(st.tuples(st.integers(1, 500), st.floats(0, 10)), max_size=50), st.integers(1, 500))
def test_no_history_makes_it_wait_longer_than_allowed(history, queued):
    window = Window(LONGEST)
    now = 0.0
    for writes, passed in history:
        now += passed
        window.saw(writes, now)
        assert 0 <= window.wait(queued) <= LONGEST


def test_company_ends_the_rest_that_one_busy_caller_earned():
    window = Window(LONGEST)
    steady(window, 1_500)
    for _ in range(40):
        if window.wait(1):
            window.waited(0)
    assert window.wait(1) == 0
    assert window.wait(2) > 0
    window.waited(5)
    assert window.wait(1) > 0
