"""Whatever is asked in whatever order, each database and the reference in memory give the same answers."""

import asyncio
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from lingpai.clock import SystemClock
from lingpai.storage import StorageError, SweepLimits, TakenError, open_store
from lingpai.testing.databases import emptied
from lingpai.testing.storage_contract_samples import (
    APPID,
    OTHER_APPID,
    START,
    THIRD_APPID,
    app,
    avatar,
    digest,
    erasure,
    event,
    login,
    phone,
    profile_change,
    rotation,
    sealing_key,
    secret,
    service_key,
    session_key,
    signing_key,
)

NUMBERS = st.integers(0, 7)
"""Few, so that whatever can collide does."""
INSTANTS = st.integers(0, 100).map(lambda ms: START + ms)
APPIDS = st.sampled_from([APPID, OTHER_APPID, THIRD_APPID])
OPENIDS = st.sampled_from(["oA", "oB", "oa"])
UNIONIDS = st.sampled_from([None, "uA", "uB"])
PLATFORMS = st.sampled_from([None, "op_1", "op_2"])
USERS = st.integers(0, 40).map(lambda n: f"usr_{n:08}")
SESSIONS = st.integers(0, 40).map(lambda n: f"ses_{n:08}")
TOKENS = st.one_of(
    st.integers(0, 40).map(lambda n: digest(f"refresh {n}")),
    st.integers(0, 12).map(lambda n: digest(f"successor {n}")),
)


