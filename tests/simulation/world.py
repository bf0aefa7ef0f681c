"""One simulated fleet: nodes, their database, WeChat, programs, faults, and what must hold all the while."""

import asyncio
import itertools
import random
from typing import Any

import structlog

from lingpai.observe import logs
from lingpai.storage.leasing import FORCED_A_DAY
from tests.simulation.faults import FAULTS, Fault
from tests.simulation.nodes import Apps, Consumer, SimulatedNode
from tests.simulation.pretend_store import PretendStore
from tests.simulation.pretend_wechat import PretendWechat
from tests.simulation.virtual_time import SkewedClock, VirtualLoop

HORIZON = 1500.0
LIFETIME = 900
LOOK = 0.3
"""Seconds a caller with a valid token may wait for a database that does not answer."""


class BrokenPromiseError(AssertionError):
    """An invariant did not hold."""


class World:
    """Everything of one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.loop = VirtualLoop()
        self.kinds = {
            f"wx{n:016x}": self.chance.choice(("stable", "stable", "legacy"))
            for n in range(self.chance.choice((1, 1, 2)))
        }
        self.database_clock = SkewedClock(self.loop)
        self.store = PretendStore(self.database_clock)
        self.wechat = PretendWechat(self.loop, self.chance, lifetime=LIFETIME)
        self.apps = Apps(self.kinds)
        self.nodes: list[SimulatedNode] = []
        self.consumers: list[Consumer] = []
        self.trace: list[str] = []
        self.unwell_until = 30.0
        """Until then a read may fail: a fault lasts, or has ended only just now."""
        self.changed_at = 0.0
        """When something last happened that may leave a dead token about: a fault began or ended."""
        self._generations: dict[tuple[str, int, str], int] = {}
        self.reads = 0
        self.faults: tuple[Fault, ...] = FAULTS

    def run(self) -> None:
        """Raises BrokenPromiseError."""
        quiet()
        self.loop.set_exception_handler(lambda _loop, _context: None)  # told by `_watch`
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(self._live())
        finally:
            self._end()

    async def _live(self) -> None:
        self.nodes = [SimulatedNode(f"n{n}", self) for n in range(self.chance.randint(1, 4))]
        for node in self.nodes:
            for n in range(2):
                appid = self.chance.choice(sorted(self.kinds))
                self.consumers.append(Consumer(f"{node.name}c{n}", node, appid, self.chance.uniform(3, 20)))
        programs = [asyncio.ensure_future(consumer.run()) for consumer in self.consumers]
        faults = asyncio.ensure_future(self._break())
        await self._watch(programs, faults)
        await self._heal_and_compare()
        for program in programs:
            program.cancel()
        self._within_budget()

    async def _watch(self, programs: list[asyncio.Task[Any]], faults: asyncio.Task[Any]) -> None:
        """Until the horizon; what breaks in a program is what breaks the run."""
        done, _ = await asyncio.wait(
            [*programs, asyncio.ensure_future(asyncio.sleep(HORIZON))], return_when=asyncio.FIRST_COMPLETED
        )
        for task in done:
            task.result()
        faults.cancel()

    async def _break(self) -> None:
        await asyncio.sleep(self.chance.uniform(0, 60))
        while self.faults:
            fault = self.chance.choice(self.faults)
            node = self.chance.choice(self.nodes)
            lasts = self.chance.uniform(0.1, fault.longest)
            self.note(f"{fault.name} ({node.name}) for {lasts:.1f} s")
            self.changed_at = self.loop.at
            self.unwell_until = max(self.unwell_until, self.loop.at + lasts + fault.heals_within)
            heal = fault.begin(self, node)
            self._mind_pauses(fault)
            self.heal = heal
            if heal is not None:
                await asyncio.sleep(lasts)
                heal()
                self.heal = None
                self.note(f"healed: {fault.name}")
                self.changed_at = self.loop.at
            await asyncio.sleep(self.chance.uniform(1, 200))

    heal: Any = None

    def _mind_pauses(self, fault: Fault) -> None:
        for node in self.nodes:
            if node.stopped_until > self.loop.at:
                self.unwell_until = max(self.unwell_until, node.stopped_until + fault.heals_within)
                self.changed_at = max(self.changed_at, node.stopped_until)

    async def _heal_and_compare(self) -> None:
        """I5, and I2 for all nodes together: once all is healed, all is well, and the same everywhere."""
        if self.heal is not None:
            self.heal()
        self.note("the end: all is healed")
        self.changed_at = self.loop.at
        awake = max([self.loop.at, *(node.stopped_until for node in self.nodes)])
        self.unwell_until = max(awake + 340, self.unwell_until)
        await asyncio.sleep(self.unwell_until - self.loop.at + 65)
        for appid in sorted({consumer.appid for consumer in self.consumers}):
            held = await self._of_all(appid)
            if len({token.generation for token in held}) > 1:
                await asyncio.sleep(10)  # a renewal just now, which the others have not followed yet
                held = await self._of_all(appid)
            self.insist(len({token.generation for token in held}) == 1, f"I2: {appid}: generations {held}")
            self.insist(
                all(self.wechat.good(token.value.reveal()) for token in held), f"I5: {appid}: {held} is dead"
            )

    async def _of_all(self, appid: str) -> list[Any]:
        return [await node.keeper.tokens.get(self.apps.known(appid)) for node in self.nodes if node.alive]

    def served(self, consumer: Consumer, token: Any, began: float, *, known: bool) -> None:
        """A program was given a token: is it one that WeChat takes?"""
        self.reads += 1
        now, value = self.loop.at, token.value.reveal()
        node = consumer.node
        promised = self.wechat.tokens[value].promised_until
        self.insist(now < promised, f"{consumer.name} got a token {now - promised:.1f} s after its end")
        self.insist(
            token.expires_in <= promised - now + 1.0,
            f"{consumer.name} was promised {token.expires_in} s, too long",
        )
        dead_for = self.wechat.ended_for(value)
        calm_for = now - max(self.changed_at, self.unwell_until - 10)
        self.insist(
            dead_for < 60 or calm_for < 60, f"I1: {consumer.name} got a token dead for {dead_for:.1f} s"
        )
        place = (node.name, node.lives, consumer.appid)
        self.insist(
            token.generation >= self._generations.get(place, 0),
            f"I2: {consumer.name} saw {token} after a later one",
        )
        self._generations[place] = token.generation
        if known:
            self.insist(
                now - began <= LOOK, f"I4: {consumer.name} waited {now - began:.2f} s with a token at hand"
            )

    def refused(self, consumer: Consumer, error: Exception) -> None:
        """A program got no token: is there a reason?"""
        self.note(f"{consumer.name} got {getattr(error, 'code', error)!r}")
        self.insist(
            self.loop.at <= self.unwell_until,
            f"I5: {consumer.name} got no token though all is well: {error!r}",
        )

    def _within_budget(self) -> None:
        """I3."""
        hours = self.loop.at / 3600
        for appid in self.kinds:
            asked = [path for _, path, app in self.wechat.calls if app == appid]
            forced = self.wechat.forced[appid]
            apart = [later - former for former, later in itertools.pairwise(forced)]
            self.insist(len(forced) <= FORCED_A_DAY, f"I3: {len(forced)} forced")
            self.insist(all(gap >= 20 for gap in apart), f"I3: forced {apart} s apart")
            self.insist(
                len(asked) <= 1200 * hours + 120, f"I3: {len(asked)} calls for {appid} in {hours:.2f} h"
            )

    def insist(self, holds: bool, what: str) -> None:
        if not holds:
            trace = "\n".join(self.trace[-40:])
            raise BrokenPromiseError(
                f"{what}\n  at {self.loop.at:.2f} s of seed {self.seed}\n{trace}\n"
                f"Replay: .venv/bin/python -m tests.simulation {self.seed}"
            )

    def note(self, what: str) -> None:
        self.trace.append(f"  {self.loop.at:9.2f}  {what}")

    def _end(self) -> None:
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()
        asyncio.set_event_loop(None)


def quiet() -> None:
    """The keeper logs each trouble, and here there is little else."""
    logs._Current.log = structlog.wrap_logger(
        structlog.ReturnLogger(), wrapper_class=structlog.make_filtering_bound_logger(50)
    )
