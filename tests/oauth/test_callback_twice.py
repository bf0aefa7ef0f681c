"""The callback comes twice, late, in parallel or to another process; WeChat is asked once."""

import asyncio
from typing import Any

import msgspec
import pytest

from lingpai.testing.server import running_server
from tests.conftest import Stack
from tests.oauth.conftest import OA, PAGE, Surfer, counted, state_of

EXCHANGE = "/sns/oauth2/access_token"


async def test_the_same_browser_gets_the_same_result_again(surfer: Surfer, stack: Stack):
    back = await surfer.asked(await surfer.to_wechat())
    first = await surfer.get(back)
    again = await surfer.get(back)
    assert first.headers["location"] == again.headers["location"] == PAGE
    assert first.headers["set-cookie"] == again.headers["set-cookie"]
    assert counted(stack, EXCHANGE) == 1
    assert len(await stack.store.sessions.recent(9)) == 1


async def test_another_browser_gets_nothing(surfer: Surfer, stack: Stack):
    back = await surfer.asked(await surfer.to_wechat())
    await surfer.get(back)
    stranger = Surfer(stack)
    await stranger.start()
    refused = await stranger.get(back)
    assert refused.status_code == 400
    assert "set-cookie" not in refused.headers


async def test_two_hundred_callbacks_at_once_are_one_exchange(surfer: Surfer, stack: Stack):
    back = await surfer.asked(await surfer.to_wechat())
    stack.wechat.fail(EXCHANGE, delay=0.3)
    answers = await asyncio.gather(
        *(stack.http.get(back, headers={**surfer.headers, "cookie": _cookies(surfer)}) for _ in range(200))
    )
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["set-cookie"].partition(";")[0] for answer in answers}) == 1
    assert counted(stack, EXCHANGE) == 1
    assert len(await stack.store.sessions.recent(9)) == 1


async def test_two_processes_make_one_exchange(surfer: Surfer, stack: Stack):
    back = await surfer.asked(await surfer.to_wechat())
    stack.wechat.fail(EXCHANGE, delay=0.5)
    headers = {**surfer.headers, "cookie": _cookies(surfer)}
    config = msgspec.structs.replace(stack.running.config, port=0, public_url="")
    async with running_server(config, clock=stack.clock) as other:
        elsewhere = f"{other.url}/v1/{OA}/oauth/callback?{back.partition('?')[2]}"
        answers = await asyncio.gather(
            *(stack.http.get(url, headers=headers) for url in (back, elsewhere) for _ in range(10))
        )
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["set-cookie"].partition(";")[0] for answer in answers}) == 1
    assert counted(stack, EXCHANGE) == 1


async def test_a_visitor_who_went_away_stops_nothing(surfer: Surfer, stack: Stack):
    back = await surfer.asked(await surfer.to_wechat())
    stack.wechat.fail(EXCHANGE, delay=0.4)
    first = asyncio.create_task(surfer.get(back))
    second = asyncio.create_task(surfer.get(back))
    while counted(stack, EXCHANGE) == 0:
        await asyncio.to_thread(counted, stack, EXCHANGE)
    first.cancel()
    assert (await second).status_code == 303
    assert counted(stack, EXCHANGE) == 1


@pytest.mark.parametrize("fault", [{"errcode": -1}, {"close": "before"}, {"body": "<html>"}])
async def test_a_busy_wechat_is_asked_again_when_the_page_is_loaded_again(
    surfer: Surfer, stack: Stack, fault: dict[str, Any]
):
    back = await surfer.asked(await surfer.to_wechat())
    stack.wechat.fail(EXCHANGE, **fault)
    busy = await surfer.get(back)
    assert busy.status_code == 503
    assert "wechat_busy" in busy.text
    home = await surfer.get(back)
    assert home.headers["location"] == PAGE


async def test_a_spent_code_sends_the_browser_round_once_more_and_not_twice(surfer: Surfer, stack: Stack):
    back = await surfer.asked(await surfer.to_wechat())
    stack.wechat.fail(EXCHANGE, errcode=40163)
    onward = await surfer.get(back)
    assert onward.status_code == 302
    assert state_of(onward.headers["location"]) != state_of(back)
    assert (await surfer.get(back)).headers["location"] == onward.headers["location"]
    stack.wechat.fail(EXCHANGE, errcode=40029)
    stopped = await surfer.get(await surfer.asked(onward.headers["location"]))
    assert stopped.status_code == 401
    assert "code_invalid" in stopped.text


async def test_an_outcome_that_was_lost_is_found_again_by_the_same_browser(surfer: Surfer, stack: Stack):
    back = await surfer.asked(await surfer.to_wechat())
    logins = stack.store.browser_logins
    settle = type(logins).settle_state

    async def broken(*_: object) -> bool:
        raise OSError("the process died here")

    type(logins).settle_state = broken
    try:
        lost = await surfer.get(back)
    finally:
        type(logins).settle_state = settle
    assert lost.status_code == 500
    await stack.later(15)
    home = await surfer.get(back)
    assert home.headers["location"] == PAGE
    assert len(await stack.store.sessions.recent(9)) == 1


async def test_a_session_that_is_over_does_not_come_back_by_an_old_address(surfer: Surfer, stack: Stack):
    back = await surfer.asked(await surfer.to_wechat())
    await surfer.get(back)
    session = (await stack.store.sessions.recent(1))[0]
    await stack.running.server.rooms.ending.end(session.id)
    over = await surfer.get(back)
    assert over.status_code == 400
    assert "set-cookie" not in over.headers


async def test_signing_in_anew_drops_the_session_the_browser_held(surfer: Surfer, stack: Stack):
    await surfer.signed_in()
    first = surfer.cookie
    stack.clock.advance(1)
    await surfer.signed_in()
    assert surfer.cookie != first
    newest, oldest = await stack.store.sessions.recent(2)
    assert (newest.ended_at, oldest.end_reason) == (None, "signed_out")


def _cookies(surfer: Surfer) -> str:
    return "; ".join(f"{name}={value}" for name, value in surfer.jar.items())
