"""Who looks when something is heard: one look at a time, however much is heard."""

import asyncio
from typing import Final

from lingpai.observe import logger
from lingpai.relay.ending import end
from lingpai.relay.port import Look
from lingpai.storage.port import StorageError

_PAUSE: Final = 0.02
"""Seconds between two looks, so that a thousand words cost fifty looks a second and no more."""


class Hearing:
    """The looks of this node, by topic."""

    def __init__(self) -> None:
        self._by_topic: Final[dict[str, list[_Watcher]]] = {}

    def listen(self, topic: str, look: Look) -> None:
        """From now on."""
        self._by_topic.setdefault(topic, []).append(_Watcher(topic, look))

    def heard(self, topic: str) -> bool:
        """Something about the topic. False: nobody here listens to it."""
        watchers = self._by_topic.get(topic, ())
        for watcher in watchers:
            watcher.wake()
        return bool(watchers)

    def heard_nothing(self) -> None:
        """For a while nothing could be heard: whatever it was, look."""
        for topic in self._by_topic:
            self.heard(topic)

    async def aclose(self) -> None:
        """No more looks; one that is under way is broken off."""
        for watchers in self._by_topic.values():
            for watcher in watchers:
                await watcher.aclose()


class _Watcher:
    def __init__(self, topic: str, look: Look) -> None:
        self._topic: Final = topic
        self._look: Final = look
        self._wanted = False
        self._closed = False
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        self._wanted = not self._closed
        if self._wanted and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._run(), name=f"look {self._topic}")

    async def aclose(self) -> None:
        self._closed = True
        if self._task is not None:
            await end(self._task)

    async def _run(self) -> None:
        while self._wanted:
            self._wanted = False
            try:
                await self._look()
            except StorageError:
                return  # the timer that looks at the same place says so, and looks again
            except Exception as error:  # noqa: BLE001  a look outlives any fault of what it calls
                logger().error("look_failed", topic=self._topic, reason=f"{type(error).__name__}: {error}")
                return
            await asyncio.sleep(_PAUSE)
