"""The server is asked to stop while it is busy: what it took it finishes, and it says beforehand that it will."""

import asyncio
from contextlib import asynccontextmanager

import httpx

PEOPLE = 8
PATIENCE = 60


@asynccontextmanager
async def closing(writer):
    try:
        yield
    finally:
        writer.close()
        await writer.wait_closed()


async def until(condition, living=()):
    """Wait for a condition; whoever of `living` gave up fails the test at once."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            for task in living:
                if task.done():
                    task.result()
            await asyncio.sleep(0.01)


async def sign_in_until(unready, client, statuses):
    """A client that a load balancer sends elsewhere as soon as readyz says so."""
    while not unready.is_set():
        code, nonce = await client.wx_login("demo-mp"), f"{client.chance.getrandbits(128):032x}"
        if unready.is_set():
            break
        answer = await client.http.post("/v1/demo-mp/login", json={"code": code, "nonce": nonce})
        statuses.append(answer.status_code)


async def watch(server, unready, seen):
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as http:
        while not unready.is_set():
            answer = await http.get("/readyz")
            seen.append((answer.status_code, answer.json()["stopping"]))
            if answer.status_code == 503:
                unready.set()


async def test_nothing_fails_when_a_load_balancer_follows_readyz(make_server, make_clients):
    server = await make_server(shutdown_grace="3", shutdown_drain="20")
    _, clients = make_clients(server, PEOPLE, 1)
    unready = asyncio.Event()
    statuses: list[int] = []
    seen: list[tuple[int, bool]] = []
    living = [asyncio.create_task(sign_in_until(unready, client, statuses)) for client in clients]
    living.append(asyncio.create_task(watch(server, unready, seen)))
    await until(lambda: len(statuses) >= 100 and seen, living)
    server.terminate()
    await asyncio.gather(*living)
    assert set(statuses) == {200}
    assert (seen[0], seen[-1]) == ((200, False), (503, True))
    assert await server.exit_code() == 0
    assert "Traceback" not in server.log


async def test_a_login_under_way_is_finished_and_kept(make_server, make_clients, emulator, broken_rules):
    server = await make_server(shutdown_grace="0", shutdown_drain="20")
    book, clients = make_clients(server, PEOPLE, 2)
    codes = [await client.wx_login("demo-mp") for client in clients]
    emulator.wechat.fail("/sns/jscode2session", times=PEOPLE, delay=2)
    http = clients[0].http
    logins = [asyncio.create_task(http.post("/v1/demo-mp/login", json={"code": code})) for code in codes]
    await until(lambda: len(emulator.wechat.calls("/sns/jscode2session")) == PEOPLE, logins)
    server.terminate()
    assert await server.exit_code() == 0
    answers = await asyncio.gather(*logins)
    assert [answer.status_code for answer in answers] == [200] * PEOPLE
    with server.database() as database:
        assert database.execute("SELECT count(*) FROM sessions").fetchone() == (PEOPLE,)
    assert broken_rules(server, book) == []


async def test_a_client_that_never_finishes_its_request_does_not_hold_the_process(make_server):
    server = await make_server(shutdown_grace="0", shutdown_drain="1")
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    async with closing(writer), httpx.AsyncClient(base_url=server.url) as http:
        writer.write(b"POST /v1/demo-mp/login HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
        await writer.drain()
        assert (await http.get("/readyz")).status_code == 200
        server.terminate()
        assert await server.exit_code() == 0
        answer = await reader.read()
    # Cut off it may be, but not with a fault of ours that is none.
    assert b" 500 " not in answer
    assert not answer or b"shutting_down" in answer
    assert "Traceback" not in server.log


async def test_a_stop_right_after_the_start_is_a_clean_one(make_server):
    # The line on stdout says that the server is up; whoever reads it may stop the server at once.
    server = await make_server(shutdown_grace="0")
    codes = []
    for _ in range(5):
        server.terminate()
        codes.append(await server.exit_code())
        server.close()
        await server.start()
    assert codes == [0] * 5
    assert server.log.count('"stopping"') == 5


async def test_a_second_request_to_stop_ends_the_process_at_once(make_server, make_clients):
    server = await make_server(shutdown_grace="600")
    _, (client,) = make_clients(server, 1, 3)
    await client.sign_in("demo-mp")
    server.terminate()
    await until(lambda: "stopping" in server.log)
    server.terminate()
    assert await server.exit_code() == 130
