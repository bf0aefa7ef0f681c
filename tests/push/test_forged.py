"""Events that are not WeChat's, or not this app's, or not today's: one answer for all, and nothing happens."""

import asyncio
import base64
import json

import pytest

from lingpai.errors.catalogue_push import PUSH_REFUSED
from tests.conftest import DEMO

EVENT = {"MsgType": "event", "Event": "user_authorization_cancellation", "CreateTime": "1"}
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><xml><Encrypt>&j;</Encrypt></xml>"
)
FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><xml><Encrypt>&f;</Encrypt></xml>'


@pytest.fixture
def event(stack):
    """The event that would erase somebody who is here."""

    async def made():
        answer = await stack.signed_in()
        return {**EVENT, "OpenID": answer["user"]["openid"]}, answer["user"]["id"]

    return made


async def untouched(stack, user):
    assert await stack.store.pushes.page(9) == []
    assert await stack.store.users.get(user) is not None


def refused(answer):
    assert answer.status_code == 403, answer.text
    assert answer.json()["code"] == PUSH_REFUSED.code


async def test_what_is_signed_or_encrypted_otherwise_is_refused_alike(stack, forger, event):
    fields, user = await event()
    message = json.dumps(fields).encode()
    good = forger.encrypt(message)
    other_key = "B" * 43
    real, forger.aes_key = forger.aes_key, other_key
    under_another_key = forger.encrypt(message)
    forger.aes_key = real
    damaged = base64.b64encode(base64.b64decode(good)[:-16]).decode()
    tries = [
        (good, {"msg_signature": "0" * 40}),
        (good, {"msg_signature": ""}),
        (good, {"msg_signature": forger.query(good)["msg_signature"]}),  # of another moment
        (under_another_key, {}),
        (damaged, {}),
        (good[:-3], {}),
        ("", {}),
        ("é" * 8, {}),
        (forger.encrypt(message, appid="wx00000000000000b2"), {}),
        (forger.encrypt(message, length=99_999), {}),
        (forger.encrypt(json.dumps({**fields, "AppID": "wx00000000000000b2"}).encode()), {}),
        (forger.encrypt(b"\xff\xfe no text"), {}),
        (forger.encrypt(BOMB.encode()), {}),
        (forger.encrypt(b"{" * 40_000), {}),
    ]
    answers = [
        await forger.post(json.dumps({"Encrypt": encrypted}), forger.query(encrypted, **changed))
        for encrypted, changed in tries
    ]
    for answer in answers:
        refused(answer)
    bodies = [{k: v for k, v in answer.json().items() if k != "request_id"} for answer in answers]
    assert all(body == bodies[0] for body in bodies)
    await untouched(stack, user)
    told = await forger.post(json.dumps({"Encrypt": good}), forger.query(good))
    assert (told.status_code, told.text) == (200, "success")


