"""Too many calls, or a host in trouble: who is served, who is turned away, and who never notices."""

import asyncio

import pytest
from msgspec.structs import replace

from lingpai.wechat import (
    CallRecord,
    WeChatAnswerInvalid,
    WeChatAnswerLost,
    WeChatOverloaded,
    WeChatRefused,
    WeChatSettings,
)
from lingpai.wechat._breaker import Breaker
from lingpai.wechat._lane import Lane
from lingpai.wechat.endpoints.sns import SNS_JSCODE2SESSION

APP = "wx00000000000000a1"


async def until(condition):
    while not condition():  # noqa: ASYNC110 - what is waited for has no event
        await asyncio.sleep(0)


async def waiter(lane, order, name):
    shed = await lane.wait()
    order.append((name, shed.reason if shed else "served"))


# --- the lane ---------------------------------------------------------------------------------


async def test_the_newest_who_waits_is_served_first():
    order: list[tuple[str, str]] = []
    lane = Lane(WeChatSettings(in_flight_per_app=1))
    assert lane.enter()
    tasks = []
    for name in ("first", "second", "third"):
        tasks.append(asyncio.create_task(waiter(lane, order, name)))
        await until(lambda: lane.waiting == len(tasks))
    for _ in tasks:
        lane.leave()
    await asyncio.gather(*tasks)
    assert order == [("third", "served"), ("second", "served"), ("first", "served")]
    lane.leave()
    assert lane.in_flight == 0


async def test_a_full_queue_pushes_out_the_oldest_at_once():
    order: list[tuple[str, str]] = []
    lane = Lane(WeChatSettings(in_flight_per_app=1, queue_per_app=2, queue_wait=3.0))
    assert lane.enter()
    old = asyncio.create_task(waiter(lane, order, "old"))
    await until(lambda: lane.waiting == 1)
    others = [asyncio.create_task(waiter(lane, order, name)) for name in ("mid", "new")]
    await old
    assert order == [("old", "queue")]
    assert lane.waiting == 2
    lane.leave()
    lane.leave()
    await asyncio.gather(*others)


async def test_a_wait_that_gets_too_long_is_ended():
    order: list[tuple[str, str]] = []
    lane = Lane(WeChatSettings(in_flight_per_app=1, queue_wait=0.01))
    assert lane.enter()
    await waiter(lane, order, "late")
    assert order == [("late", "queue")]
    assert lane.waiting == 0
    lane.leave()
    assert lane.in_flight == 0


async def test_without_a_queue_the_bulkhead_turns_away_at_once():
    lane = Lane(WeChatSettings(in_flight_per_app=1, queue_per_app=0))
    assert lane.enter()
    shed = await lane.wait()
    assert shed is not None
    assert shed.reason == "bulkhead"


