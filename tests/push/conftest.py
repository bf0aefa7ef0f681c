"""A server that takes WeChat's events, a WeChat that sends them, and a backend that is told."""

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from lingpai.admin.pushes import PushesAdmin, ShownPushKey
from lingpai.admin.webhooks import WebhooksAdmin
from lingpai.model import Actor
from lingpai.testing.clock import FrozenClock
from lingpai.testing.server import running_server, server_config
from lingpai.webhooks import Reachable
from lingpai_emulator.client import Wechat
from tests.conftest import DEMO, Stack, bearer, demo_apps
from tests.push.receiver import Receiver, receiving

TESTER = Actor("cli", "test", "test")
LOOPBACK = "127.0.0.0/8"


@pytest.fixture
async def stack(wechat: Wechat, tmp_path: Path) -> AsyncIterator[Stack]:
    clock = FrozenClock()
    config = server_config(tmp_path, wechat.url, log_level="error", webhook_networks=LOOPBACK)
    wechat.freeze(clock.now() / 1000)
    async with (
        running_server(config, demo_apps(wechat), clock=clock) as running,
        httpx.AsyncClient(base_url=running.url, timeout=10) as http,
    ):
        yield Stack(running, wechat, clock, http)


@dataclass
class Pushing:
    """The demo app's events: WeChat sends them, or somebody who knows the keys."""

    stack: Stack
    admin: PushesAdmin
    webhooks: WebhooksAdmin
    key: ShownPushKey

    async def send(self, event: str, person: str | None = "xiaoming", **fields: Any) -> dict[str, Any]:
        """Let the emulator push; it has to be delivered."""
        told = await asyncio.to_thread(self.stack.wechat.push, event, person, DEMO, **fields)
        assert told["delivered"], told
        return told

    async def settled(self) -> list[Any]:
        """The events of the app, newest first, once the job has acted on all of them."""
        return await until(self._all_settled)

    async def _all_settled(self):
        events = await self.stack.store.pushes.page(99)
        return events if events and all(each.outcome for each in events) else None

    async def hook(self, receiver: Receiver, *events: str) -> tuple[str, str]:
        """Tell a receiver; (id, secret)."""
        shown, secret = await self.webhooks.add(receiver.url, events or ("*",), by=TESTER)
        return shown.id, secret.reveal()

    async def me(self, person: str = "xiaoming") -> dict[str, Any]:
        token = (await self.stack.signed_in(person))["access_token"]
        return (await self.stack.http.get("/v1/me", headers=bearer(token))).json()

    async def setting(self, **settings: object) -> None:
        rooms = self.stack.running.server.rooms
        held = await rooms.directory.get(DEMO)
        await self.stack.store.apps.put_settings(
            held.app.appid, msgspec.structs.replace(held.app.settings, **settings)
        )
        await rooms.directory.reload()


async def until(condition, seconds: float = 30):
    """Wait for something that a job of the server brings about."""
    async with asyncio.timeout(seconds):
        while not (found := await condition()):  # noqa: ASYNC110 - what is waited for is elsewhere
            await asyncio.sleep(0.05)
        return found


@pytest.fixture
async def pushing(stack: Stack) -> Pushing:
    store, sealer = stack.store, stack.running.server.sealer
    admin = PushesAdmin(store, sealer, stack.clock, stack.url)
    key = await admin.make_keys(DEMO, by=TESTER)
    assert key is not None
    stack.clock.advance(2)  # an app that just got its keys is looked for again
    stack.wechat.set_app(DEMO, push_url=key.url, push_token=key.token, push_aes_key=key.encoding_aes_key)
    webhooks = WebhooksAdmin(store, sealer, stack.clock, Reachable(LOOPBACK))
    return Pushing(stack, admin, webhooks, key)


@pytest.fixture
def receiver():
    with receiving() as running:
        yield running


@dataclass
class Forger:
    """Writes events by hand, with the keys or without: a third pair of hands for the crypto."""

    stack: Stack
    token: str
    aes_key: str
    appid: str

    def encrypt(self, message: bytes, *, appid: str | None = None, length: int | None = None) -> str:
        raw = base64.b64decode(self.aes_key + "=")
        size = len(message) if length is None else length
        data = secrets.token_bytes(16) + size.to_bytes(4, "big") + message + (appid or self.appid).encode()
        pad = 32 - len(data) % 32
        encryptor = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
        return base64.b64encode(encryptor.update(data + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def query(self, encrypted: str | None = None, **changed: str) -> dict[str, str]:
        given = {"timestamp": str(self.stack.clock.now() // 1000), "nonce": secrets.token_hex(5), **changed}
        parts = [self.token, given["timestamp"], given["nonce"]]
        given.setdefault("signature", self.sha1(parts))
        if encrypted is not None:
            given.setdefault("msg_signature", self.sha1([*parts, encrypted]))
        return given

    @staticmethod
    def sha1(parts: list[str]) -> str:
        return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()

    async def post(self, body: bytes | str, query: dict[str, str]) -> httpx.Response:
        return await self.stack.http.post(f"/wechat/{DEMO}/push", content=body, params=query)

    async def event(self, fields: dict[str, object], **changed: str) -> httpx.Response:
        encrypted = self.encrypt(json.dumps(fields).encode())
        return await self.post(json.dumps({"Encrypt": encrypted}), self.query(encrypted, **changed))


@pytest.fixture
def forger(stack: Stack, pushing: Pushing) -> Forger:
    return Forger(stack, pushing.key.token, pushing.key.encoding_aes_key, stack.wechat.app(DEMO).appid)
