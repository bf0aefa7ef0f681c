"""Several nodes on one database server: what is unique stays so between them too."""

import asyncio

import pytest

from lingpai.clock import SystemClock
from lingpai.model import CommittedLogin, NotRotated, Rotated
from lingpai.storage import CodeSpentError, TakenError, open_store
from lingpai.storage.sql.users import count
from lingpai.testing.storage_contract_samples import (
    APPID,
    OTHER_APPID,
    START,
    THIRD_APPID,
    app,
    digest,
    login,
    rotation,
    sealing_key,
    secret,
    session_key,
)

NODES = 4
SERVERS = ["postgresql", "mysql"]


@pytest.fixture(params=SERVERS)
def url(request):
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
async def nodes(url):
    stores = [await open_store(url, clock=SystemClock()) for _ in range(NODES)]
    yield stores
    for store in stores:
        await store.aclose()


async def at_once(calls):
    return await asyncio.gather(*calls, return_exceptions=True)


async def test_200_logins_with_one_code_at_four_nodes_start_one_session(nodes):
    answers = await at_once(
        nodes[n % NODES].logins.commit(login(n, code_digest=digest("one code"))) for n in range(200)
    )
    assert sum(isinstance(answer, CommittedLogin) for answer in answers) == 1
    assert sum(isinstance(answer, CodeSpentError) for answer in answers) == 199
    assert await nodes[0].users.count() == 1
    assert len(await nodes[1].sessions.recent(300)) == 1
    assert len(await nodes[2].logins.recent(300)) == 1


async def test_200_clients_with_one_token_at_four_nodes_rotate_once(nodes):
    await nodes[0].logins.commit(login(1))
    answers = await at_once(
        nodes[n % NODES].sessions.rotate(rotation(n, digest("refresh 1"))) for n in range(200)
    )
    assert sum(isinstance(answer, Rotated) for answer in answers) == 1
    whys = [answer.why for answer in answers if isinstance(answer, NotRotated)]
    assert sorted(whys) == ["ended"] * 198 + ["reused"]


async def test_one_client_asking_200_times_at_four_nodes_gets_one_successor(nodes):
    await nodes[0].logins.commit(login(1))
    wishes = [rotation(n, digest("refresh 1"), client_tag=b"one client, once") for n in range(200)]
    answers = await at_once(nodes[n % NODES].sessions.rotate(wish) for n, wish in enumerate(wishes))
    assert len({answer.successor for answer in answers}) == 1
    assert sum(not answer.retried for answer in answers) == 1


async def test_first_logins_of_one_person_at_three_apps_and_four_nodes_make_one_user(nodes):
    appids = [APPID, OTHER_APPID, THIRD_APPID]
    for turn in range(20):
        answers = await at_once(
            nodes[n % NODES].logins.commit(
                login(
                    turn * 100 + n,
                    appid=appids[n % 3],
                    openid=f"oPerson{turn}-{n % 3}",
                    unionid=f"uPerson{turn}",
                )
            )
            for n in range(12)
        )
        assert len({answer.user.id for answer in answers}) == 1
        assert sum(answer.is_new for answer in answers) == 1
    assert await nodes[0].users.count() == 20


async def test_many_new_people_at_many_nodes_lose_nobody(nodes):
    answers = await at_once(
        nodes[n % NODES].logins.commit(login(n, openid=f"oPerson{n % 150}", unionid=f"uPerson{n % 150}"))
        for n in range(600)
    )
    assert [answer for answer in answers if isinstance(answer, BaseException)] == []
    assert await nodes[0].users.count() == 150
    assert len({answer.user.id for answer in answers}) == 150


async def test_keys_pushed_at_four_nodes_leave_a_ring_of_three(nodes):
    await nodes[0].logins.commit(login(1_000, openid="oSame", unionid="uSame"))
    await at_once(
        nodes[n % NODES].logins.commit(
            login(n, openid="oSame", unionid="uSame", session_key=session_key(n % 7))
        )
        for n in range(80)
    )
    rings = [await node.sessions.session_keys(APPID, "oSame") for node in nodes]
    assert rings == [rings[0]] * NODES
    assert len({key.fingerprint for key in rings[0]}) == len(rings[0]) == 3


async def test_a_session_that_one_node_ends_is_ended_for_all(nodes):
    await nodes[0].logins.commit(login(1))
    answers = await at_once(
        nodes[n % NODES].sessions.end("ses_00000001", "operator", START + 500 + n) for n in range(40)
    )
    assert sum(answers) == 1
    for node in nodes:
        signed_in = await node.sessions.get("ses_00000001")
        assert signed_in.session.end_reason == "operator"
        refused = await node.sessions.rotate(rotation(1, digest("refresh 1")))
        assert refused.why == "ended"


async def test_first_sealing_keys_of_four_nodes_become_one(nodes):
    answers = await at_once(
        nodes[n % NODES].keys.add_sealing(sealing_key(n), only_first=True) for n in range(40)
    )
    assert sum(answers) == 1
    assert len(await nodes[0].keys.sealing()) == 1


async def test_apps_of_four_nodes_with_one_slug_become_one(nodes):
    answers = await at_once(nodes[n % NODES].apps.add(app(n, slug="same"), secret(n)) for n in range(40))
    assert sum(answer is None for answer in answers) == 1
    assert sum(isinstance(answer, TakenError) for answer in answers) == 39


async def test_a_shared_statement_that_looks_before_it_writes_runs_as_if_alone(nodes):
    # Each reads how many there are and writes a row named so: on any interleaving two would name the same.
    def next_app(connection):
        held = connection.execute(select(func.count()).select_from(apps)).scalar_one()
        values = {
            "appid": f"wx{held}",
            "slug": f"s{held}",
            "kind": "miniprogram",
            "name": "",
            "created_at": 1,
        }
        connection.execute(insert(apps).values(values))
        return held

    from sqlalchemy import func, insert, select

    from lingpai.storage.sql.tables import apps

    answers = await at_once(nodes[n % NODES]._dialect.write(next_app) for n in range(20))
    assert sorted(answers) == list(range(20))


async def test_a_shared_statement_that_updates_or_else_inserts_does_one_of_them(nodes):
    from sqlalchemy import insert, select, update

    from lingpai.storage.sql.tables import probes

    def put(connection):
        mine = update(probes).where(probes.c.id == 5).values(at=probes.c.at + 1)
        if not connection.execute(mine).rowcount:
            connection.execute(insert(probes).values(id=5, at=1, filler=b""))

    answers = await at_once(nodes[n % NODES]._dialect.write(put) for n in range(40))
    assert answers == [None] * 40
    assert await nodes[0]._dialect.read(lambda connection: connection.scalar(select(probes.c.at))) == 40


async def test_nodes_read_what_another_has_acknowledged(nodes):
    for n in range(20):
        await nodes[n % NODES].logins.commit(login(n))
        other = nodes[(n + 1) % NODES]
        assert (await other.sessions.get(f"ses_{n:08}")) is not None
        assert await other._dialect.read(count) == n + 1
