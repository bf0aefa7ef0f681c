"""Failures of the keeper's table that take hours, on virtual time: F3, F10 and F11."""

import asyncio

import pytest

from lingpai.observe import logs
from lingpai.storage.leasing import FORCED_A_DAY
from lingpai.wechat import WeChatAnswerLost
from tests.simulation.faults import FAULTS
from tests.simulation.nodes import Apps, SimulatedNode
from tests.simulation.pretend_wechat import CLIENT_PATIENCE, PretendWechat
from tests.simulation.world import World

APPID = "wx00000000000000a1"
LEGACY = "/cgi-bin/token"
HOUR = 3_600.0
REPORTS = 100_000
CLOCKS = tuple(fault for fault in FAULTS if "clock" in fault.name or "lease" in fault.name)


@pytest.fixture(autouse=True)
def own_log():
    """The simulation silences the log of this process."""
    before = logs._Current.log
    yield
    logs._Current.log = before


class Scene(World):
    """A fleet that keeps one app's token while a script is played, and nothing else happens."""

    def __init__(self, kind, nodes, script):
        super().__init__(1)
        self.kinds = {APPID: kind}
        self.apps = Apps(self.kinds)
        self.wechat = self.late = LateWechat(self.loop, self.chance, lifetime=7_200)
        self.count = nodes
        self.script = script

    async def _live(self):
        self.nodes = [SimulatedNode(f"n{n}", self) for n in range(self.count)]
        await self.script(self)

    async def get(self, n):
        return await self.nodes[n % self.count].keeper.tokens.get(self.apps.known(APPID))

    async def report(self, n, token, by):
        tokens = self.nodes[n % self.count].keeper.tokens
        return await tokens.report(self.apps.known(APPID), token.generation, 40001, by=by)


class LateWechat(PretendWechat):
    """The next request for a legacy token is under way for `late_by` seconds, and nobody waits so long."""

    late_by = None
    arrived_late: float | None = None

    async def serve(self, node, path, request, app):
        if self.late_by is None or path != LEGACY:
            return await super().serve(node, path, request, app)
        self._loop.call_later(self.late_by, self._arrive, path, request, app)
        self.late_by = None
        await asyncio.sleep(CLIENT_PATIENCE)
        raise WeChatAnswerLost("timeout")

    def _arrive(self, path, request, app):
        self.arrived_late = self._loop.at
        self._arrive_unheard(path, request, app)


@pytest.mark.parametrize("late_by", [5, 30, 170])
def test_f3_a_request_that_overtakes_its_successor_is_made_good_before_anybody_notices(late_by):
    async def script(scene):
        await scene.get(0)
        scene.late.late_by = late_by
        for n in range(6_000):
            await asyncio.sleep(1)
            assert scene.wechat.good((await scene.get(n)).value.reveal()), scene.loop.at

    scene = Scene("legacy", 2, script)
    scene.run()
    arrived = scene.late.arrived_late
    assert arrived is not None
    repaired = min(at for at, path, _ in scene.wechat.calls if path == LEGACY and at > arrived)
    assert repaired - arrived < 240
    # The first, the late one, the one it overtook, the repair, and the next half-life's.
    assert len([path for _, path, _ in scene.wechat.calls if path == LEGACY]) <= 5


def test_f10_a_hundred_thousand_reports_in_an_hour_cost_wechat_little():
    async def script(scene):
        await scene.get(0)
        for n in range(REPORTS):
            await asyncio.sleep(HOUR / REPORTS)
            await scene.report(n, await scene.get(n), "loud")

    scene = Scene("stable", 2, script)
    scene.run()
    assert scene.loop.at >= HOUR
    assert 3 <= len(scene.wechat.calls) <= 120
    assert scene.wechat.forced[APPID] == []


@pytest.mark.parametrize("callers", [1, 1_000])
def test_f10_a_token_that_nothing_replaces_is_not_tried_without_end(callers):
    """WeChat refuses what it gives, and everybody says so: found with 20,000 calls an hour."""

    async def script(scene):
        scene.wechat.good = lambda _value: False
        await scene.get(0)
        for n in range(REPORTS // 10):
            await asyncio.sleep(HOUR / REPORTS * 10)
            await scene.report(n, await scene.get(n), f"caller {n % callers}")

    scene = Scene("stable", 2, script)
    scene.run()
    # Two calls a minute, and a few more after each of the forced ones.
    assert len(scene.wechat.calls) <= 300
    assert len(scene.wechat.forced[APPID]) == FORCED_A_DAY


def test_f11_clocks_that_step_and_pauses_longer_than_a_lease_break_no_promise():
    assert len(CLOCKS) == 6
    for seed in range(25):
        world = World(seed)
        world.faults = CLOCKS
        world.run()
