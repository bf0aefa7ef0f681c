"""F6 on a real server: PostgreSQL stands still for two hours under readers, and goes on."""

import asyncio
import os
import signal
from contextlib import contextmanager

import httpx
import pytest

from lingpai.storage import StorageUnavailableError
from lingpai.testing.actors import TESTER
from lingpai.testing.clock import FrozenClock
from lingpai.testing.databases import execute, started
from lingpai.testing.databases.process import family
from lingpai.testing.server import running_server, server_config
from tests.conftest import DEMO_APPID, Stack, demo_apps

TOKEN = "/v1/demo-mp/access-token"
READERS = 10
STEP = 700
"""Seconds of the server's clock and of WeChat's."""


@pytest.fixture
def postgresql():
    server = started("postgresql")
    execute(server.url(server.admin_database), "CREATE DATABASE lingpai")
    yield server
    server.stop()


@pytest.fixture
async def stack(wechat, tmp_path, postgresql):
    clock = FrozenClock()
    config = server_config(
        tmp_path, wechat.url, database_url=postgresql.url("lingpai"), log_level="error", shutdown_drain=1.0
    )
    wechat.freeze(clock.now() / 1000)
    async with (
        running_server(config, demo_apps(wechat), clock=clock) as running,
        httpx.AsyncClient(base_url=running.url, timeout=30) as http,
    ):
        yield Stack(running, wechat, clock, http)


@contextmanager
def stopped(server):
    pids = family(server.pid)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture
def later(stack):
    def passing(seconds):
        stack.clock.advance(seconds)
        stack.wechat.advance(seconds)

    return passing


@pytest.fixture
def readers(stack, ask):
    """What so many programs are told at once: statuses and tokens. None of the tokens is dead."""

    async def asking():
        answers = await asyncio.gather(*(ask("everything", "GET", TOKEN) for _ in range(READERS)))
        tokens = {answer.json()["access_token"] for answer in answers if answer.status_code == 200}
        for token in tokens:
            told = await stack.http.get(
                f"{stack.wechat.url}/cgi-bin/get_api_domain_ip", params={"access_token": token}
            )
            assert "ip_list" in told.json()
        return {answer.status_code for answer in answers}, tokens

    return asking


@pytest.mark.parametrize("kind", ["stable", "legacy"])
async def test_f6_while_the_database_stands_still_nobody_waits_for_it_and_nobody_gets_an_expired_token(
    stack, postgresql, readers, later, kind
):
    rooms = stack.running.server.rooms
    await rooms.apps.change_settings("demo-mp", {"token_kind": kind}, by=TESTER)
    await rooms.directory.reload()
    statuses, first = await readers()
    assert (statuses, len(first)) == ({200}, 1)
    with stopped(postgresql):
        for _ in range(10):
            later(STEP)
            assert await readers() == ({200}, first)
        later(STEP)
        statuses, alone = await readers()
        # A stable token is the same for all who ask for it; of two legacy ones, one would die.
        assert statuses == ({200} if kind == "stable" else {503})
        assert not alone & first

    statuses, tokens = set(), set()
    async with asyncio.timeout(60):
        while statuses != {200} or await on_record(stack, kind) != "ok":
            statuses, tokens = await readers()
    assert len(tokens) == 1
    assert not tokens & first
    assert len(stack.wechat.calls("/cgi-bin/token" if kind == "legacy" else "/cgi-bin/stable_token")) <= 4


async def on_record(stack, kind):
    try:
        row = (await stack.store.access_tokens.look(DEMO_APPID, kind)).row
    except StorageUnavailableError:
        return None
    return row.state
