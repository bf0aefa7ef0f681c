"""The session_key as WeChat has it: asked about, replaced, never shown."""

import pytest

from tests.conftest import Handed, bearer


@pytest.fixture
async def handed(in_step):
    return Handed(in_step, (await in_step.signed_in())["access_token"])


async def valid(handed):
    answer = await handed.stack.http.get("/v1/demo-mp/session-key", headers=bearer(handed.access_token))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_key_of_the_last_login_is_in_force(handed):
    assert await valid(handed) == {"valid": True}


async def test_a_key_that_a_pre_fetch_replaced_is_not(handed, wechat):
    wechat.prefetch()
    assert await valid(handed) == {"valid": False}
    await handed.stack.signed_in()
    assert await valid(handed) == {"valid": True}


async def test_a_key_that_expired_is_not(handed, wechat):
    wechat.expire()
    assert await valid(handed) == {"valid": False}


async def test_without_a_key_wechat_is_not_asked(handed, wechat):
    await handed.stack.store.sessions.end_all(
        (await handed.stack.signed_in())["user"]["id"], "operator", handed.stack.clock.now()
    )
    again = await handed.stack.http.get("/v1/demo-mp/session-key", headers=bearer(handed.access_token))
    assert again.status_code in (200, 401)
    assert wechat.calls("/wxa/checksession") == []


async def test_a_reset_gives_a_new_key_that_reads_new_data(handed, wechat):
    old = wechat.user_profile(era="real")
    answer = await handed.post("session-key/reset", {})
    assert (answer.status_code, answer.json()) == (200, {})
    assert await valid(handed) == {"valid": True}
    assert (await handed.profile(wechat.user_profile(era="real"))).status_code == 200
    assert (await handed.profile(old)).status_code == 200  # made before, and its key is on the ring


async def test_a_stale_key_cannot_be_reset(handed, wechat):
    wechat.prefetch()
    answer = await handed.post("session-key/reset", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "session_key_stale")


@pytest.mark.parametrize("what", ["session-key", "session-key/reset"])
async def test_a_wechat_that_does_not_answer_is_said(handed, wechat, what):
    path = "/wxa/resetusersessionkey" if what.endswith("reset") else "/wxa/checksession"
    wechat.fail(path, errcode=-1)
    method = handed.stack.http.post if what.endswith("reset") else handed.stack.http.get
    answer = await method(f"/v1/demo-mp/{what}", headers=bearer(handed.access_token))
    assert (answer.status_code, answer.json()["code"]) == (503, "wechat_busy")


async def test_the_rest_of_what_comes_encrypted_is_read(handed, wechat):
    group = await handed.decrypt(wechat.group_enter_info())
    assert group.json()["openGId"]
    steps = await handed.decrypt(wechat.we_run_data(steps=[1200, 8000]))
    assert [day["step"] for day in steps.json()["stepInfoList"]][-2:] == [1200, 8000]


async def test_damaged_data_is_told_apart_from_a_stale_key_while_no_key_was_lost(handed, wechat):
    given = wechat.group_enter_info()
    flipped = ("B" if given["iv"][0] == "A" else "A") + given["iv"][1:]
    answer = await handed.decrypt(given, iv=flipped)
    assert (answer.status_code, answer.json()["code"]) == (422, "decrypt_failed")
    wechat.prefetch()
    await handed.stack.later(31)  # what WeChat said of the key is remembered for half a minute
    wechat.advance(31)
    answer = await handed.decrypt(wechat.group_enter_info())
    assert (answer.status_code, answer.json()["code"]) == (409, "session_key_stale")


async def test_wechat_is_asked_about_a_key_once_in_half_a_minute_at_most(handed, wechat):
    given = wechat.group_enter_info()
    for _ in range(20):
        await handed.decrypt(given, iv="AAAAAAAAAAAAAAAAAAAAAA==")
    assert len(wechat.calls("/wxa/checksession")) == 1


async def test_a_wechat_that_cannot_be_asked_leaves_the_safe_advice(handed, wechat):
    wechat.fail("/wxa/checksession", times=None, errcode=-1)
    answer = await handed.decrypt(wechat.group_enter_info(), iv="AAAAAAAAAAAAAAAAAAAAAA==")
    assert (answer.status_code, answer.json()["code"]) == (409, "session_key_stale")
