"""Taking one's data along: all of it, nobody else's, and no key of ours."""

import base64
import json

import pytest

from tests.me.conftest import NUMBER, opened, picture

MINUTES = 60


@pytest.fixture
async def whole(stack, person):
    me = await person()
    await me.change(nickname="小明")
    await me.put(picture())
    await me.give_phone()
    await stack.sign_out((await stack.signed_in())["access_token"])
    return me


async def test_an_export_holds_everything_about_the_person(stack, whole):
    answer = await whole.export()
    assert answer.status_code == 200, answer.text
    told = answer.json()
    user = whole.tokens["user"]
    assert told["user"] == whole.id
    assert told["profile"]["nickname"] == "小明"
    assert opened(base64.b64decode(told["profile"]["avatar_jpeg"])).format == "JPEG"
    assert told["phone"]["phone_number"] == NUMBER
    (identity,) = told["identities"]
    assert (identity["openid"], identity["unionid"]) == (user["openid"], user["unionid"])
    assert len(told["sessions"]) == 2
    assert {session["end_reason"] for session in told["sessions"]} == {None, "signed_out"}
    assert [login["result"] for login in told["logins"]] == ["signed_in"] * 2
    assert all(login["session"].startswith("ses_") for login in told["logins"])


async def test_an_export_is_a_file_that_nobody_keeps(whole):
    answer = await whole.export()
    assert answer.headers["content-disposition"] == 'attachment; filename="account.json"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_an_export_of_an_empty_account_is_whole_too(person):
    told = (await (await person()).export()).json()
    assert told["phone"] is None
    assert told["profile"]["nickname"] is None
    assert told["profile"]["avatar_jpeg"] is None


async def test_an_export_needs_a_fresh_login(stack, whole, a_problem):
    await stack.later(5 * MINUTES + 1)
    whole.tokens = (await stack.refresh(whole.tokens["refresh_token"])).json()
    answer = await whole.export()
    assert answer.status_code == 403
    assert a_problem(answer) == "login_too_old"


async def test_an_export_holds_no_key_and_no_token(stack, whole):
    text = (await whole.export()).text
    secrets = [whole.tokens["access_token"], whole.tokens["refresh_token"]]
    for key in await stack.store.sessions.session_keys("wx00000000000000a1", whole.tokens["user"]["openid"]):
        secrets += [key.sealed.hex(), base64.b64encode(key.sealed).decode()]
    phone = await stack.store.users.phone(whole.id)
    secrets += [phone.sealed.hex(), phone.blind_index.hex(), base64.b64encode(phone.sealed).decode()]
    assert [secret for secret in secrets if secret in text] == []


async def test_everything_stored_of_a_person_is_in_the_export(stack, whole):
    """Read from the database itself: each text in a row that belongs to the person is told."""
    told = (await whole.export()).text
    store = stack.store
    texts = [whole.id]
    for identity in await store.users.identities(whole.id):
        texts += [identity.appid, identity.openid, identity.unionid]
    for session in await store.sessions.of_user(whole.id):
        texts += [session.id, session.appid, session.user_agent]
    for event in await store.logins.recent(100, user_id=whole.id):
        texts += [event.request_id, event.session_id]
    assert [text for text in texts if text not in told] == []


async def test_two_people_see_nothing_of_each_other(stack, person, whole):
    """Every way to one's own account, with the other's token: nothing of the first in any answer."""
    other = await person("xiaohong")
    first = json.loads((await whole.export()).text)
    private = [
        whole.id,
        whole.tokens["user"]["openid"],
        whole.tokens["user"]["unionid"],
        "小明",
        NUMBER,
        first["profile"]["avatar_jpeg"],
        first["profile"]["avatar_url"],
        *(session["id"] for session in first["sessions"]),
        *(login["request_id"] for login in first["logins"]),
    ]
    answers = [
        await stack.http.get("/v1/me", headers=other.auth),
        await other.change(nickname="小红"),
        await other.put(picture(color="red")),
        await other.upload(picture(color="green")),
        await other.export(),
        await stack.http.get("/v1/session", headers=other.auth),
        await other.erase(),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert [text for text in private if text in answer.text or text in str(answer.headers)] == []
    assert (await whole.show())["nickname"] == "小明"
