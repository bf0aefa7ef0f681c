"""Timers that survive their jobs."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final

import msgspec

from lingpai.observe import logger
from lingpai.secret import random_fraction

_JITTER: Final = 0.1


class Job(msgspec.Struct, frozen=True):
    """Something to do every so many seconds, give or take a tenth."""

    name: str
    every: float
    run: Callable[[], Awaitable[object]]


class Timers:
    """Runs jobs until it is closed. A job that fails is logged once until it works again."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs: Final = jobs
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin; the first run of each job comes after its first interval."""
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(_repeat(job), name=job.name) for job in self._jobs]

    async def aclose(self) -> None:
        """Stop them all."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task


async def _repeat(job: Job) -> None:
    failing = False
    while True:
        await asyncio.sleep(job.every * (1 + _JITTER * (2 * random_fraction() - 1)))
        try:
            await job.run()
        except Exception as error:  # noqa: BLE001  a timer outlives any fault of its job
            if not failing:
                logger().error("job_failed", job=job.name, reason=f"{type(error).__name__}: {error}")
            failing = True
        else:
            if failing:
                logger().info("job_recovered", job=job.name)
            failing = False
