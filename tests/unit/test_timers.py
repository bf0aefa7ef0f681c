"""Timers outlive their jobs."""

import asyncio

from lingpai.jobs.timers import Job, Timers


async def test_a_job_that_fails_is_tried_again():
    runs: list[int] = []
    done = asyncio.Event()

    async def run() -> None:
        runs.append(len(runs))
        if len(runs) < 3:
            raise RuntimeError("not yet")
        done.set()

    timers = Timers([Job("flaky", 0.001, run)])
    timers.start()
    await asyncio.wait_for(done.wait(), 10)
    await timers.aclose()
    assert runs[:3] == [0, 1, 2]


async def test_one_failing_job_does_not_stop_another():
    done = asyncio.Event()

    async def fail() -> None:
        raise RuntimeError("always")

    async def work() -> None:
        done.set()

    timers = Timers([Job("fails", 0.001, fail), Job("works", 0.001, work)])
    timers.start()
    assert await asyncio.wait_for(done.wait(), 10)
    await timers.aclose()


async def test_closing_ends_a_job_that_hangs():
    began, ended = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    timers = Timers([Job("hangs", 0.001, hang)])
    timers.start()
    await asyncio.wait_for(began.wait(), 10)
    await asyncio.wait_for(timers.aclose(), 10)
    assert ended.is_set()