class Shadow(RuleBasedStateMachine):
    template: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        clock = SystemClock()
        self.real = self.runner.run(open_store(self.empty(), clock=clock))
        self.reference = self.runner.run(open_store("memory:", clock=clock))
        self.logins = 0

    def empty(self) -> str:
        """The URL of a database with nothing in it."""
        if not self.template.startswith("sqlite:///"):
            emptied(self.template)
            return self.template
        shutil.copy(self.template.removeprefix("sqlite:///"), self.folder / "x.db")
        return f"sqlite:///{self.folder}/x.db"

    def same(self, call):
        """Ask both; the answer, when it is one and the same."""
        answers = [self.runner.run(_told(call(store))) for store in (self.real, self.reference)]
        assert answers[0] == answers[1]
        return answers[0]

    @rule(
        appid=APPIDS,
        openid=OPENIDS,
        unionid=UNIONIDS,
        platform=PLATFORMS,
        code=st.integers(0, 30),
        key=st.none() | NUMBERS.map(session_key),
        at=INSTANTS,
        life=st.integers(-5, 100),
    )
    def log_in(self, *, appid, openid, unionid, platform, code, key, at, life):
        self.logins += 1
        new = login(
            self.logins,
            appid=appid,
            openid=openid,
            unionid=unionid,
            open_platform=platform,
            code_digest=digest(f"code {code}"),
            session_key=key,
            at=at,
            session_expires_at=at + life,
        )
        self.same(lambda store: store.logins.commit(new))
        self.same(lambda store: store.logins.attempt(appid, new.code_digest))
        self.same(lambda store: store.sessions.session_keys(appid, openid))

    @rule(n=st.integers(0, 40), field=st.sampled_from(["session_id", "refresh_digest", "event_id"]))
    def log_in_with_an_id_of_another(self, n, field):
        self.logins += 1
        new = login(self.logins, **{field: getattr(login(n), field)})
        self.same(lambda store: store.logins.commit(new))

    @rule(n=st.integers(0, 12), old=TOKENS, tag=NUMBERS, at=INSTANTS, grace=st.integers(0, 60))
    def rotate(self, n, old, tag, at, grace):
        wish = rotation(n, old, client_tag=digest(str(tag))[:16], at=at, grace=grace)
        self.same(lambda store: store.sessions.rotate(wish))
        self.same(lambda store: store.sessions.by_refresh(wish.new_digest))
        self.same(lambda store: store.sessions.by_refresh(old))

    @rule(session_id=SESSIONS, at=INSTANTS)
    def end(self, session_id, at):
        self.same(lambda store: store.sessions.end(session_id, "signed_out", at))
        self.same(lambda store: store.sessions.get(session_id))

    @rule(user_id=USERS, at=INSTANTS)
    def end_all(self, user_id, at):
        self.same(lambda store: store.sessions.end_all(user_id, "operator", at))
        self.same(lambda store: store.sessions.of_user(user_id))

    @rule(n=st.integers(100, 120), user_id=st.none() | USERS)
    def record(self, n, user_id):
        self.same(lambda store: store.logins.record(event(n, user_id=user_id)))
        self.same(lambda store: store.logins.recent(5, user_id=user_id))

    @rule(user_id=USERS, n=NUMBERS)
    def fill_in(self, user_id, n):
        self.same(lambda store: store.users.put_profile(user_id, profile_change(n)))
        self.same(lambda store: store.users.put_phone(phone(n, user_id=user_id)))

    @rule(user_id=USERS, n=NUMBERS, at=INSTANTS, stored=st.booleans())
    def picture(self, user_id, n, at, stored):
        new = avatar(n, user_id=user_id, at=at)
        self.same(lambda store: store.avatars.begin(new))
        if stored:
            self.same(lambda store: store.avatars.adopt(new))

    @rule(n=NUMBERS)
    def forget_picture(self, n):
        self.same(lambda store: store.avatars.forget(avatar(n).url))

    @rule(user_id=USERS, n=NUMBERS, whose=NUMBERS, at=INSTANTS)
    def erase(self, user_id, n, whose, at):
        wish = erasure(n, user_digest=digest(f"erased {whose}"))
        self.same(lambda store: store.erasures.commit(wish, user_id, at))
        self.same(lambda store: store.users.phone(user_id))
        self.same(lambda store: store.users.identities(user_id))

    @rule(n=NUMBERS, slug=NUMBERS)
    def add_app(self, n, slug):
        self.same(lambda store: store.apps.add(app(n, slug=f"app-{slug}"), secret(n)))

    @rule(n=NUMBERS, version=st.integers(1, 4))
    def put_secret(self, n, version):
        self.same(lambda store: store.apps.put_secret(secret(n, version)))

    @rule(n=NUMBERS)
    def remove_app(self, n):
        self.same(lambda store: store.apps.remove(app(n).appid))

    @rule(n=NUMBERS, only_first=st.booleans())
    def add_sealing(self, n, only_first):
        self.same(lambda store: store.keys.add_sealing(sealing_key(n), only_first=only_first))

    @rule(n=NUMBERS, retired=st.none() | INSTANTS, at=INSTANTS)
    def sign(self, n, retired, at):
        self.same(lambda store: store.keys.add_signing(signing_key(n, retired_at=retired)))
        self.same(lambda store: store.keys.retire_signing(f"kid-{n}", at))

    @rule(n=NUMBERS, name=NUMBERS, at=INSTANTS, revoke=st.booleans())
    def serve(self, n, name, at, revoke):
        self.same(lambda store: store.keys.add_service(service_key(n, name=f"s{name}", revoked_at=None)))
        if revoke:
            self.same(lambda store: store.keys.revoke_service(f"s{name}", at))
        self.same(lambda store: store.keys.service(digest(f"service {n}")))

    @rule(attempts=INSTANTS, events=INSTANTS, keys=INSTANTS, sessions=INSTANTS, erased=INSTANTS)
    def sweep(self, attempts, events, keys, sessions, erased):
        limits = SweepLimits(
            attempts=attempts, events=events, session_keys=keys, sessions=sessions, erased_sessions=erased
        )
        self.same(lambda store: store.sweep(limits))

    @rule(text=st.sampled_from(["oA", "oa", "uA", "uB", "usr_00000001", "u", ""]), limit=st.integers(1, 5))
    def find(self, text, limit):
        self.same(lambda store: store.users.find(text, limit))

    @rule(limit=st.integers(1, 5), before=st.none() | USERS)
    def page(self, limit, before):
        for user in self.same(lambda store: store.users.page(limit, before=before)):
            self.same(lambda store, user=user: store.users.identities(user.id))

    @invariant()
    def all_that_can_be_listed_is_equal(self):
        self.same(lambda store: store.users.count())
        self.same(lambda store: store.sessions.recent(100))
        self.same(lambda store: store.sessions.ended_since(START))
        self.same(lambda store: store.sessions.count_running(START + 50))
        self.same(lambda store: store.logins.recent(100))
        self.same(lambda store: store.avatars.orphans(START + 50, 100))
        self.same(lambda store: store.erasures.page(100))
        self.same(lambda store: store.apps.all())
        self.same(lambda store: store.keys.signing())
        self.same(lambda store: store.keys.sealing())
        self.same(lambda store: store.keys.services())

    def teardown(self):
        self.runner.run(self.real.aclose())
        self.runner.close()
        shutil.rmtree(self.folder)


async def _told(call):
    """The answer, or which refusal it was. Of two fields that are taken at once, either may be named."""
    try:
        return await call
    except TakenError:
        return "taken"
    except StorageError as error:
        return type(error).__name__


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("database", "examples"), [("sqlite", 40), ("postgresql", 8), ("mysql", 8)])
def test_a_database_and_the_reference_answer_alike(request, database, examples):
    Shadow.template = request.getfixturevalue(f"{database}_url")
    run_state_machine_as_test(
        Shadow,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
