"""Being forgotten: nothing is left in any file of the server, and no token works any more."""

import asyncio
import base64
import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from lingpai.model import user_digest
from lingpai.testing.server import running_server
from tests.me.conftest import NUMBER, picture

MINUTES = 60


@pytest.fixture
async def whole(stack, person):
    """Somebody with everything: two apps, a name, a picture, a phone number, refreshed and ended sessions."""
    me = await person()
    await me.change(nickname="猫咪小明明")
    await me.put(picture())
    await me.give_phone()
    for _ in range(4):
        await person()
    await stack.refresh((await stack.signed_in())["refresh_token"])
    await stack.sign_out((await stack.signed_in())["access_token"])
    me.tokens = await stack.signed_in()
    return me


def traces(stack, me):
    """What must stand nowhere, in the forms in which somebody might find it."""
    told = me.tokens["user"]
    texts = [me.id, told["openid"], told["unionid"], "猫咪小明明", NUMBER]
    return [
        form
        for text in texts
        for form in (text.encode(), text.encode().hex().encode(), base64.b64encode(text.encode()))
    ]


def everything_on_disk(stack):
    folder = Path(stack.running.config.avatar_dir).parent
    return {
        path: path.read_bytes()
        for root, _, names in os.walk(folder)
        for path in (Path(root) / name for name in names)
    }


async def test_the_search_itself_finds_what_is_there(stack, whole):
    """Before the erasure, the traces are on the disk; otherwise the next test would prove nothing."""
    found = b"".join(everything_on_disk(stack).values())
    plain = [whole.id, whole.tokens["user"]["openid"], whole.tokens["user"]["unionid"], "猫咪小明明"]
    assert [text for text in plain if text.encode() not in found] == []


async def test_an_erasure_leaves_nothing_in_any_file(stack, whole):
    answer = await whole.erase()
    assert answer.status_code == 200, answer.text
    for path, content in everything_on_disk(stack).items():
        assert [trace for trace in traces(stack, whole) if trace in content] == [], path
        assert path.suffix != ".jpg"


async def test_what_a_sealed_row_held_is_gone_too(stack, whole):
    phone = await stack.store.users.phone(whole.id)
    keys = await stack.store.sessions.session_keys("wx00000000000000a1", whole.tokens["user"]["openid"])
    sealed = [phone.sealed, phone.blind_index, *(key.sealed for key in keys)]
    assert len(sealed) > 2
    await whole.erase()
    for path, content in everything_on_disk(stack).items():
        assert [each for each in sealed if each in content] == [], path


async def test_the_answer_is_a_receipt_that_leads_nowhere(stack, whole):
    receipt = (await whole.erase()).json()
    assert set(receipt) == {"audit_id", "erased_at"}
    assert receipt["audit_id"].startswith("era_")
    (erasure,) = await stack.store.erasures.page(9)
    assert erasure.id == receipt["audit_id"]
    assert erasure.user_digest == user_digest(whole.id)
    assert whole.id.removeprefix("usr_") not in receipt["audit_id"]


async def test_every_token_dies_with_the_account(stack, person, whole, a_problem):
    elsewhere = await person()
    refreshing = await stack.signed_in()
    await whole.erase()
    for token in (whole.tokens["access_token"], elsewhere.tokens["access_token"], refreshing["access_token"]):
        answer = await stack.session(token)
        assert answer.status_code == 401
        assert a_problem(answer) == "session_invalid"
    for token in (whole.tokens["refresh_token"], refreshing["refresh_token"]):
        assert (await stack.refresh(token)).status_code == 401


async def test_another_server_on_the_same_database_refuses_the_tokens_too(stack, whole):
    config = replace(stack.running.config, port=0)
    async with running_server(config, clock=stack.clock) as other:
        url = f"{other.url}/v1/me"
        assert (await stack.http.get(url, headers=whole.auth)).status_code == 200
        await whole.erase()
        await other.server.rooms.running.follow()
        assert (await stack.http.get(url, headers=whole.auth)).status_code == 401


