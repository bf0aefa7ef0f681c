"""The keeper over HTTP: who may ask, what is answered, and that a report is no way to force."""

import asyncio

import pytest

TOKEN = "/v1/demo-mp/access-token"
REPORT = "/v1/demo-mp/access-token/report"
STABLE = "/cgi-bin/stable_token"
FORWARD = "/wechat/demo-mp/cgi-bin/user/info"
REPORTED = {"generation": 0, "errcode": 40001}


async def test_a_backend_reads_the_token_and_how_long_it_lives(stack, ask):
    answer = await ask("reader", "GET", TOKEN)
    assert answer.status_code == 200
    told = answer.json()
    assert set(told) == {"access_token", "expires_in", "generation"}
    assert 7100 < told["expires_in"] <= 7200
    assert answer.headers["cache-control"] == "no-store"


async def test_the_token_read_works_at_wechat(stack, ask):
    token = (await ask("reader", "GET", TOKEN)).json()["access_token"]
    async with asyncio.timeout(10):
        told = await stack.http.get(
            f"{stack.wechat.url}/cgi-bin/get_api_domain_ip", params={"access_token": token}
        )
    assert "ip_list" in told.json()


ROUTES = [("GET", TOKEN, None), ("POST", REPORT, REPORTED), ("GET", FORWARD, None), ("POST", FORWARD, {})]
CALLERS = {
    "": 401,
    "a user's session": 401,
    "lps_" + "A" * 43: 401,
    "revoked": 401,
    "without the scope": 403,
    "of another app": 403,
}


@pytest.mark.parametrize(("caller", "status"), CALLERS.items())
async def test_nobody_without_a_key_for_it_gets_anything(stack, ask, caller, status):
    if caller == "a user's session":
        caller = (await stack.signed_in())["access_token"]
    for method, path, body in ROUTES:
        answer = await ask(caller, method, path, json=body)
        assert answer.status_code == status, path
        assert answer.json()["code"] == ("client_invalid" if status == 401 else "scope_missing")
    assert stack.wechat.calls(STABLE) == []


@pytest.mark.parametrize("path", [TOKEN, REPORT, FORWARD, "/cgi-bin/token", STABLE])
async def test_no_page_in_a_browser_may_read_what_backends_read(ask, path):
    for method in ("GET", "POST", "OPTIONS"):
        answer = await ask("everything", method, path, headers={"origin": "https://evil.example.com"})
        assert not [name for name in answer.headers if name.startswith("access-control-")]


async def test_a_key_that_is_revoked_is_refused_once_it_was_followed(stack, rooms, ask):
    assert (await ask("reader", "GET", TOKEN)).status_code == 200
    await stack.store.keys.revoke_service("reader", stack.clock.now())
    await rooms.service_keys.follow()
    assert (await ask("reader", "GET", TOKEN)).status_code == 401


async def test_every_read_is_audited_with_key_app_and_generation(stack, rooms, ask):
    generation = (await ask("reader", "GET", TOKEN)).json()["generation"]
    for _ in range(4):
        await ask("reader", "GET", TOKEN)
    await rooms.service_keys.flush()
    (key,) = [key for key in await stack.store.keys.services() if key.name == "reader"]
    (line,) = await stack.store.key_uses.of_key(key.id, 10)
    assert (line.action, line.appid, line.generation, line.uses) == (
        "access_token",
        "wx00000000000000a1",
        generation,
        5,
    )
    assert key.last_used_at == stack.clock.now()


async def test_uses_that_the_database_does_not_take_are_kept(stack, rooms, ask, monkeypatch):
    from lingpai.storage import StorageUnavailableError

    await ask("reader", "GET", TOKEN)
    with monkeypatch.context() as patch:

        async def away(_uses):
            raise StorageUnavailableError("away")

        patch.setattr(type(stack.store.key_uses), "add", lambda _self, uses: away(uses))
        with pytest.raises(StorageUnavailableError):
            await rooms.service_keys.flush()
    await ask("reader", "GET", TOKEN)
    await rooms.service_keys.flush()
    (key,) = [key for key in await stack.store.keys.services() if key.name == "reader"]
    (line,) = await stack.store.key_uses.of_key(key.id, 10)
    assert line.uses == 2


async def test_a_report_of_an_older_generation_gets_the_present_one_without_a_call(stack, ask):
    told = (await ask("reader", "GET", TOKEN)).json()
    stack.wechat.clear_calls()
    answer = (await ask("reader", "POST", REPORT, json=REPORTED)).json()
    assert answer == {**told, "outcome": "replaced"}
    assert stack.wechat.calls() == []


async def test_a_report_of_a_dead_token_brings_its_successor(stack, ask):
    told = (await ask("reader", "GET", TOKEN)).json()
    stack.wechat.rogue("demo-mp", kind="stable_token", force_refresh=True)
    body = {"generation": told["generation"], "errcode": 40001}
    answers = await asyncio.gather(*(ask("reader", "POST", REPORT, json=body) for _ in range(50)))
    assert {answer.json()["access_token"] for answer in answers} != {told["access_token"]}
    assert len({answer.json()["access_token"] for answer in answers}) == 1
    assert len(stack.wechat.calls(STABLE)) <= 2


@pytest.mark.parametrize("body", [{}, {"generation": "1", "errcode": 40001}, {**REPORTED, "force": True}])
async def test_a_report_of_another_shape_is_refused(ask, body):
    answer = await ask("reader", "POST", REPORT, json=body)
    assert answer.status_code == 422


async def test_a_caller_that_cries_wolf_costs_wechat_little(stack, ask):
    generation = (await ask("reader", "GET", TOKEN)).json()["generation"]
    stack.wechat.clear_calls()
    for _ in range(300):
        stack.clock.advance(0.2)
        answer = await ask("reader", "POST", REPORT, json={"generation": generation, "errcode": 40001})
        assert answer.json()["outcome"] == "good"
    # A minute of reports: a hundred calls would be a hundred twentieths of what an hour may cost.
    assert len(stack.wechat.calls()) <= 12


async def test_of_what_wechat_refuses_the_operator_learns_the_cause_and_the_address(stack, ask):
    stack.wechat.egress("203.0.113.7")
    stack.wechat.set_app("demo-mp", ip_allow_list=["198.51.100.1"])
    answer = await ask("reader", "GET", TOKEN)
    assert answer.status_code == 502
    assert answer.json()["code"] == "wechat_ip_not_allowed"
    assert "203.0.113.7" in answer.json()["detail"]
    assert int(answer.headers["retry-after"]) > 30


async def test_another_app_is_not_affected(stack, ask):
    stack.wechat.set_app("demo-mp", ip_allow_list=["198.51.100.1"])
    assert (await ask("everything", "GET", TOKEN)).status_code == 502
    assert (await ask("everything", "GET", "/v1/demo-oa/access-token")).status_code == 200
