"""A rotation of the data key may be killed anywhere, and people write meanwhile: nothing is lost, nothing left behind."""

import asyncio
import hashlib
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingpai.admin.sealing import SealingAdmin
from lingpai.keeper import Vault
from lingpai.model import NewSessionKey, sealed_identity, session_key_identity
from lingpai.secret import key_id_of
from lingpai.storage import open_store
from lingpai.testing.actors import TESTER
from lingpai.testing.clock import FrozenClock
from lingpai.testing.storage_contract_samples import app, login, secret, signing_key

MASTER = bytes(range(32))
APPID = "wx00000000000000a1"


class KilledError(BaseException):
    """The process is gone."""


class Deadly:
    """A vault whose user dies at the n-th call: before it was made, or after."""

    def __init__(self, vault, dies_at, *, after):
        self._vault, self._left, self._after = vault, dies_at, after

    def __getattr__(self, name):
        method = getattr(self._vault, name)

        async def call(*given):
            self._left -= 1
            await asyncio.sleep(0)  # others have their turn, as with a database
            if self._left == 0 and not self._after:
                raise KilledError
            answer = await method(*given)
            await asyncio.sleep(0)
            if self._left == 0:
                raise KilledError
            return answer

        return call


class Line:
    """A store with a deadly vault."""

    def __init__(self, store, deadly):
        self._store, self.vault = store, deadly

    def __getattr__(self, name):
        return getattr(self._store, name)


class World:
    def __init__(self, store, clock, vault, rings):
        self.store, self.clock, self.vault, self.rings = store, clock, vault, rings
        self.latest = {}

    async def push(self, openid):
        """A login seals a session_key, with the key that its node knows."""
        key = hashlib.sha256(f"{openid} {len(self.latest)}".encode()).hexdigest().encode()
        sealer = self.vault.sealer
        new = NewSessionKey(
            fingerprint=sealer.fingerprint(openid.encode()),
            sealed=sealer.seal(key, session_key_identity(APPID, openid)),
        )
        await self.store.sessions.push_session_key(APPID, openid, new, self.clock.now())
        self.latest[openid, len(self.latest)] = key
        self.rings[openid] = key

    async def rotate(self, dies_at=-1, *, after=False):
        deadly = Deadly(self.store.vault, dies_at, after=after)
        line = Line(self.store, deadly)
        vault = Vault(line, (MASTER,), self.clock)
        try:
            await vault.open()
            admin = SealingAdmin(line, vault, self.clock)
            return await admin.rotate(by=TESTER, on_progress=lambda _done, _total: None)
        except KilledError:
            return None


async def opened(world):
    """Every session_key on record, and the ids of the keys they are sealed under."""
    vault = Vault(world.store, (MASTER,), world.clock)
    sealer = await vault.open()
    found, after, ids = {}, None, set()
    while page := await world.store.vault.page("session_keys", after, 3):
        after = page[-1]
        for value in page:
            found[value.key[1]] = sealer.open(value.sealed, sealed_identity(value))
            ids.add(key_id_of(value.sealed))
    return found, ids, sealer


@pytest.fixture(autouse=True)
def in_small_steps(monkeypatch):
    monkeypatch.setattr("lingpai.admin.sealing._IN_FLIGHT", 0.0)
    monkeypatch.setattr("lingpai.admin.sealing._LOOK_EVERY", 0.0)
    monkeypatch.setattr("lingpai.admin.resealing._PAGE", 2)
    monkeypatch.setattr("lingpai.admin.resealing._TOGETHER", 1)


@pytest.mark.parametrize("lag", [1, 7, 60])
def test_a_login_at_any_moment_of_a_rotation_is_neither_lost_nor_left_behind(lag):
    for moment in range(1, 80 + 2 * lag):
        asyncio.run(_story(3, [], dict.fromkeys(range(moment, moment + 3)), lag))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.integers(1, 9),
    deaths=st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=4),
    logins=st.dictionaries(st.integers(1, 200), st.none(), max_size=9),
)
def test_killed_anywhere_a_rotation_is_brought_to_its_end_by_the_next(people, deaths, logins):
    asyncio.run(_story(people, deaths, logins, lag=3))


async def _story(people, deaths, logins, lag):
    clock = FrozenClock()
    store = await open_store("memory:", clock=clock)
    node = Vault(store, (MASTER,), clock, node="node-1")
    await node.open()
    world = World(store, clock, node, {})
    for n in range(people):
        await world.push(f"o{n}")
    (old,) = await store.keys.sealing()

    async def alive():
        """A login may come at any moment; the node follows on its timer, which takes `lag` moments."""
        spent = 0
        for moment in itertools.count(1):
            await asyncio.sleep(0)
            if moment in logins and spent < people:
                await world.push(f"o{spent}")
                spent += 1  # once each: a later login would cover up what was lost
            if moment % lag == 0:
                await node.follow()

    timer = asyncio.create_task(alive())
    for dies_at, after in deaths:
        await world.rotate(dies_at, after=after)
    done = None
    while done is None or done.kept:
        done = await world.rotate()
    timer.cancel()
    (key,) = await store.keys.sealing()
    assert key.id != old.id
    found, ids, sealer = await opened(world)
    assert found == world.rings
    assert ids == {key.id} == {sealer.current}
    await store.aclose()


async def test_a_value_in_another_rows_place_does_not_open():
    clock = FrozenClock()
    store = await open_store("memory:", clock=clock)
    vault = Vault(store, (MASTER,), clock)
    sealer = await vault.open()
    for n in (1, 2):
        await store.apps.add(app(n), secret(n))
        await store.keys.add_signing(signing_key(n))
        await store.logins.commit(login(n))
    for noun in ("app_secrets", "signing_keys", "session_keys"):
        one, other = await store.vault.page(noun, None, 9)
        mine = sealer.seal(b"mine", sealed_identity(one))
        assert await store.vault.reseal([(one, mine), (other, mine)]) == 2
    admin = SealingAdmin(store, vault, clock)
    done = await admin.rotate(by=TESTER, on_progress=lambda _done, _total: None)
    # What stood in its own row was sealed anew; what stood in another's stays shut, and so does its key.
    assert (done.resealed, sum(done.kept.values())) == (3, 3)
    for noun in ("app_secrets", "signing_keys", "session_keys"):
        one, other = await store.vault.page(noun, None, 9)
        assert vault.sealer.open(one.sealed, sealed_identity(one)) == b"mine"
        assert key_id_of(other.sealed) != vault.sealer.current
    again = await admin.rotate(by=TESTER, on_progress=lambda _done, _total: None)
    assert not again.resumed, "a broken value would keep keys from ever being rotated again"
    await store.aclose()
