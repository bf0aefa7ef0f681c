"""Keys of backends, by what they are for."""

import asyncio

import pytest
import structlog

from lingpai.admin.clients import ClientsAdmin
from lingpai.observe import logs
from lingpai.testing.actors import TESTER

APPID, OTHER = "wx00000000000000a1", "wx00000000000000b2"
SCOPES = {
    "reader": (f"access_token:{APPID}",),
    "everything": ("access_token", "wechat", "introspect"),
    "caller": (f"wechat:{APPID}",),
    "without the scope": ("introspect",),
    "of another app": (f"access_token:{OTHER}", f"wechat:{OTHER}"),
    "revoked": ("access_token", "wechat"),
}


@pytest.fixture
def rooms(stack):
    return stack.running.server.rooms


@pytest.fixture
def app(rooms):
    return rooms.directory.known("demo-mp")


@pytest.fixture
async def keys(stack, rooms):
    """`keys[name]` → the key's text."""
    admin = ClientsAdmin(stack.store, stack.clock)
    made = {
        name: (await admin.add(name.replace(" ", "-"), scopes, by=TESTER))[1].reveal()
        for name, scopes in SCOPES.items()
    }
    await admin.revoke("revoked", by=TESTER)
    await rooms.service_keys.follow()
    return made


@pytest.fixture
def ask(stack, keys):
    """`ask(key, method, path, **more)` → the answer."""

    async def asking(key, method, path, **more):
        headers = {"authorization": f"Bearer {keys.get(key, key)}"} if key else {}
        return await stack.http.request(method, path, headers={**headers, **more.pop("headers", {})}, **more)

    return asking


@pytest.fixture
def until():
    """`await until(condition)`: wait for an asynchronous condition, which a timer of the server brings about."""

    async def waiting(condition):
        async with asyncio.timeout(30):
            while not await condition():  # noqa: ASYNC110 - it is a database's row
                await asyncio.sleep(0.02)

    return waiting


@pytest.fixture
async def look_alike(rooms):
    """The look-alikes answer for the demo mini program."""
    await rooms.apps.change_settings(APPID, {"look_alike": "true"}, by=TESTER)
    await rooms.directory.reload()


@pytest.fixture
def said(monkeypatch):
    """`said(event)`: what the log of this process says of it."""
    lines = []

    def note(_logger, level, fields):
        lines.append({**fields, "level": level})
        raise structlog.DropEvent

    log = structlog.wrap_logger(
        structlog.ReturnLogger(),
        processors=[note],
        wrapper_class=structlog.make_filtering_bound_logger(0),
    )
    monkeypatch.setattr(logs._Current, "log", log)
    return lambda event: [line for line in lines if line["event"] == event]
