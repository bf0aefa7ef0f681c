"""A queue that takes everything that has come in since the last batch, and answers it all together.

The counterpart of SQLite's lane without a thread: a server's driver is asynchronous already. What queued
while a batch was under way is the next batch.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from lingpai.clock import Clock
from lingpai.storage.batching import BatchSettings, Window
from lingpai.storage.port import StorageUnavailableError
from lingpai.storage.sql.items import Item, settle, waiting

V = TypeVar("V")
A = TypeVar("A")


class Lane:
    """A queue with a task at its end. Belongs to the event loop that made it."""

    def __init__(
        self,
        name: str,
        *,
        work: Callable[[list[Item]], Awaitable[list[Any]]],
        close: Callable[[], Awaitable[None]],
        clock: Clock,
        batch: BatchSettings,
        commits: str = "",
    ) -> None:
        """`work` answers a batch, in its order, and raises nothing; an answer that is an exception is raised
        to its caller. `close` is the last that the task calls. `commits` names a lane that writes, for traces.
        """
        self._work: Final = work
        self._close: Final = close
        self._clock: Final = clock
        self._commits: Final = commits
        self._limit: Final = batch.queue
        self._most: Final = batch.most
        self._window: Final = Window(batch.window)
        self._queue: Final[deque[Item]] = deque()
        self._wake: Final = asyncio.Event()
        self._closing = False
        self._loop: Final = asyncio.get_running_loop()
        self._task: Final = self._loop.create_task(self._run(), name=name)

    def submit(self, verb: Callable[[Any, list[V]], Awaitable[list[A]]], value: V) -> asyncio.Future[A]:
        """Queue a value; await the future for its answer. Cancelling the future cancels nothing here.

        Raises StorageUnavailableError when the queue is full or the lane is closed.
        """
        if self._closing:
            raise StorageUnavailableError("the store is closed")
        if len(self._queue) >= self._limit:
            raise StorageUnavailableError("too many requests wait for the database")
        answer: asyncio.Future[A] = self._loop.create_future()
        wait = waiting(self._commits, answer, self._clock.monotonic) if self._commits else None
        self._queue.append(Item(verb, value, answer, wait))
        self._wake.set()
        return answer

    async def aclose(self) -> None:
        """Answer what was accepted, refuse the rest, end the task."""
        self._closing = True
        self._wake.set()
        await asyncio.shield(self._task)

    async def _run(self) -> None:
        try:
            while self._queue or not self._closing:
                await self._wake.wait()
                self._wake.clear()
                while self._queue:
                    await self._take()
        finally:
            await self._close()

    async def _take(self) -> None:
        queued = len(self._queue)
        seconds = self._window.wait(queued)
        if seconds > 0:
            await asyncio.sleep(seconds)
            self._window.waited(len(self._queue) - queued)
        take = self._queue.popleft
        batch = [take() for _ in range(min(len(self._queue), self._most))]
        self._window.saw(len(batch), self._clock.monotonic())
        for item in batch:
            if item.wait is not None:
                item.wait.taken(len(batch))
        try:
            answers = await self._work(batch)
        except BaseException as error:
            # Cancelled with the loop, or a fault of ours: nobody may wait for ever.
            settle(batch, [StorageUnavailableError(type(error).__name__, unknown=True) for _ in batch])
            if not isinstance(error, Exception):
                raise
        else:
            settle(batch, answers)
