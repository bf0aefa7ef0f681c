"""The relay over Redis: words by PUBLISH, debts by a script, and a heartbeat that proves that both arrive.

Redis answers or it does not: every wait for it is bounded and none is an answer's. A node hears its own beats by
the same two connections as all that others say; when it has not for a second, it hangs up and dials again.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from lingpai.clock import Clock
from lingpai.observe import NodeMetrics, logger
from lingpai.relay.ending import end
from lingpai.relay.hearing import Hearing
from lingpai.relay.port import Look
from lingpai.secret import random_bytes, random_fraction
from lingpai.storage.port import Store

_BEAT: Final = 0.25
_SILENT: Final = 1.0
"""Seconds without a beat of our own after which the relay counts as dead."""
_ANSWER: Final = 0.5
"""Seconds that one command may take."""
_SHORTEST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0
_LONGEST_WORD: Final = 200
_TROUBLE: Final = (RedisError, OSError, TimeoutError)

# The time is Redis' own, so that nodes whose clocks differ agree; the keys go by themselves once all is paid.
_SPEND: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local owed = {}
for i, key in ipairs(KEYS) do
  local paid_at = tonumber(redis.call('GET', key) or now)
  if paid_at < now then paid_at = now end
  paid_at = paid_at + tonumber(ARGV[i])
  local left = math.ceil((paid_at - now) / 1000) + 1000
  redis.call('SET', key, string.format('%.0f', paid_at), 'PX', string.format('%.0f', left))
  owed[i] = string.format('%.0f', paid_at - now)
end
return owed
"""


def connected(url: str) -> Redis:
    """A client that gives up quickly and never tries twice by itself. Raises ValueError for no URL of Redis."""
    client: Redis = Redis.from_url(
        url,
        socket_timeout=_ANSWER,
        socket_connect_timeout=_ANSWER,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        health_check_interval=0,
    )
    return client


class _SilentError(Exception):
    """Our own beats do not come back."""


class RedisRelay:
    """A `Relay` over one Redis."""

    def __init__(
        self, client: Redis, store: Store, installation: str, clock: Clock, metrics: NodeMetrics
    ) -> None:
        self._client: Final = client
        self._store: Final = store
        self._clock: Final = clock
        self._metrics: Final = metrics
        self._hearing: Final = Hearing()
        self._name: Final = random_bytes(8).hex()
        # In braces: a Redis Cluster keeps all of it on one of its nodes, as the script needs.
        self._said: Final = f"{{lingpai:{installation}}}:said"
        self._own: Final = f"{{lingpai:{installation}}}:beat:{self._name}"
        self._debt: Final = f"{{lingpai:{installation}}}:debt:"
        self._to_tell: set[str] = set()
        self._something: Final = asyncio.Event()
        self._beat_at = float("-inf")
        self._was_alive: bool | None = None
        self._refused = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen and to beat."""
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._listening(), name="relay listens"),
            loop.create_task(self._speaking(), name="relay speaks"),
        ]

    @property
    def alive(self) -> bool:
        return self._clock.monotonic() - self._beat_at < _SILENT

    def tell(self, topic: str) -> None:
        self._to_tell.add(topic)
        self._something.set()

    def listen(self, topic: str, look: Look) -> None:
        self._hearing.listen(topic, look)

    async def spend(self, spent: Mapping[str, int]) -> dict[str, int]:
        owed = await self._spent_here(spent) if self.alive else None
        return await self._store.limits.spend(spent) if owed is None else owed

    async def aclose(self) -> None:
        for task in self._tasks:
            await end(task)
        await self._hearing.aclose()
        with suppress(*_TROUBLE):
            async with asyncio.timeout(_ANSWER):
                await self._client.aclose()

    async def _spent_here(self, spent: Mapping[str, int]) -> dict[str, int] | None:
        """None: Redis did not answer, or answered something else."""
        if not spent:
            return {}
        keys = [f"{self._debt}{name}" for name in spent]
        try:
            async with asyncio.timeout(2 * _ANSWER):
                answer: Any = await self._client.eval(_SPEND, len(keys), *keys, *spent.values())
            owed = {name: int(value) for name, value in zip(spent, answer, strict=True)}
        except (*_TROUBLE, TypeError, ValueError) as error:
            if not self._refused:
                logger().warning("relay_refused", reason=type(error).__name__)
            self._refused = True
            return None
        self._refused = False
        return owed

    async def _speaking(self) -> None:
        """A beat four times a second, and what is to be told at once."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_BEAT):
                    await self._something.wait()
            self._something.clear()
            words, self._to_tell = self._to_tell, set()
            try:
                await self._say(words)
            except _TROUBLE:
                # Told late is better than not at all, and nobody relies on it.
                self._to_tell |= words
                await asyncio.sleep(_BEAT)

    async def _say(self, words: set[str]) -> None:
        async with asyncio.timeout(2 * _ANSWER):
            pipeline = self._client.pipeline(transaction=False)
            for topic in words:
                pipeline.publish(self._said, f"{self._name} {topic}")
            pipeline.publish(self._own, "")
            await pipeline.execute()

    async def _listening(self) -> None:
        pause = _SHORTEST_PAUSE
        while True:
            ear = self._client.pubsub()
            try:
                await self._hear(ear)
            except (*_TROUBLE, _SilentError) as error:
                if self._was_alive:
                    pause = _SHORTEST_PAUSE
                self._changed(alive=False, reason=type(error).__name__.removeprefix("_"))
            finally:
                with suppress(*_TROUBLE):
                    await ear.aclose()  # type: ignore[no-untyped-call]
            # Not all nodes at once, when Redis comes back.
            await asyncio.sleep(pause * (0.5 + random_fraction()))
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _hear(self, ear: PubSub) -> None:
        """Until nothing more is heard. Raises what Redis raises, and _SilentError."""
        async with asyncio.timeout(2 * _ANSWER):
            await ear.subscribe(self._said, self._own)
        heard_at = self._clock.monotonic()
        while True:
            left = heard_at + _SILENT - self._clock.monotonic()
            if left <= 0:
                raise _SilentError
            message = await ear.get_message(ignore_subscribe_messages=True, timeout=left)
            if message is None:
                continue
            if message["channel"] == self._own.encode():
                self._beat_at = heard_at = self._clock.monotonic()
                self._changed(alive=True)
            else:
                self._word(message["data"])

    def _word(self, data: object) -> None:
        if not isinstance(data, bytes) or len(data) > _LONGEST_WORD:
            return
        name, _, topic = data.decode("ascii", "replace").partition(" ")
        if name != self._name and self._hearing.heard(topic):
            self._metrics.relay_heard.labels(topic).inc()

    def _changed(self, *, alive: bool, reason: str = "") -> None:
        if alive == self._was_alive:
            return
        self._was_alive = alive
        self._metrics.relay_up.set(alive)
        if alive:
            logger().info("relay_up")
            self._hearing.heard_nothing()
        else:
            self._beat_at = float("-inf")
            logger().warning("relay_down", reason=reason)
