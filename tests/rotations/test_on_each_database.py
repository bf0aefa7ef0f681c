"""On every database: two nodes seal while a third process rotates the data key, and everything opens afterwards."""

import asyncio
import itertools
from contextlib import AsyncExitStack

import pytest

from lingpai.admin.sealing import SealingAdmin
from lingpai.clock import SystemClock
from lingpai.keeper import Vault
from lingpai.model import NewSessionKey, sealed_identity, session_key_identity
from lingpai.secret import key_id_of
from lingpai.storage import migrate, open_store
from lingpai.testing.actors import TESTER
from lingpai.testing.storage_contract_samples import APPID, START, app, login, phone, secret, session_key

MASTER = bytes(range(32))
PEOPLE = 5


@pytest.fixture(params=["sqlite", "postgresql", "mysql"])
def url(request, tmp_path):
    if request.param != "sqlite":
        return request.getfixturevalue(f"{request.param}_url")
    url = f"sqlite:///{tmp_path / 'lingpai.db'}"
    migrate(url)
    return url


class Node:
    """A process that signs people in and follows the keys."""

    def __init__(self, name, store):
        self.name, self.store = name, store
        self.vault = Vault(store, (MASTER,), SystemClock(), node=name)
        self.latest = {}

    async def live(self, leave):
        for turn in itertools.count():
            if leave.is_set():
                return
            openid, key = f"{self.name}-{turn % PEOPLE}", f"key {turn}".encode()
            sealed = self.vault.sealer.seal(key, session_key_identity(APPID, openid))
            new = NewSessionKey(fingerprint=openid.encode().ljust(16)[:16], sealed=sealed)
            await self.store.sessions.push_session_key(APPID, openid, new, START + turn)
            self.latest[openid] = key
            await self.vault.follow()


@pytest.fixture
async def closing():
    async with AsyncExitStack() as stack:
        yield stack


async def test_what_nodes_seal_while_the_data_key_changes_opens_under_the_new_one(url, monkeypatch, closing):
    monkeypatch.setattr("lingpai.admin.resealing._PAGE", 4)
    monkeypatch.setattr("lingpai.admin.resealing._TOGETHER", 2)
    monkeypatch.setattr("lingpai.admin.sealing._IN_FLIGHT", 0.2)
    stores = [await open_store(url, clock=SystemClock()) for _ in range(3)]
    for store in stores:
        closing.push_async_callback(store.aclose)
    nodes = [Node(f"node-{n}", store) for n, store in enumerate(stores[:2])]
    for node in nodes:
        await node.vault.open()
    await stores[0].logins.commit(login(1))
    sealer = nodes[0].vault.sealer
    number, own = b"13800000000", phone(1, user_id="usr_00000001")
    owner = sealer.seal(number, f"phones|sealed|{own.user_id}")
    await stores[0].users.put_phone(phone(1, user_id=own.user_id, sealed=owner))
    version = secret(1, sealed=sealer.seal(b"a" * 32, f"app_secrets|sealed|{app(1).appid}|1"))
    await stores[0].apps.add(app(1), version)
    leave = asyncio.Event()
    living = [asyncio.create_task(node.live(leave)) for node in nodes]
    rotating = Vault(stores[2], (MASTER,), SystemClock())
    await rotating.open()
    admin = SealingAdmin(stores[2], rotating, SystemClock())
    broken = key_id_of(session_key(1).sealed)  # a sample that nobody sealed
    try:
        for _ in range(2):
            done = await admin.rotate(by=TESTER, on_progress=lambda _done, _total: None)
            assert (len(done.dropped), done.kept) == (1, {})
    finally:
        leave.set()
        await asyncio.gather(*living)
    sealer, found = rotating.sealer, {}
    for noun in ("session_keys", "phones", "app_secrets"):
        for value in await stores[2].vault.page(noun, None, 100):
            if key_id_of(value.sealed) != broken:
                assert key_id_of(value.sealed) == sealer.current
                found[noun, value.key] = sealer.open(value.sealed, sealed_identity(value))
    keys = {key[1]: opened for (noun, key), opened in found.items() if noun == "session_keys"}
    assert keys == nodes[0].latest | nodes[1].latest
    assert found["phones", (own.user_id,)] == number
    assert found["app_secrets", (app(1).appid, 1)] == b"a" * 32
