"""The whole server on each database: what a person does, from the first login to the last sign-out."""

import asyncio

import httpx
import pytest

from lingpai.testing.clock import FrozenClock
from lingpai.testing.databases import rows
from lingpai.testing.server import running_server, server_config
from tests.conftest import Stack, demo_apps

DATABASES = ["sqlite", "postgresql", "mysql"]


@pytest.fixture(params=DATABASES)
def database(request):
    """Settings that name a database."""
    if request.param == "sqlite":
        return {}
    return {"database_url": request.getfixturevalue(f"{request.param}_url")}


@pytest.fixture
async def stack(wechat, tmp_path, database):
    clock = FrozenClock()
    config = server_config(tmp_path, wechat.url, log_level="error", **database)
    async with (
        running_server(config, demo_apps(wechat), clock=clock) as running,
        httpx.AsyncClient(base_url=running.url, timeout=30) as http,
    ):
        yield Stack(running, wechat, clock, http)


async def test_a_person_signs_in_stays_signed_in_and_signs_out(stack):
    code, nonce = stack.wechat.login(), stack.nonce()
    first = (await stack.login(code, nonce=nonce)).json()
    again = (await stack.login(code, nonce=nonce)).json()
    assert again["refresh_token"] == first["refresh_token"]
    assert (await stack.login(code, nonce=stack.nonce())).json()["code"] == "code_used"
    fresh = (await stack.refresh(first["refresh_token"], nonce=stack.nonce())).json()
    session = (await stack.session(fresh["access_token"])).json()
    assert session["user"]["id"] == first["user"]["id"]
    second = await stack.signed_in()
    assert second["user"] == {**first["user"], "is_new": False}
    await stack.sign_out(second["access_token"], everywhere=True)
    for token in (fresh["access_token"], second["access_token"]):
        assert (await stack.session(token)).status_code == 401
    assert (await stack.refresh(fresh["refresh_token"])).status_code == 401
    assert (await stack.http.get("/readyz")).json()["database"] == "ok"


async def test_a_stolen_refresh_token_ends_the_session(stack):
    first = await stack.signed_in()
    own = (await stack.refresh(first["refresh_token"], nonce=stack.nonce())).json()
    assert (await stack.refresh(first["refresh_token"], nonce=stack.nonce())).status_code == 401
    assert (await stack.refresh(own["refresh_token"])).status_code == 401


async def test_64_people_at_once_are_64_users(stack):
    for n in range(64):
        stack.wechat.add_person(id=f"person-{n}", nickname=f"{n}", unionid=True)
    answers = await asyncio.gather(*(stack.signed_in(f"person-{n}") for n in range(64)))
    assert len({answer["user"]["id"] for answer in answers}) == 64
    assert await stack.store.users.count() == 64


@pytest.mark.parametrize("database", DATABASES[1:], indirect=True)
async def test_nothing_in_the_database_opens_a_session(stack):
    answer = await stack.signed_in()
    url = stack.running.config.database_url
    for table in ("sessions", "refresh_tokens", "login_attempts", "login_events", "session_keys"):
        held = repr(rows(url, f"SELECT * FROM {table}"))
        assert answer["refresh_token"] not in held
        assert answer["access_token"] not in held


@pytest.mark.parametrize("database", DATABASES[1:], indirect=True)
async def test_two_servers_share_one_database(stack, wechat, tmp_path):
    url = stack.running.config.database_url
    config = server_config(tmp_path, wechat.url, log_level="error", database_url=url)
    async with (
        running_server(config, clock=stack.clock) as running,
        httpx.AsyncClient(base_url=running.url, timeout=30) as http,
    ):
        here = await stack.signed_in()
        there = Stack(running, wechat, stack.clock, http)
        assert (await there.refresh(here["refresh_token"], nonce=there.nonce())).status_code == 200
        assert (await there.signed_in())["user"]["id"] == here["user"]["id"]
        # Used at the other node, the token is used here too: somebody else presents it now.
        assert (await stack.refresh(here["refresh_token"], nonce=stack.nonce())).status_code == 401
