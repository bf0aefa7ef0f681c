"""One thread that takes everything that has queued, and answers it all with one wake-up of the event loop.

Handing work to a thread costs a lock and a system call each way, more than most of the statements here.
So the loop only appends to a queue; the thread is woken when it sleeps, and what queued while it worked is
its next batch.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

from lingpai.clock import Clock
from lingpai.storage.batching import BatchSettings, Window
from lingpai.storage.port import StorageUnavailableError
from lingpai.storage.sql.dialects.sqlite import faults
from lingpai.storage.sql.items import Item, settle, waiting

V = TypeVar("V")
A = TypeVar("A")


class Lane:
    """A queue with a thread at its end. Belongs to the event loop that made it."""

    def __init__(
        self,
        name: str,
        *,
        work: Callable[[list[Item]], list[Any]],
        close: Callable[[], None],
        clock: Clock,
        batch: BatchSettings,
        commits: str = "",
    ) -> None:
        """`work` answers a batch, in its order; an answer that is an exception is raised to its caller.

        `close` is the last that the thread calls. `commits` names a lane that writes, for traces.
        """
        self._work: Final = work
        self._close: Final = close
        self._clock: Final = clock
        self._commits: Final = commits
        self._limit: Final = batch.queue
        self._most: Final = batch.most
        self._window: Final = Window(batch.window)
        self._queue: Final[deque[Item]] = deque()
        self._wake: Final = threading.Event()
        self._closing = False
        self._loop: Final = asyncio.get_running_loop()
        self._closed: Final[asyncio.Future[None]] = self._loop.create_future()
        self._thread: Final = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, verb: Callable[[Any, list[V]], list[A]], value: V) -> asyncio.Future[A]:
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
        if not self._wake.is_set():
            self._wake.set()
        return answer

    async def aclose(self) -> None:
        """Answer what was accepted, refuse the rest, end the thread."""
        self._closing = True
        self._wake.set()
        await asyncio.shield(self._closed)
        self._thread.join()

    def _run(self) -> None:
        try:
            while True:
                self._wake.wait()
                self._wake.clear()
                if self._queue:
                    self._take()
                elif self._closing:
                    break
                if self._queue or self._closing:
                    self._wake.set()
        finally:
            self._close()
            self._tell(self._closed_now)

    def _take(self) -> None:
        queued = len(self._queue)
        seconds = self._window.wait(queued)
        if seconds > 0:
            time.sleep(seconds)
            self._window.waited(len(self._queue) - queued)
        take = self._queue.popleft
        batch = [take() for _ in range(min(len(self._queue), self._most))]
        self._window.saw(len(batch), self._clock.monotonic())
        for item in batch:
            if item.wait is not None:
                item.wait.taken(len(batch))
        try:
            answers = self._work(batch)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not leave callers waiting for ever
            answers = [faults.unavailable(error) for _ in batch]
        self._tell(settle, batch, answers)

    def _tell(self, callback: Callable[..., None], *values: object) -> None:
        # A loop that was closed under us has nobody left to tell.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(callback, *values)

    def _closed_now(self) -> None:
        if not self._closed.done():
            self._closed.set_result(None)
