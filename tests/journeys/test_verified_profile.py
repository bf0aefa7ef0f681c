"""A profile that WeChat signed: proven to be this user's of this app, then kept; anything else leaves nothing."""

import json
import sqlite3
from contextlib import closing

import pytest

from lingpai.testing.actors import TESTER
from tests.conftest import Handed, bearer

REAL = "real"


@pytest.fixture
async def handed(in_step, wechat):
    wechat.add_person(id="xiaoming", avatar="https://example.com/mmopen/vi_32/xiaoming/132")
    return Handed(in_step, (await in_step.signed_in())["access_token"])


def on_record(stack):
    """What another connection to the database reads."""
    path = stack.running.config.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT nickname, avatar_url FROM users").fetchall()


def code_of(answer):
    return answer.status_code, answer.json()["code"]


async def test_a_signed_profile_is_answered_and_stands_in_the_database(handed, wechat):
    given = wechat.user_profile(era=REAL)
    answer = await handed.profile(given)
    assert answer.status_code == 200, answer.text
    told = given["userInfo"]
    assert (answer.json()["nickname"], answer.json()["avatar_url"]) == (told["nickName"], told["avatarUrl"])
    assert answer.json()["source"] == "wechat"
    assert on_record(handed.stack) == [(told["nickName"], told["avatarUrl"])]


async def test_a_profile_with_an_openid_of_ones_own_is_taken_too(handed, wechat):
    answer = await handed.profile(wechat.user_info(era=REAL))
    assert answer.status_code == 200, answer.text


async def test_from_then_on_every_login_says_that_the_profile_is_complete(handed, wechat):
    before = await handed.stack.signed_in()
    assert before["user"]["profile_complete"] is False
    await handed.profile(wechat.user_profile(era=REAL))
    assert (await handed.stack.signed_in())["user"]["profile_complete"] is True


@pytest.mark.parametrize("api", ["user_profile", "user_info"])
async def test_the_answer_for_everybody_is_never_stored_as_a_name(handed, wechat, api):
    answer = await handed.profile(getattr(wechat, api)())
    assert answer.status_code == 200, answer.text
    assert answer.json()["nickname"] is None
    assert answer.json()["profile_complete"] is False
    assert on_record(handed.stack) == [(None, None)]


async def test_the_answer_for_everybody_takes_no_name_away(handed, wechat):
    await handed.profile(wechat.user_profile(era=REAL))
    known = on_record(handed.stack)
    await handed.profile(wechat.user_profile())
    assert on_record(handed.stack) == known


async def test_a_key_that_changed_after_the_data_was_made_is_still_on_the_ring(handed, wechat):
    given = wechat.user_profile(era=REAL)
    for _ in range(2):
        wechat.prefetch()
        await handed.stack.signed_in()
    assert (await handed.profile(given)).status_code == 200


async def test_after_four_changes_the_key_is_stale_and_one_login_later_it_works(handed, wechat):
    given = wechat.user_profile(era=REAL)
    for _ in range(4):
        wechat.prefetch()
        await handed.stack.signed_in()
    stale = await handed.profile(given)
    assert code_of(stale) == (409, "session_key_stale")
    assert on_record(handed.stack) == [(None, None)]
    await handed.stack.signed_in()
    assert (await handed.profile(wechat.user_profile(era=REAL))).status_code == 200


async def test_a_key_that_never_came_here_is_stale(handed, wechat):
    wechat.prefetch()
    assert code_of(await handed.profile(wechat.user_profile(era=REAL))) == (409, "session_key_stale")


async def test_keys_are_forgotten_with_a_sign_out_everywhere(handed, wechat):
    given = wechat.user_profile(era=REAL)
    await handed.stack.sign_out(handed.access_token, everywhere=True)
    wechat.prefetch()
    again = Handed(handed.stack, (await handed.stack.signed_in())["access_token"])
    assert code_of(await again.profile(given)) != (200, "")
    assert on_record(handed.stack) == [(None, None)]


async def test_raw_data_that_was_written_anew_is_named(handed, wechat):
    given = wechat.user_profile(era=REAL)
    anew = json.dumps(given["userInfo"], indent=1)
    answer = await handed.profile(given, rawData=anew)
    assert code_of(answer) == (422, "signature_mismatch")
    assert "rawData" in answer.json()["hint"]


