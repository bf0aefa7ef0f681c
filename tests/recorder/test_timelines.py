"""What the flight recorder knows of an attempt, over real sockets: every step, and nothing of a person."""

import httpx
import pytest

from lingpai.model import AttemptSearch
from tests.conftest import DEMO, DEMO_APPID, bearer

AGENT = "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50"


async def latest(stack, **wanted):
    """The newest attempt, with its timeline."""
    attempts = stack.running.server.rooms.attempts
    (line,) = (await attempts.search(AttemptSearch(**wanted), 1)).lines
    return await attempts.show(line.id)


def named(found):
    return [step.name for step in found.timeline.steps]


def the(found, name):
    (step,) = (step for step in found.timeline.steps if step.name == name)
    return step


async def test_a_login_shows_client_wechat_database_and_answer_in_order(stack):
    code = stack.wechat.login()
    await stack.http.post(
        f"/v1/{DEMO}/login",
        json={"code": code, "nonce": stack.nonce()},
        headers={"user-agent": AGENT, "x-request-id": "request-of-mine", "x-lingpai-sdk": "miniprogram/1.2"},
    )
    found = await latest(stack, request_id="request-of-mine")
    assert (found.line.result, found.line.kind, found.line.appid) == ("signed_in", "login", DEMO_APPID)
    assert named(found) == ["read", "wechat", "commit", "answered"]
    client = found.timeline.client
    assert (client.agent, client.network, client.sdk, client.nonce) == (
        AGENT,
        "127.0.0.0/24",
        "miniprogram/1.2",
        True,
    )
    wechat = the(found, "wechat")
    assert wechat.facts["endpoint"] == "SNS_JSCODE2SESSION"
    assert wechat.facts["host"] == stack.wechat.url.partition("://")[2]
    assert wechat.facts["waited"] == 0
    assert the(found, "commit").facts["batch"] == 1
    assert the(found, "answered").facts == {"status": 200}
    assert all(0 <= step.began <= step.ended for step in found.timeline.steps)


async def test_a_refusal_of_wechat_shows_errcode_and_rid(stack):
    stack.wechat.fail("/sns/jscode2session", errcode=40226)
    answer = (await stack.login()).json()
    found = await latest(stack, refused=True)
    assert found.line.request_id == answer["request_id"]
    assert (found.line.errcode, found.line.rid) == (40226, answer["wechat"]["rid"])
    assert the(found, "wechat").facts["errcode"] == 40226
    assert the(found, "wechat").facts["rid"] == answer["wechat"]["rid"]
    assert named(found) == ["read", "wechat", "answered"]


async def test_what_never_reached_the_login_is_on_record_too(stack):
    answer = await stack.http.post(f"/v1/{DEMO}/login", json={"openid": "oForged"})
    found = await latest(stack)
    assert found.line.request_id == answer.json()["request_id"]
    assert (found.line.result, found.line.appid) == ("invalid_request", DEMO_APPID)
    await stack.http.post("/v1/an-app-of-nobody/login", json={"code": "x"})
    assert (await latest(stack, result="app_unknown")).line.appid == ""


async def test_a_login_given_again_is_a_line_of_its_own(stack):
    code, nonce = stack.wechat.login(), stack.nonce()
    first = (await stack.login(code, nonce=nonce)).json()
    await stack.login(code, nonce=nonce)
    page = await stack.running.server.rooms.attempts.search(AttemptSearch(user_ids=(first["user"]["id"],)))
    # Both in one millisecond of this clock: which comes first is chance.
    assert sorted(line.result for line in page.lines) == ["given_again", "signed_in"]


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        (f"/v1/{DEMO}/phone", {"code": "no such code"}, "phone"),
        (f"/v1/{DEMO}/decrypt", {"encryptedData": "AAAA", "iv": "AAAA"}, "decrypt"),
        (f"/v1/{DEMO}/profile", {"rawData": "{}"}, "profile"),
    ],
)
async def test_refusals_after_the_login_name_the_person(stack, path, body, kind):
    tokens = await stack.signed_in()
    answer = await stack.http.post(path, json=body, headers=bearer(tokens["access_token"]))
    found = await latest(stack, kinds=(kind,))
    assert found.line.result == answer.json()["code"]
    assert found.line.user_id == tokens["user"]["id"]
    assert named(found)[-1] == "answered"


async def test_a_refused_refresh_names_the_person_whose_token_came_twice(stack):
    tokens = await stack.signed_in()
    await stack.refresh(tokens["refresh_token"])
    await stack.later(60)
    await stack.refresh(tokens["refresh_token"])
    found = await latest(stack, kinds=("refresh",))
    assert (found.line.result, found.line.user_id) == ("session_invalid", tokens["user"]["id"])


async def test_requests_that_share_a_connection_share_no_steps(stack):
    async with httpx.AsyncClient(base_url=stack.url, limits=httpx.Limits(max_connections=1)) as http:
        for _ in range(3):
            await http.post(f"/v1/{DEMO}/login", json={"code": stack.wechat.login()})
            assert named(await latest(stack)) == ["read", "wechat", "commit", "answered"]


async def test_people_are_found_by_openid_and_requests_by_their_id(stack):
    attempts = stack.running.server.rooms.attempts
    tokens = await stack.signed_in()
    by_openid = await attempts.search(await attempts.meant(tokens["user"]["openid"]))
    assert [line.user_id for line in by_openid.lines] == [tokens["user"]["id"]]
    (line,) = by_openid.lines
    for text in (line.request_id, line.id, tokens["user"]["id"]):
        assert (await attempts.search(await attempts.meant(text))).lines == [line]
    assert (await attempts.search(await attempts.meant("nobody at all"))).lines == []


async def test_minutes_count_by_app_kind_and_result(stack):
    for _ in range(3):
        await stack.signed_in()
    await stack.login("never given")
    minutes = await stack.running.server.rooms.attempts.per_minute(0)
    counted = {(each.kind, each.result): each.count for each in minutes if each.appid == DEMO_APPID}
    assert counted == {("login", "signed_in"): 3, ("login", "code_invalid"): 1}


async def test_no_secret_and_no_openid_reaches_a_timeline(stack):
    code, nonce = stack.wechat.login(), stack.nonce()
    tokens = (await stack.login(code, nonce=nonce)).json()
    await stack.login(code, nonce="f" * 32)
    found = await latest(stack)
    pages = await stack.store.flights.pages(found.line.at, 9)
    written = b"".join(page.body for page in pages)
    secrets = [app.secret for app in stack.wechat.apps]
    for secret in (code, nonce, tokens["refresh_token"], tokens["user"]["openid"], *secrets):
        assert secret.encode() not in written
