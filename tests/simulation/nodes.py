"""Nodes that run the real keeper, and programs that use its tokens as the documentation tells them to."""

import asyncio
import random
from typing import Any, cast

from lingpai.errors import Problem
from lingpai.keeper import HeldApp, Keeper, Node
from lingpai.model import App, AppSettings
from lingpai.observe import Metrics
from lingpai.secret import Sealer, Secret
from lingpai.storage.port import StorageUnavailableError
from tests.simulation.pretend_store import StoreLine
from tests.simulation.pretend_wechat import Line
from tests.simulation.virtual_time import SkewedClock

METRICS = Metrics()
FOLLOW_EVERY = 3.0
SEALER = Sealer({b"simu": b"\x00" * 31 + b"\x01"}, b"simu")


class Apps:
    """What a node's directory knows: each app, with the AppSecret in force."""

    def __init__(self, kinds: dict[str, str]) -> None:
        self.held = {
            appid: HeldApp(
                App(
                    appid=appid,
                    slug=appid,
                    kind="miniprogram",
                    name=appid,
                    open_platform=None,
                    created_at=0,
                    settings=AppSettings(token_kind=cast(Any, kind)),
                ),
                Secret("secret-1"),
                1,
            )
            for appid, kind in kinds.items()
        }

    def known(self, appid: str) -> HeldApp:
        return self.held[appid]

    def rotate(self, appid: str) -> None:
        app = self.held[appid]
        version = app.secret_version + 1
        self.held[appid] = HeldApp(app.app, Secret(f"secret-{version}"), version)


class SimulatedNode:
    """A machine with one server process, which can be killed, stopped and put to sleep."""

    def __init__(self, name: str, world) -> None:
        self.name = name
        self.world = world
        self.clock = SkewedClock(world.loop, ahead=world.chance.uniform(-5, 5))
        self.stopped_until = 0.0
        self.alive = False
        self.lives = 0
        self._tasks: list[asyncio.Task] = []
        self.start()

    def start(self) -> None:
        self.lives += 1
        self.alive = True
        chance = random.Random(f"{self.world.seed} {self.name} {self.lives}")
        node = Node(
            owner=f"{self.name}-{self.lives}",
            store=StoreLine(self.world.store, self, chance),
            sealer=SEALER,
            clock=self.clock,
            metrics=METRICS,
            fraction=chance.random,
        )
        self.keeper = Keeper(node, self.world.apps, cast(Any, Line(self.world.wechat, self)))
        self._tasks = [asyncio.ensure_future(self._follow(chance))]

    def kill(self) -> None:
        """As kill -9: whatever was under way stops where it is, and memory is gone."""
        self.alive = False
        for task in self._tasks:
            task.cancel()
        for keeping in self.keeper.tokens.keepings:
            for task in list(keeping._under_way.values()):
                task.cancel()

    async def awake(self) -> None:
        """Nothing goes on in a process that is stopped."""
        while self.world.loop.at < self.stopped_until:  # noqa: ASYNC110 - it may be stopped again meanwhile
            await asyncio.sleep(self.stopped_until - self.world.loop.at)

    async def _follow(self, chance: random.Random) -> None:
        while True:
            await asyncio.sleep(FOLLOW_EVERY * (0.9 + 0.2 * chance.random()))
            await self.awake()
            try:
                await self.keeper.follow()
            except StorageUnavailableError:
                continue


class Consumer:
    """A program that reads the token before each call, and reports it when WeChat refuses it."""

    def __init__(self, name: str, node: SimulatedNode, appid: str, every: float) -> None:
        self.name = name
        self.node = node
        self.appid = appid
        self.every = every
        self.lies = False
        """Reports every token as dead, as a program with a bug does."""

    async def run(self) -> None:
        world = self.node.world
        while True:
            await asyncio.sleep(self.every * world.chance.uniform(0.5, 1.5))
            await self.node.awake()
            if not self.node.alive:
                continue
            try:
                await self._use(world)
            except (Problem, StorageUnavailableError) as error:
                world.refused(self, error)
            except asyncio.CancelledError:
                if self.node.alive:
                    raise  # the world ends; else the process was killed under the request

    async def _use(self, world) -> None:
        life, tokens, app = self.node.lives, self.node.keeper.tokens, world.apps.known(self.appid)
        before, began = tokens.known(app), world.loop.at
        token = await tokens.get(app)
        if self.node.lives != life or not self.node.alive:
            return
        world.served(self, token, began, known=before is not None)
        value = token.value.reveal()
        if self.lies or not world.wechat.good(value):
            after = await tokens.report(app, token.generation, 40001, by=self.name)
            if self.node.lives == life and self.node.alive:
                world.served(self, after.token, began, known=False)
