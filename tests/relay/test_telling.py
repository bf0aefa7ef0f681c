"""What a node writes, the others are told; nothing that they follow is forgotten."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from lingpai.clock import SystemClock
from lingpai.relay import telling
from lingpai.relay.telling import TOLD
from lingpai.storage import StorageUnavailableError, Store, migrate, open_store
from lingpai.storage import port as promises
from lingpai.storage.port_apps import Apps, Keys
from lingpai.testing import storage_contract_samples as samples
from lingpai.testing.relay_contract import Looks, until
from lingpai.testing.storage_contract import StorageContract

READS = {Apps: {"all", "secrets"}, Keys: {"signing", "sealing", "services", "service"}}
NOT_FOLLOWED = {Keys: {"add_sealing"}}


class Told:
    """Notes what is told."""

    def __init__(self):
        self.topics = []

    def tell(self, topic):
        self.topics.append(topic)


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def store(memory_store, told):
    return telling(memory_store, told)


async def test_each_write_that_others_follow_is_told(store, told):
    s = samples
    await store.apps.add(s.app(1), s.secret(1))
    await store.apps.put_settings(s.app(1).appid, s.app(2).settings)
    await store.keys.add_service(s.service_key(1, revoked_at=None))
    await store.keys.revoke_service(s.service_key(1).name, s.START)
    await store.keys.add_signing(s.signing_key(1))
    await store.logins.commit(s.login(1))
    await store.sessions.end("ses_00000001", "signed_out", s.START + 1)
    await store.logins.commit(s.login(2))
    await store.sessions.end_all("usr_00000002", "signed_out_everywhere", s.START + 1)
    await store.apps.remove(s.app(1).appid)
    assert told.topics == [
        *("apps", "apps", "service_keys", "service_keys", "signing_keys"),
        *("sessions", "sessions", "apps"),
    ]


async def test_what_changes_nothing_is_not_told(store, told):
    await store.sessions.end("nobody", "signed_out", samples.START)
    await store.sessions.end_all("nobody", "signed_out", samples.START)
    await store.apps.remove("wx")
    await store.keys.revoke_service("none", samples.START)
    assert await store.erasures.commit(samples.erasure(1), "nobody", samples.START) is None
    await store.logins.commit(samples.login(1))
    await store.keys.services()
    assert told.topics == []


async def test_a_refresh_is_told_only_when_it_ends_its_session(store, told):
    await store.logins.commit(samples.login(1))
    first = samples.login(1).refresh_digest
    await store.sessions.rotate(samples.rotation(1, first))
    assert told.topics == []
    await store.sessions.rotate(samples.rotation(2, first, client_tag=b"another client  "))
    assert told.topics == ["sessions"]


class Unsure:
    """A store whose commits break."""

    def __init__(self, *, unknown):
        self.sessions = self
        self._unknown = unknown

    async def end(self, *_arguments):
        raise StorageUnavailableError("the connection broke", unknown=self._unknown)


@pytest.mark.parametrize(("unknown", "topics"), [(True, ["sessions"]), (False, [])])
async def test_a_commit_whose_end_is_unknown_is_told(told, unknown, topics):
    with pytest.raises(StorageUnavailableError):
        await telling(cast(Any, Unsure(unknown=unknown)), told).sessions.end("ses", "signed_out", 0)
    assert told.topics == topics


def test_every_method_that_is_told_is_one_of_the_store():
    for noun, methods in TOLD.items():
        protocol = getattr(promises, noun.capitalize())
        assert [name for name in methods if not hasattr(protocol, name)] == []


@pytest.mark.parametrize("protocol", [Apps, Keys])
def test_every_method_of_what_nodes_follow_is_told_or_a_read(protocol):
    methods = {name for name in vars(protocol) if not name.startswith("_")}
    known = TOLD[protocol.__name__.lower()].keys() | READS[protocol] | NOT_FOLLOWED.get(protocol, set())
    assert methods == known


async def test_a_session_ended_on_one_node_is_looked_up_on_the_other(redis_relays, memory_store):
    looks = Looks()
    redis_relays[1].listen("sessions", looks.look)
    store = telling(memory_store, redis_relays[0])
    await store.logins.commit(samples.login(1))
    await asyncio.sleep(0)
    assert looks.count == 0
    await store.sessions.end("ses_00000001", "signed_out", samples.START)
    await until(lambda: looks.count > 0)


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("template") / "lingpai.db"
    migrate(f"sqlite:///{path}")
    return path.read_bytes()


class TestStorageWithRedis(StorageContract):
    """The store of a node that has a Redis is a store: the whole contract, over SQLite."""

    @pytest.fixture
    async def store(self, template, tmp_path, connect, redis_url) -> AsyncIterator[Store]:
        path = tmp_path / "lingpai.db"
        path.write_bytes(template)
        store = await open_store(f"sqlite:///{path}", clock=SystemClock())
        relay = connect(redis_url, store)
        yield telling(store, relay)
        await relay.aclose()
        await store.aclose()