async def test_a_server_that_starts_later_refuses_the_tokens_too(stack, whole):
    await whole.erase()
    async with running_server(replace(stack.running.config, port=0), clock=stack.clock) as other:
        answer = await stack.http.get(f"{other.url}/v1/me", headers=whole.auth)
        assert answer.status_code == 401


async def test_whoever_comes_back_is_somebody_new(stack, whole):
    await whole.erase()
    again = await stack.signed_in()
    assert again["user"]["is_new"]
    assert again["user"]["id"] != whole.id
    assert not again["user"]["profile_complete"]


async def test_all_apps_of_the_person_are_erased_together(stack, whole, wechat):
    receipt = await whole.erase()
    assert receipt.status_code == 200
    assert await stack.store.users.find(whole.tokens["user"]["unionid"], 9) == []


async def test_nobody_else_is_touched(stack, person, whole):
    other = await person("xiaohong")
    await other.change(nickname="小红")
    await other.put(picture(color="red"))
    await other.give_phone("13900000002")
    before = await other.show()
    await whole.erase()
    assert await other.show() == before
    assert (await stack.http.get(before["avatar_url"])).status_code == 200


async def test_the_history_keeps_its_lines_without_the_person(stack, whole):
    lines = len(await stack.store.logins.recent(100))
    await whole.erase()
    after = await stack.store.logins.recent(100)
    assert len(after) == lines
    assert {event.user_id for event in after} == {None}
    assert {event.session_id for event in after} == {None}


async def test_a_session_that_began_more_than_five_minutes_ago_is_too_old(stack, person, whole, a_problem):
    await stack.later(5 * MINUTES + 1)
    refreshed = (await stack.refresh(whole.tokens["refresh_token"])).json()
    whole.tokens = refreshed
    answer = await whole.erase()
    assert answer.status_code == 403
    assert a_problem(answer) == "login_too_old"
    assert "wx.login" in answer.json()["hint"]
    assert (await whole.show())["nickname"] == "猫咪小明明"
    whole.tokens = await stack.signed_in()
    assert (await whole.erase()).status_code == 200


async def test_just_five_minutes_are_fresh_enough(stack, whole):
    await stack.later(5 * MINUTES)
    assert (await whole.erase()).status_code == 200


async def test_of_many_erasures_at_once_one_happens(stack, whole):
    answers = await asyncio.gather(*(whole.erase() for _ in range(10)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200] + [401] * 9
    assert len(await stack.store.erasures.page(9)) == 1


async def test_logins_and_erasures_at_once_leave_no_dangling_row(stack, whole):
    """Whoever signs in while being erased is either erased with it, or somebody new."""

    async def erase_again():
        tokens = await stack.signed_in()
        whole.tokens = tokens
        await whole.erase()

    await asyncio.gather(*(stack.signed_in() for _ in range(20)), *(erase_again() for _ in range(10)))
    for user in await stack.store.users.page(100):
        assert await stack.store.users.identities(user.id)
        for session in await stack.store.sessions.of_user(user.id):
            assert (await stack.store.sessions.get(session.id)).unionid


@pytest.fixture
def no_pictures(stack):
    """Takes the folder of pictures away, and gives it back."""
    folder = Path(stack.running.config.avatar_dir)
    aside = folder.with_name("aside")

    def take():
        folder.rename(aside)
        folder.write_text("not a folder")

    def give():
        folder.unlink()
        aside.rename(folder)

    return take, give


async def test_a_picture_goes_even_when_its_store_was_down(stack, whole, no_pictures):
    url = (await whole.show())["avatar_url"]
    take, give = no_pictures
    take()
    assert (await whole.erase()).status_code == 200
    give()
    assert (await stack.http.get(url)).status_code == 200
    await stack.later(2 * 60 * MINUTES)
    await stack.running.server.rooms.avatars.sweep()
    assert (await stack.http.get(url)).status_code == 404


async def test_the_log_tells_of_it_without_the_person(stack, whole, capfd):
    receipt = (await whole.erase()).json()
    lines = [line for line in capfd.readouterr().out.splitlines() if "user_erased" in line]
    (line,) = lines
    assert receipt["audit_id"] in line
    assert "by=self" in line
    assert [trace for trace in traces(stack, whole) if trace.decode("latin-1") in line] == []
