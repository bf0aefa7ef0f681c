"""Nodes are restarted, upgraded and killed behind the nginx that `deploy/` ships, while people use them.

Short in the suite; `make rolling` repeats it under LINGPAI_TEST_ROLLING_RATE requests a second,
LINGPAI_TEST_ROLLING times.
"""

import asyncio
import hashlib
import os
import time

import httpx
import pytest

from lingpai.storage.sql.tables import SCHEMA
from lingpai.testing.databases import rows
from tests.rolling.conftest import NEXT_SCHEMA, NEXT_VERSION

ROUNDS = int(os.environ.get("LINGPAI_TEST_ROLLING", "1"))
RATE = float(os.environ.get("LINGPAI_TEST_ROLLING_RATE", "40"))
PHONES = min(200, max(12, round(RATE / 4)))
SOME = round(RATE)
JSCODE2SESSION = "/sns/jscode2session"
IN_HAND = 9


@pytest.mark.timeout(180 + 240 * ROUNDS)
async def test_a_rolling_upgrade_and_the_way_back_fail_no_request(fleet, next_release):
    load = fleet.load(phones=PHONES, rate=RATE)
    load.start()
    await load.more(SOME)
    for _ in range(ROUNDS):
        if ROUNDS > 1:
            await fleet.roll(None)
        await asyncio.to_thread(migrated, fleet, next_release)
        await load.more(SOME)
        await fleet.roll(next_release)
        assert [await node.version() for node in fleet.nodes] == [NEXT_VERSION] * 3
        await fleet.roll(None)
        assert NEXT_VERSION not in [await node.version() for node in fleet.nodes]
    await load.more(SOME)
    await load.stop()
    told(load)
    assert load.failed == [], await fleet.what_nginx_says(load.failed)
    assert {sent.what for sent in load.sent} == {"login", "session", "refresh", "token"}
    assert await lost(fleet, load) == []
    assert "Traceback" not in "".join(node.log for node in fleet.nodes)


@pytest.mark.timeout(180 + 60 * ROUNDS)
async def test_a_node_that_is_killed_fails_only_what_it_had_in_hand(fleet, emulator):
    load = fleet.load(phones=PHONES, rate=RATE)
    load.start()
    for _ in range(ROUNDS):
        for node in fleet.nodes:
            await load.more(SOME // 2)
            known = len(load.failed)
            waiting = await logins_in_hand(load, emulator.wechat)
            node.kill()  # returns when the process is gone
            gone = time.monotonic()
            await load.more(SOME)
            await asyncio.gather(*waiting)
            failed = load.failed[known:]
            assert failed, "each node had logins in hand"
            assert [sent for sent in failed if sent.began > gone] == []
            lines = await fleet.lines_of(*(sent.request_id for sent in failed))
            assert {line["upstream"] for line in lines.values()} == {f"127.0.0.1:{node.port}"}
            repeatable = [sent for sent in failed if sent.what in ("session", "token")]
            assert repeatable == [], await fleet.what_nginx_says(repeatable)
            await node.start()
            await node.ready()
    await load.more(SOME)
    await load.stop()
    told(load)
    assert await lost(fleet, load) == []


async def test_what_a_client_says_of_its_address_does_not_count(fleet):
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{fleet.port}") as http:
        named = await http.get("/v1/session", headers={"x-request-id": "mine-0123456789"})
        odd = await http.get("/v1/session", headers={"x-request-id": "two words"})
        inside = [await http.get(path) for path in ("/metrics", "/readyz", "/healthz", "/console")]
    assert named.json()["request_id"] == "mine-0123456789"
    assert len(odd.json()["request_id"]) == 32
    assert [answer.status_code for answer in inside] == [404] * 4


async def logins_in_hand(load, wechat):
    """Three logins for each node, all of which wait for WeChat."""
    seen = len(wechat.calls(JSCODE2SESSION))
    wechat.fail(JSCODE2SESSION, times=IN_HAND, delay=2)
    waiting = [asyncio.create_task(load.sign_in(f"person-{100 + number}")) for number in range(IN_HAND)]
    async with asyncio.timeout(30):
        while len(wechat.calls(JSCODE2SESSION)) < seen + IN_HAND:  # noqa: ASYNC110 - not our process
            await asyncio.sleep(0.02)
    return waiting


def migrated(fleet, release):
    """Migrate with the next release's own command while this one serves; again on every round but the first."""
    node = fleet.nodes[0]
    before, node.release = node.release, release
    try:
        node.command("migrate")
    finally:
        node.release = before
    assert rows(fleet.database_url, "SELECT version_num FROM alembic_version") == [(NEXT_SCHEMA,)]
    assert rows(fleet.database_url, "SELECT oldest_schema FROM compatibility") == [(SCHEMA,)]
    node.command("migrate")  # this release has nothing to do, and says so without an error


async def lost(fleet, load):
    """What was acknowledged and is not there."""
    kept = {bytes(digest) for (digest,) in rows(fleet.database_url, "SELECT digest FROM refresh_tokens")}
    gone = [token for token in load.logins if hashlib.sha256(token.encode()).digest() not in kept]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{fleet.port}") as http:
        for person, token in load.held.items():
            answer = await http.get("/v1/session", headers={"authorization": f"Bearer {token}"})
            gone += [] if answer.status_code == httpx.codes.OK else [f"{person}: {answer.text}"]
    return gone


def told(load):
    """Figures for whoever runs it with -s; nothing is asserted about time."""
    times = sorted(sent.ended - sent.began for sent in load.sent)
    seconds = max(sent.ended for sent in load.sent) - min(sent.began for sent in load.sent)
    print(
        f"\n{len(times)} requests in {seconds:.0f} s ({len(times) / seconds:.0f}/s), {len(load.failed)} failed; "
        f"median {times[len(times) // 2] * 1000:.1f} ms, p99 {times[len(times) * 99 // 100] * 1000:.0f} ms, "
        f"longest {times[-1]:.2f} s, {sum(value > 0.9 for value in times)} of them over 0.9 s"
    )
