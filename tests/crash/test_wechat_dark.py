"""WeChat stops answering altogether: new logins are told so, everybody else notices nothing, and it passes."""

import asyncio

import httpx

PATIENCE = 60
BUDGET = 5  # seconds: wechat_total_timeout


async def test_logins_are_refused_in_time_and_sessions_go_on_until_wechat_is_back(
    make_server, make_clients, emulator
):
    server = await make_server(wechat_total_timeout=str(BUDGET))
    _, clients = make_clients(server, 30, 1)
    client = clients[0]
    held = await client.sign_in("demo-mp")
    codes = [(await each.wx_login("demo-mp"), f"{number:032x}") for number, each in enumerate(clients)]
    emulator.stop()
    logins = [asyncio.create_task(login(client, *attempt)) for attempt in codes]
    dark = asyncio.gather(*logins)
    seen = await ask_while(server, held, dark)
    answers = await dark
    assert len(seen) > 10
    assert set(seen) == {200}
    assert {told(answer) for answer in answers} == {(503, "wechat_busy")}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers)
    refreshed = await client.refresh()
    assert refreshed.session_id == held.session_id
    emulator.go_on()
    ends = await asyncio.gather(
        *(until_it_ends(each, *attempt) for each, attempt in zip(clients, codes, strict=True))
    )
    # What WeChat read after it woke is spent; what it never got still works. Nobody is told that the code is bad.
    assert set(map(told, ends)) <= {(200, None), (409, "restart_login")}
    for each in clients:
        await each.sign_in("demo-mp")


def told(answer):
    return answer.status_code, answer.json().get("code")


async def login(client, code, nonce):
    """One try, which has to be answered within WeChat's budget and a margin for a slow machine."""
    body = {"code": code, "nonce": nonce}
    return await client.http.post("/v1/demo-mp/login", json=body, timeout=httpx.Timeout(3 * BUDGET))


async def ask_while(server, held, other):
    """The statuses of somebody's session checks made while something else is under way."""
    seen = []
    async with httpx.AsyncClient(base_url=server.url, timeout=3 * BUDGET) as http:
        while not other.done():
            headers = {"authorization": f"Bearer {held.access_token}"}
            seen.append((await http.get("/v1/session", headers=headers)).status_code)
    return seen


async def until_it_ends(client, code, nonce):
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await login(client, code, nonce)
            if answer.status_code != 503:
                return answer
            # Each second the breaker lets one call through, to see whether WeChat is back.
            await asyncio.sleep(0.2)