async def test_the_results_of_two_calls_do_not_mix(handed, wechat):
    first = wechat.user_profile(era=REAL)
    wechat.add_person(id="xiaoming", nickname="小明二号")
    second = wechat.user_profile(era=REAL)
    mixed = await handed.profile(first, encryptedData=second["encryptedData"], iv=second["iv"])
    assert code_of(mixed) == (422, "decrypt_failed")
    assert on_record(handed.stack) == [(None, None)]


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_data_that_is_not_of_now_is_refused(handed, wechat, seconds):
    wechat.freeze(handed.stack.clock.now() / 1000 + seconds)
    assert code_of(await handed.profile(wechat.user_profile(era=REAL))) == (422, "decrypt_failed")


@pytest.mark.parametrize("seconds", [-300, 300])
async def test_data_of_five_minutes_ago_or_ahead_is_taken(handed, wechat, seconds):
    wechat.freeze(handed.stack.clock.now() / 1000 + seconds)
    assert (await handed.profile(wechat.user_profile(era=REAL))).status_code == 200


async def test_a_session_of_another_app_is_no_session_here(handed, wechat):
    wechat.add_app("wx00000000000000f6", slug="other-mp", kind="miniprogram")
    app = wechat.app("other-mp")
    from lingpai.secret import Secret

    await handed.stack.running.server.rooms.apps.add(
        appid=app.appid, secret=Secret(app.secret), slug=app.slug, kind="miniprogram", by=TESTER
    )
    await handed.stack.running.server.rooms.directory.reload()
    other = Handed(handed.stack, handed.access_token, app="other-mp")
    assert code_of(await other.profile(wechat.user_profile(era=REAL))) == (401, "session_invalid")


async def test_without_a_session_nothing_is_read(in_step, wechat):
    await in_step.signed_in()
    answer = await Handed(in_step, "no-token").profile(wechat.user_profile(era=REAL))
    assert code_of(answer) == (401, "session_invalid")


async def test_an_openid_beside_the_fields_is_refused(handed, wechat):
    answer = await handed.profile(wechat.user_profile(era=REAL), openid="oSomebodyElse")
    assert code_of(answer) == (422, "invalid_request")


DAMAGE = {
    "blanks": (lambda text: text.replace("+", " "), "blanks", "空格"),
    "encoded once": (
        lambda text: text.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"),
        "URL-encoded.",
        "一次",
    ),
    "encoded twice": (
        lambda text: text.replace("+", "%252B").replace("/", "%252F").replace("=", "%253D"),
        "twice",
        "两次",
    ),
    "cut off": (lambda text: text[:-4], "multiple of 16", "16 的倍数"),
    "no base64": (lambda text: "§" + text[1:], "not base64", "不是 base64"),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_damage_that_everybody_can_see_is_named(handed, wechat, damage, language):
    harm, *said = DAMAGE[damage]
    given = wechat.user_profile(era=REAL)
    while "+" not in given["encryptedData"] or "/" not in given["encryptedData"]:
        given = wechat.user_profile(era=REAL)
    body = {name: given[name] for name in ("rawData", "signature", "encryptedData", "iv")}
    answer = await handed.stack.http.post(
        "/v1/demo-mp/profile",
        json={**body, "encryptedData": harm(given["encryptedData"])},
        headers={**bearer(handed.access_token), "accept-language": language},
    )
    assert code_of(answer) == (422, "decrypt_failed")
    assert said[language == "zh-CN"] in answer.json()["detail"]


async def test_an_iv_of_another_length_is_named(handed, wechat):
    answer = await handed.profile(wechat.user_profile(era=REAL), iv="AAAA")
    assert code_of(answer) == (422, "decrypt_failed")
    assert "iv has 3 bytes" in answer.json()["detail"]


async def test_a_nickname_with_control_characters_is_cleaned(handed, wechat):
    wechat.add_person(id="xiaoming", nickname="小\u0007明\u202e")
    await handed.profile(wechat.user_profile(era=REAL))
    assert on_record(handed.stack)[0][0] == "小明"
