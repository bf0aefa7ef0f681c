"""What is ended on one node is over on the others within a second: with Redis, without it, and when it stands still."""

import asyncio
import re
import time

import pytest

from lingpai.cli.opened import open_desk
from lingpai.testing.actors import TESTER
from tests.conftest import bearer

WITHIN = 1.0
"""Seconds, as it is promised. On a busy machine a node may get no turn for a while, so that one of five has to do."""
TRIES = 5
PATIENCE = 20


@pytest.fixture(scope="module")
def with_redis(start_nodes, redis):
    return start_nodes(redis_url=redis.url("0"), rate_limits=False)


@pytest.fixture(scope="module")
def without_redis(start_nodes):
    return start_nodes(rate_limits=False)


async def metric(http, url, name):
    page = (await http.get(f"{url}/metrics")).text
    found = re.findall(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
    return float(found[0]) if found else 0.0


async def until(condition, seconds=PATIENCE):
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.01)


async def relay_is(http, nodes, up):
    async def all_say_so():
        return {await metric(http, url, "lingpai_relay_up") for url in nodes.urls} == {up}

    await until(all_say_so)


@pytest.fixture(params=["with Redis", "without Redis", "Redis stands still", "Redis is gone"])
async def nodes(request, http, with_redis, without_redis, redis):
    """Three nodes, and what state their Redis is in."""
    if request.param == "without Redis":
        yield without_redis
        return
    await relay_is(http, with_redis, 1.0)
    if request.param == "Redis stands still":
        redis.pause()
    if request.param == "Redis is gone":
        await asyncio.to_thread(redis.kill)
    # Nobody waits until the nodes have noticed: what is ended right now is what matters.
    yield with_redis
    redis.go_on() if request.param != "Redis is gone" else await asyncio.to_thread(redis.start)


async def refused_by_all(nodes, answers):
    """Whether every node refuses within the promised time; each is asked again and again."""

    async def by_one(url):
        while (await answers(url)) == 200:  # noqa: ASYNC110 - the other end is another process
            await asyncio.sleep(0.01)

    try:
        async with asyncio.timeout(WITHIN):
            await asyncio.gather(*(by_one(url) for url in nodes.urls))
    except TimeoutError:
        return False
    return True


async def test_a_session_that_is_ended_on_one_node_is_refused_by_all(nodes, http):
    for number in range(TRIES):
        home = nodes.urls[number % len(nodes.urls)]
        tokens = (await nodes.login(http)).json()
        headers = bearer(tokens["access_token"])

        async def answers(url, headers=headers):
            return (await http.get(f"{url}/v1/session", headers=headers)).status_code

        assert [await answers(url) for url in nodes.urls] == [200] * 3
        assert (await http.delete(f"{home}/v1/session", headers=headers)).status_code == 204
        if await refused_by_all(nodes, answers):
            return
    pytest.fail("each time a node took more than a second")


async def test_a_service_key_that_is_revoked_is_refused_by_all(nodes, http):
    """By an operator at a desk of its own, who knows the database and no relay."""
    async with open_desk(nodes.config) as desk:
        for number in range(TRIES):
            name = f"backend-{time.monotonic_ns()}-{number}"
            key = (await desk.clients.add(name, ("introspect",), by=TESTER))[1].reveal()

            async def answers(url, key=key):
                form = {"token": "x"}
                answer = await http.post(f"{url}/oauth2/introspect", data=form, headers=bearer(key))
                return answer.status_code

            assert [await answers(url) for url in nodes.urls] == [200] * 3
            await desk.clients.revoke(name, by=TESTER)
            if await refused_by_all(nodes, answers):
                return
    pytest.fail("each time a node took more than a second")


async def test_with_redis_the_other_nodes_are_told(with_redis, http):
    await relay_is(http, with_redis, 1.0)
    name = 'lingpai_relay_words_heard_total{topic="sessions"}'
    before = [await metric(http, url, name) for url in with_redis.urls]
    tokens = (await with_redis.login(http)).json()
    await http.delete(f"{with_redis.urls[0]}/v1/session", headers=bearer(tokens["access_token"]))

    async def the_others_heard():
        heard = [await metric(http, url, name) for url in with_redis.urls]
        return heard[1] > before[1] and heard[2] > before[2] and heard[0] == before[0]

    await until(the_others_heard)


async def test_a_redis_that_hangs_keeps_no_answer_waiting(with_redis, redis, http):
    await relay_is(http, with_redis, 1.0)
    redis.pause()
    try:
        async with asyncio.timeout(PATIENCE):
            for node in range(3):
                tokens = (await with_redis.login(http, node)).json()
                headers = bearer(tokens["access_token"])
                body = {"refresh_token": tokens["refresh_token"]}
                refreshed = await http.post(f"{with_redis.urls[node]}/v1/session/refresh", json=body)
                assert refreshed.status_code == 200
                ended = await http.delete(f"{with_redis.urls[node]}/v1/session", headers=headers)
                assert ended.status_code == 204
                assert (await http.get(f"{with_redis.urls[node]}/readyz")).status_code == 200
        await relay_is(http, with_redis, 0.0)
    finally:
        redis.go_on()


async def test_no_log_and_no_metric_tells_the_password_of_redis(with_redis, http):
    for url, log in zip(with_redis.urls, with_redis.logs, strict=True):
        assert "not-a-secret@" not in (await http.get(f"{url}/metrics")).text + log.read_text()
        assert "relay_up" in log.read_text()
