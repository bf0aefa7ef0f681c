"""Signing in, going on, retrying, signing out and waiting, in any order, against a model of a few lines."""

import asyncio
import secrets
import shutil
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run

from lingpai.app import open_server
from lingpai.config import at_port
from lingpai.secret import Secret
from lingpai.storage import migrate
from lingpai.testing.actors import TESTER
from lingpai.testing.clock import FrozenClock
from lingpai.testing.server import server_config
from lingpai_emulator.client import Wechat

GRACE, RETRY, LIFETIME, ACCESS = 30, 300, 30 * 86_400, 900
PEOPLE = st.sampled_from(["xiaoming", "xiaohong", "sam"])
WAITS = st.sampled_from([1, 29, 31, 299, 301, 899, 901, 86_400 - 450, 86_400, 29 * 86_400])
AGENTS = st.sampled_from(["one", "another"])


@dataclass(eq=False)
class Session:
    """What the model knows of a session."""

    person: str
    code: str
    nonce: str | None
    began: float
    access: list[tuple[str, float]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    """Refresh tokens, oldest first; the last one is good."""
    uses: list[tuple[float, str]] = field(default_factory=list)
    """When, and by which client, each but the last was used."""
    ended: bool = False

    def over(self, now):
        return self.ended or now >= self.began + LIFETIME


class Sessions(RuleBasedStateMachine):
    """One server in this process, asked through its front door."""

    wechat: Wechat
    template: Path

    sessions = Bundle("sessions")

    def __init__(self):
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.opened = AsyncExitStack()
        self.clock = FrozenClock()
        self.directory = tempfile.TemporaryDirectory()
        self.users: dict[str, str] = {}
        self.all: list[Session] = []
        self.loop.run_until_complete(self.open())

    async def open(self):
        folder = Path(self.directory.name)
        shutil.copytree(self.template, folder, dirs_exist_ok=True)
        self.wechat.switch(minute_quota=1_000_000, key_rotation="always")
        config = at_port(server_config(folder, self.wechat.url, refresh_grace=GRACE, log_level="error"), 1)
        self.server = await self.opened.enter_async_context(open_server(config, clock=self.clock))
        app = self.wechat.app("demo-mp")
        await self.server.rooms.apps.add(
            appid=app.appid,
            secret=Secret(app.secret),
            slug="demo-mp",
            kind="miniprogram",
            open_platform="demo",
            by=TESTER,
        )
        await self.server.rooms.directory.reload()
        transport = httpx.ASGITransport(app=self.server.front)
        self.http = await self.opened.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url=config.public_url)
        )

    def teardown(self):
        self.loop.run_until_complete(self.opened.aclose())
        self.loop.close()
        self.directory.cleanup()

    @property
    def now(self):
        return self.clock.monotonic()

    def ask(self, method, path, **given):
        return self.loop.run_until_complete(self.http.request(method, path, **given))

    def login(self, code, nonce):
        body = {"code": code} if nonce is None else {"code": code, "nonce": nonce}
        return self.ask("POST", "/v1/demo-mp/login", json=body)

    def took(self, session, answer):
        told = answer.json()
        assert self.users.setdefault(session.person, told["user"]["id"]) == told["user"]["id"]
        session.access.append((told["access_token"], self.now))
        return told["refresh_token"]

    @rule(target=sessions, person=PEOPLE, with_nonce=st.booleans())
    def sign_in(self, person, with_nonce):
        code, nonce = self.wechat.login(person), secrets.token_hex(16) if with_nonce else None
        answer = self.login(code, nonce)
        assert answer.status_code == 200, answer.text
        assert answer.json()["user"]["is_new"] == (person not in self.users)
        session = Session(person, code, nonce, self.now)
        session.tokens.append(self.took(session, answer))
        self.all.append(session)
        return session

    @rule(session=sessions)
    def retry_the_login(self, session):
        answer = self.login(session.code, session.nonce)
        if session.nonce is None or self.now > session.began + RETRY:
            assert (answer.status_code, answer.json()["code"]) == (409, "code_used")
        elif session.ended or session.uses:
            assert (answer.status_code, answer.json()["code"]) == (409, "restart_login")
        else:
            assert self.took(session, answer) == session.tokens[0]

    @rule(session=sessions, nonce=st.sampled_from([None, "f" * 32]))
    def somebody_else_has_the_code(self, session, nonce):
        answer = self.login(session.code, nonce)
        assert (answer.status_code, answer.json()["code"]) == (409, "code_used")

    @rule(session=sessions, agent=AGENTS)
    def go_on(self, session, agent):
        answer = self.refresh(session.tokens[-1], agent)
        if session.over(self.now):
            assert (answer.status_code, answer.json()["code"]) == (401, "session_invalid")
            return
        assert answer.status_code == 200, answer.text
        successor = self.took(session, answer)
        assert successor not in session.tokens
        session.uses.append((self.now, agent))
        session.tokens.append(successor)

    @rule(session=sessions, agent=AGENTS, back=st.integers(min_value=1, max_value=3))
    def show_an_old_token(self, session, agent, back):
        if back > len(session.uses):
            return
        used_at, by = session.uses[-back]
        answer = self.refresh(session.tokens[-1 - back], agent)
        if not session.over(self.now) and back == 1 and by == agent and self.now - used_at <= GRACE:
            assert self.took(session, answer) == session.tokens[-1]
            return
        assert (answer.status_code, answer.json()["code"]) == (401, "session_invalid")
        # Two have had the token, so nobody keeps the session.
        session.ended = True

    def refresh(self, token, agent):
        headers = {"user-agent": agent}
        return self.ask("POST", "/v1/session/refresh", json={"refresh_token": token}, headers=headers)

    @rule(session=sessions, everywhere=st.booleans())
    def sign_out(self, session, everywhere):
        token, issued = session.access[-1]
        query = {"everywhere": "true"} if everywhere else None
        answer = self.ask("DELETE", "/v1/session", params=query, headers={"authorization": f"Bearer {token}"})
        if session.over(self.now) or self.now >= issued + ACCESS:
            assert answer.status_code == 401
            return
        assert answer.status_code == 204
        for other in self.all:
            if other is session or (everywhere and other.person == session.person):
                other.ended = True

    @rule(session=consumes(sessions))
    def forget(self, session):
        """Nobody uses this one again; what it was stays true."""
        assert session in self.all

    @rule(seconds=WAITS)
    def wait(self, seconds):
        self.clock.advance(seconds)
        self.loop.run_until_complete(self.server.rooms.running.follow())

    @invariant()
    def an_access_token_is_good_while_it_and_its_session_live(self):
        for session in self.all[-4:]:
            token, issued = session.access[-1]
            answer = self.ask("GET", "/v1/session", headers={"authorization": f"Bearer {token}"})
            good = not session.over(self.now) and self.now < issued + ACCESS
            assert answer.status_code == (200 if good else 401), answer.text
            if good:
                assert answer.json()["user"]["id"] == self.users[session.person]

    @invariant()
    def there_is_one_user_for_each_person(self):
        assert self.loop.run_until_complete(self.server.store.users.count()) == len(self.users)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A migrated database and its master key, to be copied for each run."""
    folder = tmp_path_factory.mktemp("template")
    migrate(server_config(folder, "http://127.0.0.1:9").database_url)
    return folder


@pytest.mark.timeout(300)
def test_sessions_behave_like_their_model(wechat, template):
    machine = type("Machine", (Sessions,), {"wechat": wechat, "template": template})
    run(
        machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
