"""Five server processes on one database: ten thousand ask at once for a token that nobody has."""

import asyncio
import json
import os
import resource

import pytest

from lingpai_emulator.client import Wechat

NODES, READERS = 5, 10_000
KILLS = max(1, min(10, int(os.environ.get("LINGPAI_TEST_KILLS", "8")) // 8))
PATHS = {"stable": "/cgi-bin/stable_token", "legacy": "/cgi-bin/token"}


@pytest.fixture
def many_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
async def make_fleet(make_server, emulator):
    """`make_fleet(nodes, kind, slugs)` → the servers, and a key that may read the tokens of these apps."""
    more = []

    async def make(nodes, kind, slugs):
        first = await make_server()
        for n, slug in enumerate(slugs):
            appid, secret = f"wx{0xF5000 + n:016x}", f"{n:032x}"
            emulator.wechat.add_app(appid, kind="miniprogram", slug=slug, secret=secret)
            first.command("apps", "add", appid, "--slug", slug, stdin=secret)
            first.command("apps", "set", slug, f"token_kind={kind}")
        made = json.loads(first.command("clients", "add", "api", "--scope", "access_token", "--json"))
        fleet = [first]
        for _ in range(nodes - 1):
            fleet.append(type(first)(first.directory, first.settings))
            more.append(fleet[-1])
            await fleet[-1].start()
        first.close()  # it has read the settings of the apps from the first request on
        await first.start()
        return fleet, made["service_key"]

    yield make
    for server in more:
        server.close()


async def read(server, key, slug):
    """One reader with a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        writer.write(
            f"GET /v1/{slug}/access-token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            f"Authorization: Bearer {key}\r\n\r\n".encode()
        )
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(body)
    finally:
        writer.close()
        await writer.wait_closed()


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("many_files")
@pytest.mark.parametrize("kind", PATHS)
async def test_f1_ten_thousand_readers_on_five_nodes_cost_one_call(make_fleet, emulator, kind):
    fleet, key = await make_fleet(NODES, kind, ["many"])
    answers = await asyncio.gather(*(read(fleet[n % NODES], key, "many") for n in range(READERS)))
    assert {status for status, _ in answers} == {200}
    assert len({told["access_token"] for _, told in answers}) == 1
    assert len({told["generation"] for _, told in answers}) == 1
    assert len(emulator.wechat.calls(PATHS[kind])) <= (1 if kind == "legacy" else NODES)
    assert all("Traceback" not in server.log for server in fleet)


@pytest.mark.kills
@pytest.mark.timeout(120 + 60 * KILLS)
@pytest.mark.parametrize("kind", PATHS)
async def test_f5_a_node_killed_while_it_asks_loses_the_others_nothing(make_fleet, emulator, kind):
    slugs = [f"app-{n}" for n in range(KILLS)]
    (killed, other), key = await make_fleet(2, kind, slugs)
    wechat: Wechat = emulator.wechat
    for slug in slugs:
        wechat.clear_calls()
        wechat.fail(PATHS[kind], times=1, delay=1.0)
        asking = asyncio.create_task(read(killed, key, slug))
        async with asyncio.timeout(30):
            while not wechat.calls(PATHS[kind]) and not asking.done():  # noqa: ASYNC110 - it is a ledger elsewhere
                await asyncio.sleep(0.01)
        killed.kill()
        await asyncio.gather(asking, return_exceptions=True)
        status = 0
        async with asyncio.timeout(60):
            while status != 200:
                status, told = await read(other, key, slug)
                assert status in (200, 503), told
                await asyncio.sleep(0.1)
        assert wechat_takes(wechat, told["access_token"])
        await killed.start()
        assert (await read(killed, key, slug))[1]["generation"] == told["generation"]
    assert "Traceback" not in killed.log


def wechat_takes(wechat, token):
    import httpx

    return (
        "ip_list"
        in httpx.get(f"{wechat.url}/cgi-bin/get_api_domain_ip", params={"access_token": token}).json()
    )