@pytest.mark.parametrize("seconds", [-601, 601])
async def test_a_signature_that_is_too_old_or_of_the_future_is_refused(stack, forger, event, seconds):
    fields, user = await event()
    refused(await forger.event(fields, timestamp=str(stack.clock.now() // 1000 + seconds)))
    refused(await forger.event(fields, timestamp="soon"))
    refused(await forger.event(fields, timestamp="9" * 60))
    await untouched(stack, user)


async def test_an_event_that_is_not_encrypted_is_refused_unless_the_operator_wants_it(
    stack, pushing, forger, event
):
    fields, user = await event()
    body = json.dumps(fields)
    refused(await forger.post(body, forger.query()))
    await untouched(stack, user)
    await pushing.setting(push_mode="plain", on_cancellation="mark")
    refused(await forger.post(body, forger.query(signature="0" * 40)))
    query = forger.query()
    assert (await forger.post(body, query)).text == "success"
    # The signature of the plain mode does not cover the body: it serves one event, and no other.
    refused(await forger.post(json.dumps({**fields, "OpenID": "oSomebodyElse"}), query))
    assert (await forger.post(body, query)).text == "success"
    assert len(await stack.store.pushes.page(9)) == 1


@pytest.mark.parametrize("mode", ["compatible", "plain"])
async def test_the_other_modes_of_wechat_are_taken_as_the_settings_say(stack, pushing, mode):
    stack.wechat.set_app(DEMO, push_mode=mode)
    told = await asyncio.to_thread(stack.wechat.push, "user_info_modified", "sam", DEMO)
    assert told["delivered"] == (mode == "compatible")
    assert len(told["attempts"]) == (1 if mode == "compatible" else 3)


async def test_a_replayed_event_is_taken_again_and_acted_on_once(stack, pushing, forger):
    answer = await stack.signed_in()
    fields = {**EVENT, "Event": "user_info_modified", "OpenID": answer["user"]["openid"]}
    encrypted = forger.encrypt(json.dumps(fields).encode())
    query = forger.query(encrypted)
    body = json.dumps({"Encrypt": encrypted})
    same = await asyncio.gather(*(forger.post(body, query) for _ in range(20)))
    again = await asyncio.gather(*(forger.event(fields) for _ in range(20)))
    assert {each.text for each in (*same, *again)} == {"success"}
    assert len(await pushing.settled()) == 1
    later = await forger.event({**fields, "CreateTime": "2"})
    assert later.text == "success"
    assert len(await pushing.settled()) == 2


@pytest.mark.parametrize(
    "body", [BOMB, FILE, "<xml>", "", "[]", "{}", "no event", '{"Encrypt": {"a": 1}}', "<a>" * 9000]
)
async def test_a_body_that_is_no_event_is_refused_before_anything_is_made_of_it(stack, forger, body):
    refused(await forger.post(body, forger.query()))
    assert await stack.store.pushes.page(9) == []


async def test_a_body_that_is_too_large_is_not_read(forger):
    answer = await forger.post("<xml>" + "a" * 70_000 + "</xml>", forger.query())
    assert answer.status_code == 413


async def test_an_app_without_keys_takes_nothing(stack, forger):
    answer = await stack.http.post("/wechat/demo-oa/push", content="{}", params=forger.query())
    assert (answer.status_code, answer.json()["code"]) == (404, "push_not_set_up")
    assert (await stack.http.post("/wechat/nobody/push", params=forger.query())).status_code == 404


async def test_the_greeting_is_answered_to_wechat_alone_and_as_plain_text(stack, forger):
    ask = {**forger.query(), "echostr": "<script>alert(1)</script>"}
    echoed = await stack.http.get(f"/wechat/{DEMO}/push", params=ask)
    assert echoed.text == ask["echostr"]
    assert echoed.headers["content-type"].startswith("text/plain")
    assert "sandbox" in echoed.headers["content-security-policy"]
    refused(await stack.http.get(f"/wechat/{DEMO}/push", params={**ask, "signature": "0" * 40}))


async def test_new_keys_are_taken_beside_the_former_ones_for_a_day(stack, pushing, forger):
    from tests.push.conftest import TESTER, Forger

    new = await pushing.admin.make_keys(DEMO, by=TESTER)
    stack.clock.advance(2)
    await stack.running.server.rooms.receiving.keys.follow()
    rotated = Forger(stack, new.token, new.encoding_aes_key, forger.appid)
    for n, hand in enumerate((forger, rotated)):
        assert (await hand.event({**EVENT, "Event": "enter", "CreateTime": str(n)})).text == "success"
    stack.clock.advance(86_401)
    refused(await forger.event({**EVENT, "Event": "enter", "CreateTime": "8"}))
    assert (await rotated.event({**EVENT, "Event": "enter", "CreateTime": "9"})).text == "success"


async def test_an_event_is_not_called_a_success_while_the_store_cannot_take_it(stack, forger, monkeypatch):
    from lingpai.storage.port import StorageUnavailableError
    from lingpai.storage.sql.store_push import SqlPushes

    async def full(*_):
        raise StorageUnavailableError("the disk is full")

    monkeypatch.setattr(SqlPushes, "put", full)
    assert (await forger.event({**EVENT, "Event": "enter"})).status_code == 503


def test_the_published_sample_opens():
    """The sample of WeCom's decryption page, which uses the same scheme."""
    from lingpai.wechat.push import open_push, push_signature

    encrypted = (
        "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvu"
        "JTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc"
        "2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL"
        "4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ"
        "2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
    )
    made = push_signature("QDG6eK", "1409659813", "1372623149", encrypted)
    assert made == "477715d11cdb4164915debcba66cb864d751f3e6"
    opened = open_push("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", encrypted)
    assert opened is not None
    message, receiver = opened
    assert receiver == "wx5823bf96d3bd56c7"
    assert b"<Content><![CDATA[hello]]></Content>" in message
