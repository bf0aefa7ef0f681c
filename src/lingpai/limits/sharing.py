"""How nodes hear of one another's use: each adds its own to a common debt, and is told what is owed in all.

No request waits for it. Only subjects that used much are told of: whoever signs in now and then costs nothing here.
"""

import asyncio
from contextlib import suppress
from typing import Final

from lingpai.limits.bucket import Bucket, Limit
from lingpai.observe import NodeMetrics, logger
from lingpai.relay import Relay, end
from lingpai.secret import Sealer
from lingpai.storage.port import StorageError

_EVERY: Final = 0.5
_SOONEST: Final = 0.05
_MOST: Final = 100
"""Subjects told of at a time, those that used most first; the others have their turn with the next."""
_FORGET_EVERY: Final = 120
"""Rounds."""


class Sharing:
    """The exchange of one node."""

    def __init__(self, relay: Relay, sealer: Sealer, metrics: NodeMetrics) -> None:
        self._relay: Final = relay
        self._sealer: Final = sealer
        self._metrics: Final = metrics
        self._limits: Final[list[Limit]] = []
        self._pressing: Final = asyncio.Event()
        self._failing = False
        self._task: asyncio.Task[None] | None = None

    def add(self, limit: Limit) -> None:
        """A limit whose use is shared from now on."""
        self._limits.append(limit)

    def start(self) -> None:
        """Begin to exchange twice a second; more often while somebody uses a limit up."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="share limits")

    async def aclose(self) -> None:
        """Stop."""
        if self._task is not None:
            await end(self._task)

    def press(self) -> None:
        """Exchange now: somebody has used much."""
        self._pressing.set()

    async def share(self) -> None:
        """One exchange. When nobody can be asked, what is untold is told next time."""
        turn = self._turn()
        if not turn:
            return
        told: dict[str, tuple[Limit, Bucket, int]] = {}
        spent: dict[str, int] = {}
        for limit, subject, bucket in turn:
            name = self._name(limit, subject)
            told[name] = (limit, bucket, bucket.unshared)
            spent[name] = round(bucket.unshared * limit.interval * 1_000_000)
            limit.to_share.pop(subject, None)
            limit.pressing = False
            bucket.unshared = 0
        try:
            owed = await self._relay.spend(spent)
        except StorageError as error:
            self._kept(turn, told)
            self._trouble(type(error).__name__)
            return
        self._failing = False
        for name, (limit, bucket, _) in told.items():
            limit.owes(bucket, owed.get(name, 0))

    async def _run(self) -> None:
        rounds = 0
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_EVERY):
                    await self._pressing.wait()
            self._pressing.clear()
            try:
                await self.share()
            except Exception as error:  # noqa: BLE001  the exchange outlives any fault of the relay
                self._trouble(f"{type(error).__name__}: {error}")
            rounds += 1
            if rounds % _FORGET_EVERY == 0:
                for limit in self._limits:
                    limit.forget()
            await asyncio.sleep(_SOONEST)

    def _turn(self) -> list[tuple[Limit, str, Bucket]]:
        waiting = [
            (limit, subject, bucket) for limit in self._limits for subject, bucket in limit.to_share.items()
        ]
        if len(waiting) > _MOST:
            waiting.sort(key=lambda each: each[2].unshared * each[0].interval, reverse=True)
        return waiting[:_MOST]

    def _kept(
        self, turn: list[tuple[Limit, str, Bucket]], told: dict[str, tuple[Limit, Bucket, int]]
    ) -> None:
        for (limit, subject, bucket), (_, _, untold) in zip(turn, told.values(), strict=True):
            bucket.unshared += untold
            limit.to_share[subject] = bucket

    def _trouble(self, reason: str) -> None:
        self._metrics.limits_unshared.labels(reason.partition(":")[0]).inc()
        if not self._failing:
            logger().warning("limits_unshared", reason=reason)
        self._failing = True

    def _name(self, limit: Limit, subject: str) -> str:
        """What is counted, without an address or a person standing in the database."""
        said = f"limit {limit.policy.name} {limit.policy.per_minute} {subject}"
        return f"{limit.policy.name} {self._sealer.fingerprint(said.encode()).hex()}"