async def test_who_gives_up_waiting_leaves_the_queue():
    order: list[tuple[str, str]] = []
    lane = Lane(WeChatSettings(in_flight_per_app=1))
    assert lane.enter()
    task = asyncio.create_task(waiter(lane, order, "impatient"))
    await until(lambda: lane.waiting == 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (lane.waiting, lane.in_flight) == (0, 1)


async def test_who_gives_up_in_the_moment_of_being_served_passes_the_slot_on():
    order: list[tuple[str, str]] = []
    lane = Lane(WeChatSettings(in_flight_per_app=1))
    assert lane.enter()
    next_one = asyncio.create_task(waiter(lane, order, "next"))
    await until(lambda: lane.waiting == 1)
    served = asyncio.create_task(waiter(lane, order, "served"))
    await until(lambda: lane.waiting == 2)
    lane.leave()
    served.cancel()
    with pytest.raises(asyncio.CancelledError):
        await served
    await next_one
    assert order == [("next", "served")]
    assert lane.in_flight == 1


# --- the breaker ------------------------------------------------------------------------------


def feed(breaker, clock, *, failures=0, successes=0):
    for number in range(failures + successes):
        if breaker.closed_for(clock()) == 0.0:
            breaker.record(clock(), failed=number >= successes, probe=breaker.admit(clock()))


def test_the_breaker_opens_at_half_of_twenty_and_not_before(clock):
    breaker = Breaker(WeChatSettings())
    feed(breaker, clock, failures=19)
    assert breaker.closed_for(clock()) == 0.0
    feed(breaker, clock, failures=1)
    assert breaker.closed_for(clock()) == 1.0

    healthier = Breaker(WeChatSettings())
    feed(healthier, clock, successes=11, failures=10)
    assert healthier.closed_for(clock()) == 0.0
    feed(healthier, clock, failures=1)
    assert healthier.closed_for(clock()) == 1.0


def test_the_breaker_forgets_after_its_window(clock):
    breaker = Breaker(WeChatSettings())
    feed(breaker, clock, failures=19)
    clock.advance(10)
    feed(breaker, clock, failures=19)
    assert breaker.closed_for(clock()) == 0.0


def test_an_open_breaker_lets_one_probe_a_second_through(clock):
    breaker = Breaker(WeChatSettings())
    feed(breaker, clock, failures=20)
    clock.advance(0.25)
    assert breaker.closed_for(clock()) == 0.75
    clock.advance(0.75)
    assert breaker.closed_for(clock()) == 0.0
    assert breaker.admit(clock()), "the one let through is the probe"
    assert breaker.closed_for(clock()) == 1.0, "the next has to wait for another second"


def test_only_a_probe_that_succeeds_closes_the_breaker(clock):
    breaker = Breaker(WeChatSettings())
    feed(breaker, clock, failures=20)
    breaker.record(clock(), failed=False, probe=False)
    assert breaker.closed_for(clock()) > 0, "a late answer says nothing about now"
    clock.advance(1)
    feed(breaker, clock, failures=1)
    assert breaker.closed_for(clock()) > 0
    clock.advance(1)
    feed(breaker, clock, successes=1)
    assert breaker.closed_for(clock()) == 0.0
    feed(breaker, clock, failures=19)
    assert breaker.closed_for(clock()) == 0.0, "it starts to count anew"


# --- the client -------------------------------------------------------------------------------


async def test_a_cancelled_call_frees_its_slot(host, connect, request_):
    host.answer = None
    client = connect(host.url, in_flight_per_app=1, queue_per_app=0)
    call = asyncio.create_task(client.call(SNS_JSCODE2SESSION, request_, app=APP))
    await host.heard(1)
    with pytest.raises(WeChatOverloaded):
        await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    again = asyncio.create_task(client.call(SNS_JSCODE2SESSION, request_, app=APP))
    await host.heard(2)
    again.cancel()
    with pytest.raises(asyncio.CancelledError):
        await again


async def test_every_way_a_call_can_end_gives_its_slot_back(host, connect, request_, framed, good):
    client = connect(host.url, brief=True, in_flight_per_app=1, queue_per_app=0)
    for answer in (framed(good), framed(b'{"errcode":40029}'), framed(b"<html>"), b"", None):
        host.answer, host.close = answer, answer == b""
        calls = [client.call(SNS_JSCODE2SESSION, request_, app=APP)]
        await asyncio.gather(*calls, return_exceptions=True)
        assert client._lanes["api", APP].in_flight == 0


async def test_no_more_than_the_bulkhead_holds_is_in_flight(host, connect, request_, framed, good):
    release = asyncio.Event()

    async def hold(writer, _number):
        await release.wait()
        writer.write(framed(good))

    host.behave = hold
    client = connect(host.url, in_flight_per_app=4, queue_per_app=4, queue_wait=20.0)
    calls = [asyncio.create_task(client.call(SNS_JSCODE2SESSION, request_, app=APP)) for _ in range(12)]
    await host.heard(4)
    pushed_out = [call for call in calls if call.done()]
    assert len(pushed_out) == 4
    assert len(host.requests) == 4
    release.set()
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(o) for o in outcomes if isinstance(o, Exception)] == [WeChatOverloaded] * 4
    assert len(host.requests) == 8


async def test_a_failing_host_is_left_alone_until_a_probe_succeeds(host, connect, request_, clock):
    host.answers(b"<html>", "502 Bad Gateway")
    client = connect(host.url, monotonic=clock)
    for _ in range(20):
        with pytest.raises(WeChatAnswerInvalid):
            await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    with pytest.raises(WeChatOverloaded) as shed:
        await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    assert (shed.value.reason, shed.value.retry_after) == ("breaker", 1.0)
    assert len(host.requests) == 20

    host.answers()
    clock.advance(1)
    await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    await client.call(SNS_JSCODE2SESSION, request_, app=APP)


@pytest.mark.parametrize(("errcode", "opens"), [(40029, False), (40163, False), (45011, False), (-1, True)])
async def test_only_the_busy_errcode_counts_as_trouble(errcode, opens, host, connect, request_):
    host.answers(b'{"errcode":%d}' % errcode)
    client = connect(host.url)
    for _ in range(20):
        with pytest.raises(WeChatRefused):
            await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    with pytest.raises(WeChatOverloaded if opens else WeChatRefused):
        await client.call(SNS_JSCODE2SESSION, request_, app=APP)


