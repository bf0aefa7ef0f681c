"""A node is killed at each step of a login, and the phone sends the same request to another.

LINGPAI_TEST_KILLS (8 by default) says at how many steps; from 50 on at every one. `-m kills` picks these tests.
"""

import asyncio
import hashlib
import os
import secrets
import signal
import sys
from pathlib import Path

import httpx
import pytest

from lingpai.testing.server import running_server, server_config
from tests.conftest import DEMO_APPID, demo_apps

KILLS = int(os.environ.get("LINGPAI_TEST_KILLS", "8"))
STRIDE = 1 if KILLS >= 50 else 6
PATIENCE = 60
CHILD = Path(__file__).parent / "children" / "sign_in_and_die.py"
PATH = "/sns/jscode2session"


@pytest.fixture(params=["sqlite", "postgresql", "mysql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'lingpai.db'}"
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
async def other(url, wechat, tmp_path):
    """The node that lives, and its address."""
    config = server_config(tmp_path, wechat.url, database_url=url, log_level="error")
    async with running_server(config, demo_apps(wechat)) as running:
        yield running


@pytest.mark.kills
@pytest.mark.timeout(120 + 10 * KILLS)
async def test_a_login_killed_at_any_step_is_whole_or_not_there(url, wechat, other, tmp_path):
    store, seen, at = other.server.rooms.store, set(), 1
    async with httpx.AsyncClient(timeout=PATIENCE) as http:
        while True:
            person, nonce = f"person-{at}", secrets.token_hex(16)
            wechat.add_person(id=person, nickname=person, unionid=True)
            body = {"code": wechat.login(person), "nonce": nonce}
            wechat.clear_calls()
            steps, died = await asked(http, (tmp_path, wechat.url, url, at), body)
            kept = await store.logins.attempt(DEMO_APPID, hashlib.sha256(body["code"].encode()).digest())
            answer = await http.post(f"{other.url}/v1/demo-mp/login", json=body)
            consumed = len(wechat.calls(PATH)) > 1
            if kept is not None or not consumed:
                assert answer.status_code == 200, (steps[-1], answer.text)
            else:
                assert answer.json()["code"] == "restart_login", (steps[-1], answer.text)
                again = {"code": wechat.login(person), "nonce": secrets.token_hex(16)}
                answer = await http.post(f"{other.url}/v1/demo-mp/login", json=again)
            told = answer.json()
            (session,) = await store.sessions.of_user(told["user"]["id"])
            assert kept is None or session.id == kept.session_id
            assert await store.users.count() == (at - 1) // STRIDE + 1
            seen.add((kept is not None, consumed))
            if not died:
                break
            at += STRIDE
    print(f"\n{len(steps)} steps: {', '.join(steps)}")
    assert seen == {(False, False), (False, True), (True, True)}


async def asked(http, arguments, body):
    """Ask a node for a login that kills it; the steps it took, and whether it died."""
    node = await asyncio.create_subprocess_exec(
        sys.executable, CHILD, *map(str, arguments), stdout=asyncio.subprocess.PIPE
    )
    assert node.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            address = (await node.stdout.readline()).decode().strip()
            try:
                answer = await http.post(f"{address}/v1/demo-mp/login", json=body)
            except httpx.TransportError:
                died = await node.wait() == -signal.SIGKILL
                assert died
            else:
                assert answer.status_code == 200, answer.text
                died = False
                node.kill()
            steps = (await node.stdout.read()).decode().splitlines()
            await node.wait()
    finally:
        if node.returncode is None:
            node.kill()
            await node.wait()
    return steps, died
