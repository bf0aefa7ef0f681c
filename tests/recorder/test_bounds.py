"""A flood overwhelms neither memory nor database; what is left out is counted; what waits survives trouble."""

import asyncio

import pytest

from lingpai.clock import SystemClock
from lingpai.logins import Recorder
from lingpai.model import AttemptSearch, timelines
from lingpai.observe import Flight, Metrics
from lingpai.storage import StorageUnavailableError, open_store
from lingpai.testing.clock import FrozenClock
from lingpai.testing.storage_contract_samples import START, event


@pytest.fixture
async def store():
    store = await open_store("memory:", clock=SystemClock())
    yield store
    await store.aclose()


def recorder_of(store, clock=None, **options):
    metrics = Metrics()
    return Recorder(store, clock or FrozenClock(), metrics, **options), metrics


def flown(began=1.0, steps=1):
    flight = Flight("login", "req", began, lambda: began + 0.2)
    for n in range(steps):
        flight.step("wechat", began, began + 0.1, endpoint="SNS_JSCODE2SESSION", host=f"host-{n}")
    return flight


async def lines(store):
    return await store.flights.search(AttemptSearch(), 10_000)


async def test_a_flood_of_one_refusal_is_sampled_and_counted(store):
    recorder, metrics = recorder_of(store)
    for n in range(5_000):
        recorder.line(event(n + 1, at=START), flown())
    recorder.line(event(9_000, at=START, result="wechat_busy"), flown())
    await recorder.drain()
    kept = await lines(store)
    assert sum(line.result == "code_used" for line in kept) == 50
    assert sum(line.result == "wechat_busy" for line in kept) == 1
    minutes = {minute.result: minute for minute in await store.flights.minutes(0)}
    assert (minutes["code_used"].count, minutes["code_used"].unrecorded) == (5_000, 4_950)
    assert minutes["wechat_busy"].unrecorded == 0
    assert b'lingpai_attempts_unrecorded_total{reason="too_many"} 4950.0' in metrics.page()


async def test_the_next_second_is_recorded_again(store):
    clock = FrozenClock()
    recorder, _ = recorder_of(store, clock)
    for second in range(3):
        for n in range(60):
            recorder.line(event(second * 100 + n), None)
        clock.advance(1)
    await recorder.drain()
    assert len(await lines(store)) == 150


async def test_what_waits_is_bounded_whatever_the_results(store):
    recorder, metrics = recorder_of(store)
    for n in range(6_000):
        recorder.line(event(n, result=f"result-{n}"), None)
    await recorder.drain()
    assert len(await lines(store)) == 2_000
    assert b'reason="too_many"} 4000.0' in metrics.page()


async def test_lines_and_timelines_wait_for_a_store_that_comes_back(store):
    class Trouble:
        """Refuses twice, then is the store."""

        def __init__(self, real, broken):
            self._real, self._broken = real, broken

        def __getattr__(self, name):
            async def answer(*values):
                if self._broken:
                    self._broken.pop()
                    raise StorageUnavailableError("down")
                return await getattr(self._real, name)(*values)

            return answer

    class Down:
        logins = Trouble(store.logins, [True, True])
        flights = Trouble(store.flights, [True])

    recorder, _ = recorder_of(Down())
    recorder.line(event(1), flown())
    for _ in range(3):
        with pytest.raises(StorageUnavailableError):
            await recorder.flush()
    await recorder.flush()
    assert [line.id for line in await lines(store)] == [event(1).id]
    (page,) = await store.flights.pages(event(1).at, 9)
    assert [each.event_id for each in timelines(page.body)] == [event(1).id]
    assert [minute.count for minute in await store.flights.minutes(0)] == [1]


async def test_pages_stay_small_and_short(store):
    recorder, _ = recorder_of(store)
    for n in range(400):
        one = flown(steps=24)
        one.agent, one.event_id, one.event_at = "a" * 200, event(n).id, START + n * 1000
        recorder.granted(START, one, ("wx", "login", "signed_in"))
    await recorder.drain()
    pages = [page for n in range(0, 400, 20) for page in await store.flights.pages(START + n * 1000, 99)]
    assert max(len(page.body) for page in pages) < 65_536
    assert max(page.last_at - page.first_at for page in pages) <= 60_000
    kept = {each.event_id for page in pages for each in timelines(page.body)}
    assert {event(n).id for n in range(0, 400, 20)} <= kept


async def test_a_lone_login_waits_for_company_before_it_costs_a_commit(store):
    clock = FrozenClock()
    recorder, _ = recorder_of(store, clock)
    one = flown()
    one.event_id, one.event_at = event(1).id, START
    recorder.granted(START, one, ("wx", "login", "signed_in"))
    await recorder.follow()
    assert await store.flights.pages(START, 9) == []
    clock.advance(4)
    await recorder.follow()
    assert len(await store.flights.pages(START, 9)) == 1


async def test_a_refusal_is_on_record_without_a_timer(store):
    recorder, _ = recorder_of(store)
    recorder.line(event(1), None)
    await asyncio.wait_for(recorder._writing, 5)
    assert len(await lines(store)) == 1


async def test_switched_off_only_lines_are_written(store):
    recorder, _ = recorder_of(store, timelines=False)
    recorder.line(event(1), flown())
    recorder.granted(START, flown(), ("wx", "login", "signed_in"))
    await recorder.drain()
    assert len(await lines(store)) == 1
    assert await store.flights.minutes(0) == []
    assert await store.flights.pages(event(1).at, 9) == []


def test_a_flight_notes_no_more_steps_than_it_has_room_for():
    assert len(flown(steps=1_000).steps) == 24
