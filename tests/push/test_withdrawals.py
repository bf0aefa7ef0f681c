"""Somebody takes something back at WeChat: it goes here, there is proof, and the operator's backend is told."""

import asyncio
import hashlib

import pytest

from tests.conftest import DEMO, Handed, bearer
from tests.push.conftest import until

REVOKE, CANCEL, MODIFIED = (
    "user_authorization_revoke",
    "user_authorization_cancellation",
    "user_info_modified",
)


async def with_everything(pushing):
    """Signed in, with nickname and phone; the user's id."""
    answer = await pushing.stack.signed_in()
    token = answer["access_token"]
    await pushing.stack.http.patch("/v1/me", json={"nickname": "小明"}, headers=bearer(token))
    code = pushing.stack.wechat.phone_number()["code"]
    assert (await Handed(pushing.stack, token).phone(code=code)).status_code == 200
    return answer["user"]["id"]


@pytest.mark.parametrize("form", ["xml", "json"])
async def test_wechat_finds_the_address_right_and_a_phone_number_taken_back_is_gone(
    stack, pushing, receiver, form
):
    stack.wechat.set_app(DEMO, push_format=form)
    assert await asyncio.to_thread(stack.wechat.verify_push, DEMO)
    user = await with_everything(pushing)
    _, secret = await pushing.hook(receiver)
    told = await pushing.send(REVOKE, RevokeInfo="8")
    (proof,) = await pushing.settled()
    assert (proof.outcome, proof.forgotten) == ("forgot", ("phone",))
    assert await stack.store.users.phone(user) is None
    me = await pushing.me()
    assert me["nickname"] == "小明"
    assert "phone" not in me
    (heard,) = await until(lambda: told_of(receiver, "authorization.revoked"))
    assert heard.signed_with(secret)
    assert not heard.signed_with("whsec_" + "A" * 44)
    data = heard.said["data"]
    assert (data["user_id"], data["revoked"], data["forgotten"]) == (user, ["8"], ["phone"])
    assert data["openid"] == told["fields"]["OpenID"]
    assert data["event_digest"] == proof.digest.hex()
    assert "13" not in json_without_ids(data)


async def told_of(receiver, event):
    return receiver.of(event)


def json_without_ids(data):
    return " ".join(
        str(value) for name, value in data.items() if name not in ("openid", "user_id", "event_digest", "app")
    )


async def test_a_name_and_a_picture_taken_back_are_gone_and_the_rest_stays(stack, pushing):
    user = await with_everything(pushing)
    await pushing.send(REVOKE, RevokeInfo="6")
    (proof,) = await pushing.settled()
    assert proof.forgotten == ("nickname", "avatar", "details")
    profile = await stack.store.users.profile(user)
    assert (profile.user.nickname, profile.user.avatar_url) == (None, None)
    assert await stack.store.users.phone(user) is not None


async def test_a_number_that_stands_for_nothing_kept_here_is_recorded_and_told(stack, pushing, receiver):
    user = await with_everything(pushing)
    await pushing.hook(receiver, "authorization.revoked")
    await pushing.send(REVOKE, RevokeInfo="9999")
    (proof,) = await pushing.settled()
    assert (proof.outcome, proof.forgotten) == ("marked", ())
    (heard,) = await until(lambda: told_of(receiver, "authorization.revoked"))
    assert heard.said["data"]["revoked"] == ["9999"]
    assert (await stack.store.users.get(user)).nickname == "小明"


async def test_an_account_closed_at_wechat_is_erased_with_proof_and_its_tokens_die(stack, pushing, receiver):
    answer = await stack.signed_in()
    await pushing.hook(receiver)
    await pushing.send(CANCEL)
    (proof,) = await pushing.settled()
    (line,) = await stack.store.erasures.page(9)
    doctor = stack.running.server.rooms.doctor
    assert "push_on" in {finding.code for finding in await doctor.app(DEMO)}
    assert "push_off" in {finding.code for finding in await doctor.app("demo-oa")}
    assert proof.outcome == "erased"
    assert proof.user_digest == line.user_digest
    assert await stack.store.users.get(answer["user"]["id"]) is None

    async def refused():
        return (await stack.session(answer["access_token"])).status_code == 401

    await until(refused)
    (gone,) = await until(lambda: told_of(receiver, "user.erased"))
    assert gone.said["data"] == {"user_id": answer["user"]["id"], "audit_id": line.id, "by": "wechat"}
    (closed,) = await until(lambda: told_of(receiver, "authorization.cancelled"))
    assert closed.said["data"]["erased"] is True


async def test_an_operator_may_have_closed_accounts_only_marked(stack, pushing):
    user = (await stack.signed_in())["user"]["id"]
    await pushing.setting(on_cancellation="mark")
    await pushing.send(CANCEL)
    (proof,) = await pushing.settled()
    assert proof.outcome == "marked"
    assert await stack.store.users.get(user) is not None
    assert await stack.store.erasures.page(9) == []


async def test_a_profile_that_wechat_cleaned_up_is_read_anew_at_the_next_chance(stack, pushing):
    user = await with_everything(pushing)
    await pushing.send(MODIFIED)
    (proof,) = await pushing.settled()
    profile = await stack.store.users.profile(user)
    assert proof.outcome == "outdated"
    assert (profile.user.nickname, profile.updated_at) == ("小明", 0)


async def test_a_stranger_is_recorded_and_nothing_else_happens(stack, pushing, receiver):
    await pushing.hook(receiver, "authorization.revoked", "user.erased", "authorization.cancelled")
    for event in (REVOKE, CANCEL, MODIFIED):
        await pushing.send(event, "xiaohong", RevokeInfo="6")
    assert {each.outcome for each in await pushing.settled()} == {"nobody"}
    assert await stack.store.webhooks.deliveries(9) == []


async def test_any_other_event_is_passed_on_without_credentials(pushing, receiver):
    await pushing.hook(receiver, "wechat.event")
    fields = {"MsgType": "text", "Content": "你好 <&]]>", "MsgId": "24", "Ticket": "gQH_a_ticket"}
    await pushing.send("", None, **fields)
    (heard,) = await until(lambda: told_of(receiver, "wechat.event"))
    passed = heard.said["data"]["fields"]
    assert passed["Content"] == "你好 <&]]>"
    assert "Ticket" not in passed
    assert heard.said["data"]["event"] == "text"


async def test_an_event_leaves_its_digest_and_nothing_that_names_the_person(stack, pushing, forger):
    user = await with_everything(pushing)
    openid = (await stack.store.users.identities(user))[0].openid
    fields = {"MsgType": "event", "Event": REVOKE, "OpenID": openid, "RevokeInfo": "20", "CreateTime": 1}
    assert (await forger.event(fields)).text == "success"
    (proof,) = await pushing.settled()
    import json

    assert proof.digest == hashlib.sha256(json.dumps(fields).encode()).digest()
    assert openid not in repr(proof)
    assert user not in repr(proof)
