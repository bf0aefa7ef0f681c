"""Logging in, pre-fetches, resets, and data that is handed over late: the ring against a model of a few lines."""

import asyncio
import shutil
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run

from lingpai.app import open_server
from lingpai.config import at_port
from lingpai.secret import Secret
from lingpai.storage import migrate
from lingpai.testing.actors import TESTER
from lingpai.testing.clock import FrozenClock
from lingpai.testing.server import server_config
from lingpai_emulator.client import Wechat

PEOPLE = st.sampled_from(["xiaoming", "xiaohong"])
WAITS = st.sampled_from([1, 40, 290, 310, 3_600])
FRESH = 300
DAYS_3 = 3 * 86_400


class KeyRing(RuleBasedStateMachine):
    """One server in this process, one WeChat, two people; the model knows keys by WeChat's own numbers."""

    wechat: Wechat
    template: Path

    made = Bundle("made")

    def __init__(self):
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp(prefix="lingpai-ring-"))
        shutil.copytree(self.template, self.folder, dirs_exist_ok=True)
        self.wechat.reset(seed=1)
        self.clock = FrozenClock()
        self.wechat.freeze(self.clock.now() / 1000)
        self.rings: dict[str, list[int]] = {"xiaoming": [], "xiaohong": []}
        self.numbers = {"xiaoming": 0, "xiaohong": 0}
        self.tokens: dict[str, str] = {}
        self.loop.run_until_complete(self.open())

    async def open(self):
        self.stack = AsyncExitStack()
        config = at_port(server_config(self.folder, self.wechat.url, log_level="error"), 8000)
        self.server = await self.stack.enter_async_context(open_server(config, clock=self.clock))
        transport = httpx.ASGITransport(app=self.server.front)
        self.http = await self.stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
        )

    def teardown(self):
        self.loop.run_until_complete(self.stack.aclose())
        self.loop.close()
        shutil.rmtree(self.folder)

    def ask(self, method, path, person, body=None):
        headers = {"authorization": f"Bearer {self.tokens[person]}"}
        return self.loop.run_until_complete(self.http.request(method, path, json=body, headers=headers))

    def key_of(self, person):
        """The number WeChat's state gives the person's present key."""
        found = [s for s in self.wechat.state()["sessions"] if s["person"] == person]
        return found[0]["generation"] if found else 0

    def push(self, person):
        number = self.key_of(person)
        ring = self.rings[person]
        self.rings[person] = [number, *(other for other in ring if other != number)][:3]

    @rule(person=PEOPLE)
    def log_in(self, person):
        code = self.wechat.login(person)
        body = {"code": code}
        answer = self.loop.run_until_complete(self.http.post("/v1/demo-mp/login", json=body))
        assert answer.status_code == 200, answer.text
        self.tokens[person] = answer.json()["access_token"]
        self.push(person)

    @rule(person=PEOPLE)
    def prefetch(self, person):
        self.wechat.prefetch(person)

    @rule(person=PEOPLE)
    def log_in_without_telling_us(self, person):
        self.wechat.login(person)

    @rule(person=PEOPLE)
    def reset(self, person):
        if person not in self.tokens:
            return
        known = self.rings[person][:1] == [self.key_of(person)]
        answer = self.ask("POST", "/v1/demo-mp/session-key/reset", person, {})
        assert answer.status_code == (200 if known else 409), answer.text
        if known:
            self.push(person)

    @rule(target=made, person=PEOPLE)
    def make_data(self, person):
        if not self.key_of(person):
            self.wechat.login(person)
        given = self.wechat.user_profile(person, era="real")
        return person, self.key_of(person), self.clock.now(), given

    @rule(data=made, person=PEOPLE)
    def hand_it_over(self, data, person):
        owner, key, at, given = data
        if person not in self.tokens:
            return
        body = {name: given[name] for name in ("rawData", "signature", "encryptedData", "iv")}
        answer = self.ask("POST", "/v1/demo-mp/profile", person, body)
        fresh = abs(self.clock.now() - at) // 1000 <= FRESH
        if owner != person:
            assert answer.status_code in (409, 422), "data of somebody else was taken"
        elif key in self.rings[person] and fresh:
            assert answer.status_code == 200, (answer.text, key, self.rings[person])
        else:
            assert answer.status_code in (409, 422), answer.text

    @rule(seconds=WAITS)
    def wait(self, seconds):
        self.clock.advance(seconds)
        self.wechat.advance(seconds)
        self.loop.run_until_complete(self.server.rooms.running.follow())
        self.tokens = {}

    @invariant()
    def we_hold_at_most_three_keys_of_a_person(self):
        for ring in self.rings.values():
            assert len(ring) <= 3


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """An empty, migrated database with the demo app in it."""
    from tests.conftest import demo_apps

    return demo_apps, tmp_path_factory.mktemp("ring")


def test_data_is_read_with_ones_own_last_three_keys_and_no_others(wechat, template):
    demo_apps, folder = template
    config = at_port(server_config(folder, wechat.url), 8000)
    migrate(config.database_url)

    async def register():
        async with open_server(config, clock=FrozenClock()) as server:
            for app in demo_apps(wechat):
                await server.rooms.apps.add(
                    appid=app.appid, secret=Secret(app.secret), slug=app.slug, kind=app.kind, by=TESTER
                )

    asyncio.run(register())
    KeyRing.wechat, KeyRing.template = wechat, folder
    run(
        KeyRing,
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
