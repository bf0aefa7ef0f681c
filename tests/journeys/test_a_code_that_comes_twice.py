"""A code starts one session: for a retry the same one, for anybody else none."""

import asyncio
from collections import Counter

import pytest

from lingpai.logins.retry import RETRY_WINDOW


async def test_the_same_client_gets_the_same_session_again(stack):
    code, nonce = stack.wechat.login(), stack.nonce()
    first = (await stack.login(code, nonce=nonce)).json()
    second = (await stack.login(code, nonce=nonce)).json()
    assert second["refresh_token"] == first["refresh_token"]
    assert second["user"] == first["user"]
    assert (await stack.session(second["access_token"])).status_code == 200


@pytest.mark.parametrize("second", [{}, {"nonce": "f" * 32}], ids=["no nonce", "another nonce"])
async def test_anybody_else_is_refused(stack, second):
    code = stack.wechat.login()
    await stack.login(code, nonce=stack.nonce())
    answer = await stack.login(code, **second)
    assert (answer.status_code, answer.json()["code"]) == (409, "code_used")


async def test_without_a_nonce_a_code_is_strictly_for_once(stack):
    code = stack.wechat.login()
    assert (await stack.login(code)).status_code == 200
    answer = await stack.login(code)
    assert (answer.status_code, answer.json()["code"]) == (409, "code_used")


async def test_a_nonce_that_comes_later_opens_nothing(stack):
    code = stack.wechat.login()
    await stack.login(code)
    answer = await stack.login(code, nonce=stack.nonce())
    assert answer.json()["code"] == "code_used"


async def test_another_server_process_gives_the_same_session_too(stack, tmp_path):
    # What this process remembers of spent codes is forgotten: only database and WeChat know.
    code, nonce = stack.wechat.login(), stack.nonce()
    first = (await stack.login(code, nonce=nonce)).json()
    stack.running.server.rooms.sign_in._codes._spent.clear()
    second = (await stack.login(code, nonce=nonce)).json()
    assert second["refresh_token"] == first["refresh_token"]
    assert len(stack.wechat.calls("/sns/jscode2session")) == 2


async def test_a_retry_after_five_minutes_is_too_late(stack):
    code, nonce = stack.wechat.login(), stack.nonce()
    await stack.login(code, nonce=nonce)
    stack.clock.advance(RETRY_WINDOW / 1000 + 1)
    assert (await stack.login(code, nonce=nonce)).json()["code"] == "code_used"


async def test_a_retry_after_the_session_moved_on_begins_again(stack):
    code, nonce = stack.wechat.login(), stack.nonce()
    first = (await stack.login(code, nonce=nonce)).json()
    await stack.refresh(first["refresh_token"])
    answer = await stack.login(code, nonce=nonce)
    assert (answer.status_code, answer.json()["code"]) == (409, "restart_login")


async def test_a_retry_after_signing_out_begins_again(stack):
    code, nonce = stack.wechat.login(), stack.nonce()
    first = (await stack.login(code, nonce=nonce)).json()
    await stack.sign_out(first["access_token"])
    assert (await stack.login(code, nonce=nonce)).json()["code"] == "restart_login"


async def test_a_code_spent_elsewhere_makes_a_client_with_a_nonce_begin_again(stack):
    code = stack.wechat.login()
    stack.wechat.fail("/sns/jscode2session", close="after")
    lost = await stack.login(code, nonce="a" * 32)
    assert (lost.status_code, lost.json()["code"]) == (503, "wechat_busy")
    answer = await stack.login(code, nonce="a" * 32)
    assert (answer.status_code, answer.json()["code"]) == (409, "restart_login")
    assert await stack.store.users.count() == 0


async def test_a_request_that_never_reached_wechat_leaves_the_code_good(stack):
    code, nonce = stack.wechat.login(), stack.nonce()
    stack.wechat.fail("/sns/jscode2session", close="before")
    assert (await stack.login(code, nonce=nonce)).status_code == 503
    assert (await stack.login(code, nonce=nonce)).status_code == 200


async def test_of_200_requests_with_one_code_exactly_one_signs_in(stack):
    code = stack.wechat.login()
    answers = await asyncio.gather(*(stack.login(code) for _ in range(200)))
    assert Counter(a.status_code for a in answers) == {200: 1, 409: 199}
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"code_used"}
    assert await stack.store.users.count() == 1
    assert len(await stack.store.sessions.recent(10)) == 1


async def test_of_200_clients_with_one_code_exactly_one_signs_in(stack):
    code = stack.wechat.login()
    answers = await asyncio.gather(*(stack.login(code, nonce=stack.nonce()) for _ in range(200)))
    assert Counter(a.status_code for a in answers) == {200: 1, 409: 199}
    assert len(await stack.store.sessions.recent(10)) == 1


async def test_200_copies_of_one_request_get_one_session(stack):
    code, nonce = stack.wechat.login(), stack.nonce()
    answers = await asyncio.gather(*(stack.login(code, nonce=nonce) for _ in range(200)))
    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["refresh_token"] for a in answers}) == 1
    assert len(await stack.store.sessions.recent(10)) == 1
    assert len(stack.wechat.calls("/sns/jscode2session")) == 1