async def test_who_queued_while_the_breaker_opened_is_turned_away(host, connect, request_, clock):
    host.answer = None
    client = connect(host.url, monotonic=clock, in_flight_per_app=1, queue_wait=20.0)
    first = asyncio.create_task(client.call(SNS_JSCODE2SESSION, request_, app=APP))
    await host.heard(1)
    queued = asyncio.create_task(client.call(SNS_JSCODE2SESSION, request_, app=APP))
    lane = client._lanes["api", APP]
    await until(lambda: lane.waiting == 1)
    feed(lane.breaker, clock, failures=20)
    first.cancel()
    with pytest.raises(WeChatOverloaded) as shed:
        await queued
    assert shed.value.reason == "breaker"
    assert lane.in_flight == 0


async def test_twenty_apps_in_a_black_hole_do_not_disturb_another(host, connect, request_, framed, good):
    hole = b"blackhole"

    async def swallow_marked(writer, number):
        if hole in host.requests[number - 1]:
            await asyncio.get_running_loop().create_future()
        writer.write(framed(good))

    host.behave = swallow_marked
    client = connect(host.url, in_flight_per_app=8, queue_per_app=8)
    dark = replace(request_, js_code=hole.decode())
    stuck = [
        asyncio.create_task(client.call(SNS_JSCODE2SESSION, dark, app=f"wx{n:016x}"))
        for n in range(20)
        for _ in range(20)
    ]
    await host.heard(20 * 8)
    for _ in range(50):
        await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    assert client._lanes["api", APP].waiting == 0
    for task in stuck:
        task.cancel()
    outcomes = await asyncio.gather(*stuck, return_exceptions=True)
    assert {type(o) for o in outcomes} <= {WeChatOverloaded, asyncio.CancelledError}


async def test_waiting_in_the_queue_counts_against_the_time_of_the_call(
    host, connect, request_, clock, monkeypatch
):
    client = connect(host.url, monotonic=clock, in_flight_per_app=1, queue_wait=20.0)
    budgets: list[float | None] = []
    exchange = client._transport.exchange

    async def watched(endpoint, request, budget, way):
        budgets.append(budget)
        return await exchange(endpoint, request, budget, way)

    monkeypatch.setattr(client._transport, "exchange", watched)
    await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    lane = client._lanes["api", APP]
    assert lane.enter()
    queued = asyncio.create_task(client.call(SNS_JSCODE2SESSION, request_, app=APP))
    await until(lambda: lane.waiting == 1)
    clock.advance(7.0)
    lane.leave()
    await queued
    assert budgets == [None, 53.0]


async def test_an_observer_hears_of_every_call_however_it_ended(host, connect, request_, clock):
    heard: list[CallRecord] = []
    client = connect(host.url, on_call=heard.append, monotonic=clock, in_flight_per_app=1, queue_per_app=0)
    rid = "6aac005a-01bfdbee-79769285"

    async def call():
        return await asyncio.gather(
            client.call(SNS_JSCODE2SESSION, request_, app=APP), return_exceptions=True
        )

    await call()
    host.answers(b'{"errcode":40163,"errmsg":"code been used, rid: %s"}' % rid.encode())
    await call()
    host.answers(b"<html>")
    await call()
    host.answer = None
    stuck = asyncio.create_task(client.call(SNS_JSCODE2SESSION, request_, app=APP))
    await host.heard(4)
    await call()
    stuck.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stuck
    name, own = "SNS_JSCODE2SESSION", host.url.partition("://")[2]
    assert heard == [
        CallRecord(name, APP, 0.0, "ok", host=own),
        CallRecord(name, APP, 0.0, "refused", 40163, rid, host=own),
        CallRecord(name, APP, 0.0, "answer_invalid", host=own),
        CallRecord(name, APP, 0.0, "overloaded"),
        CallRecord(name, APP, 0.0, "cancelled", host=own),
    ]


async def test_an_observer_that_raises_does_not_cost_the_answer(host, connect, request_):
    complaints = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: complaints.append(context["message"])
    )

    def broken(record):
        raise LookupError(record.outcome)

    session = await connect(host.url, on_call=broken).call(SNS_JSCODE2SESSION, request_, app=APP)
    assert session.openid
    assert complaints == ["on_call raised"]


async def test_lost_answers_open_the_breaker_of_that_app_alone(host, connect, request_, clock):
    host.answer, host.close = b"", True
    client = connect(host.url, monotonic=clock)
    for _ in range(20):
        with pytest.raises(WeChatAnswerLost):
            await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    with pytest.raises(WeChatOverloaded):
        await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    host.answers()
    await client.call(SNS_JSCODE2SESSION, request_, app="wx00000000000000b2")
