"""Redis stopped, killed, emptied, missing, forbidden, or not Redis at all: words come again, debts go to the database."""

import asyncio
import re
import secrets
from contextlib import suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis

from lingpai.clock import SystemClock
from lingpai.observe import Metrics
from lingpai.relay import RelaySettingsError, open_relay
from lingpai.testing.databases import started
from lingpai.testing.databases.process import PASSWORD
from lingpai.testing.relay_contract import HOUR, Looks, until

PATIENCE = 5
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def pair(connect, private_redis, memory_store):
    """Two nodes, and the Redis between them."""
    relays = [connect(private_redis.url("0"), memory_store) for _ in range(2)]
    await until(lambda: all(relay.alive for relay in relays))
    return relays


async def spent(relay, cost, name="name"):
    async with asyncio.timeout(PATIENCE):
        return (await relay.spend({name: cost}))[name]


async def test_a_redis_that_stands_still_is_given_up_and_taken_up_again(pair, private_redis, memory_store):
    looks = Looks()
    pair[1].listen("sessions", looks.look)
    await spent(pair[0], HOUR)
    private_redis.pause()
    assert await spent(pair[0], HOUR) == HOUR  # the database had not heard of it
    await until(lambda: not pair[0].alive and not pair[1].alive)
    assert HOUR < await spent(pair[1], HOUR) <= 2 * HOUR
    private_redis.go_on()
    await until(lambda: pair[0].alive and pair[1].alive)
    await until(lambda: looks.count > 0)  # words may have been missed
    seen = looks.count
    pair[0].tell("sessions")
    await until(lambda: looks.count > seen)


async def test_a_redis_that_is_killed_and_comes_back_empty_carries_words_again(pair, private_redis):
    looks = Looks()
    pair[1].listen("sessions", looks.look)
    await spent(pair[0], HOUR)
    private_redis.kill()
    await until(lambda: not pair[0].alive and not pair[1].alive)
    pair[0].tell("sessions")
    assert await spent(pair[0], HOUR) == HOUR
    await asyncio.to_thread(private_redis.start)
    await until(lambda: looks.count > 0)
    await until(lambda: pair[0].alive and pair[1].alive)
    assert await spent(pair[1], 0, "name") == 0


async def test_a_redis_that_was_emptied_goes_on(pair, private_redis):
    await spent(pair[0], HOUR)
    async with Redis.from_url(private_redis.url("0")) as redis:
        await redis.flushall()
    assert await spent(pair[1], HOUR) == HOUR
    assert all(relay.alive for relay in pair)


async def test_a_redis_that_is_not_there_yet_keeps_nobody_waiting(connect, memory_store):
    server = started("redis")
    server.kill()
    try:
        relay = connect(server.url("0"), memory_store)
        relay.tell("sessions")
        assert await spent(relay, HOUR) == HOUR
        assert not relay.alive
        await asyncio.to_thread(server.start)
        await until(lambda: relay.alive)
    finally:
        server.stop()


async def never(reader, writer):
    await reader.read(1_000_000)
    await asyncio.Event().wait()


async def nonsense(reader, writer):
    while await reader.read(65_536):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
    writer.close()


async def nothing(reader, writer):
    writer.close()


@pytest.mark.parametrize("answers", [never, nonsense, nothing])
async def test_what_is_no_redis_is_no_harm(connect, memory_store, answers):
    held = []

    async def serve(reader, writer):
        held.append(asyncio.ensure_future(answers(reader, writer)))
        try:
            with suppress(ConnectionError):
                await held[-1]
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    relay = connect(f"redis://127.0.0.1:{port}/0", memory_store)
    relay.tell("sessions")
    await until(lambda: len(held) > 2)  # it was tried more than once
    assert not relay.alive
    assert await spent(relay, HOUR) == HOUR
    await relay.aclose()
    for task in held:
        task.cancel()
    await asyncio.gather(*held, return_exceptions=True)
    server.close()
    await server.wait_closed()


async def test_a_redis_that_forbids_scripts_carries_words_and_no_debts(connect, private_redis, memory_store):
    async with Redis.from_url(private_redis.url("0")) as redis:
        await redis.acl_setuser(
            "words", enabled=True, passwords=[f"+{PASSWORD}"], categories=["+@pubsub"], channels=["*"]
        )
    url = private_redis.url("0").replace("redis://:", "redis://words:")
    relays = [connect(url, memory_store) for _ in range(2)]
    await until(lambda: all(relay.alive for relay in relays))
    assert await spent(relays[0], HOUR) == HOUR
    assert HOUR < await spent(relays[1], HOUR) <= 2 * HOUR
    looks = Looks()
    relays[1].listen("apps", looks.look)
    relays[0].tell("apps")
    await until(lambda: looks.count > 0)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_the_user_of_the_how_to_may_do_all_that_is_needed(
    connect, private_redis, memory_store, language
):
    page = (ROOT / "docs" / language / "how-to" / "let-nodes-hear-of-each-other.md").read_text("utf-8")
    (words,) = re.findall(r"^ACL SETUSER (.+)$", page, re.MULTILINE)
    async with Redis.from_url(private_redis.url("0")) as redis:
        await redis.execute_command("ACL", "SETUSER", *words.split())
    url = private_redis.url("0").replace(f":{PASSWORD}", "lingpai:choose-one")
    relays = [connect(url, memory_store) for _ in range(2)]
    await until(lambda: all(relay.alive for relay in relays))
    assert await spent(relays[0], HOUR) == HOUR
    assert await memory_store.limits.spend({"name": 0}) == {"name": 0}  # it was Redis that added it up
    looks = Looks()
    relays[1].listen("apps", looks.look)
    relays[0].tell("apps")
    await until(lambda: looks.count > 0)


async def test_words_that_nobody_of_us_has_said_are_passed_over(pair, private_redis):
    looks = Looks()
    pair[1].listen("apps", looks.look)
    async with Redis.from_url(private_redis.url("0")) as redis:
        (channel,) = await redis.pubsub_channels("*:said")
        for word in (b"", b" ", b"\xff\xfe apps", b"x" * 70_000 + b" apps", b"somebody \x00", b"apps"):
            await redis.publish(channel, word)
        seen = looks.count
        await redis.publish(channel, b"somebody apps")
    await until(lambda: looks.count > seen)
    assert all(relay.alive for relay in pair)


async def test_installations_on_one_redis_do_not_hear_one_another(connect, redis_url, memory_store):
    names = [secrets.token_hex(8) for _ in range(2)]
    one, other, witness = (connect(redis_url, memory_store, name) for name in (*names, names[0]))
    strange, ours = Looks(), Looks()
    other.listen("apps", strange.look)
    witness.listen("apps", ours.look)
    await until(lambda: one.alive and other.alive and witness.alive)
    await until(lambda: strange.count == ours.count == 1)  # each looks once when it begins to hear
    one.tell("apps")
    await until(lambda: ours.count > 1)
    assert strange.count == 1
    await spent(one, HOUR)
    assert await spent(other, 0) == 0


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1", "redis://127.0.0.1:port", "redis://127.0.0.1:6379/?db=x"]
)
async def test_a_url_that_is_none_of_redis_is_refused_without_being_repeated(url, memory_store):
    with pytest.raises(RelaySettingsError) as refused:
        open_relay(url.replace("://", "://:hunter2@"), memory_store, "test", SystemClock(), Metrics().nodes)
    assert "hunter2" not in str(refused.value)
