"""Forged, damaged, foreign and old data: none is taken, and no answer tells how far it got."""

import base64
import json
import random
import sqlite3
from contextlib import closing

import pytest

from tests.conftest import Handed, encrypted_part

MUTATIONS = 1_200
SEED = 20_260_101


@pytest.fixture
async def handed(in_step):
    return Handed(in_step, (await in_step.signed_in())["access_token"])


def flipped(data, bit):
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def swapped(data, one, other):
    blocks = [data[at : at + 16] for at in range(0, len(data), 16)]
    blocks[one], blocks[other] = blocks[other], blocks[one]
    return b"".join(blocks)


def mutations(data, iv, chance, *, of_iv=True):
    """Endless: (encryptedData, iv) that differ from the true ones."""
    while True:
        match chance.choice([0, 1, 2, 3, 4, 5] if of_iv else [0, 2, 3, 4, 5]):
            case 0:
                yield flipped(data, chance.randrange(len(data) * 8)), iv
            case 1:
                yield data, flipped(iv, chance.randrange(128))
            case 2:
                yield data[: 16 * chance.randrange(1, len(data) // 16)], iv
            case 3:
                one, other = chance.sample(range(len(data) // 16), 2)
                yield swapped(data, one, other), iv
            case 4:
                yield chance.randbytes(16 * chance.randrange(1, 20)), chance.randbytes(16)
            case 5:
                yield data + chance.randbytes(16), iv


def text(raw):
    return base64.b64encode(raw).decode()


def said(answer):
    """All that an answer tells, but the id of its request."""
    body = answer.json()
    del body["request_id"]
    headers = {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "date")}
    return answer.status_code, json.dumps(body, sort_keys=True), json.dumps(headers, sort_keys=True)


def stored(stack):
    path = stack.running.config.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT nickname, avatar_url FROM users ORDER BY id").fetchall()


def foreign(wechat):
    """What is genuine, but of another app, another user, or of yesterday."""
    wechat.add_app("wx00000000000000f6", slug="other-mp", kind="miniprogram")
    for person, app in (("xiaoming", "other-mp"), ("xiaohong", "demo-mp")):
        wechat.login(person, app)
        yield wechat.user_profile(person, app, era="real")
    yield wechat.encrypt({"nickName": "old"}, watermark_age=86_400)
    yield wechat.encrypt({"nickName": "of tomorrow"}, watermark_age=-86_400)
    yield wechat.encrypt({"nickName": "foreign"}, watermark_appid="wx00000000000000b2")
    yield wechat.encrypt({"nickName": "bare"}, watermark=False)
    yield wechat.encrypt({"nickName": "somebody", "openId": "oSomebodyElse00000000000000"})
    yield wechat.encrypt("no object", watermark=False)
    yield wechat.encrypt('[{"watermark": 1}]', watermark=False)
    yield wechat.encrypt('{"watermark":{"appid":"wx00000000000000a1","timestamp":true}}', watermark=False)
    yield wechat.encrypt('{"watermark":{"appid":"wx00000000000000a1","timestamp":"1"}}', watermark=False)


@pytest.mark.parametrize("api", ["user_profile", "user_info"])
async def test_a_thousand_mutations_of_a_signed_profile_get_one_answer(handed, wechat, api):
    given = getattr(wechat, api)(era="real")
    data, iv = base64.b64decode(given["encryptedData"]), base64.b64decode(given["iv"])
    chance = random.Random(SEED)
    answers = set()
    for (mutant, turned), _ in zip(mutations(data, iv, chance), range(MUTATIONS), strict=False):
        if (mutant, turned) == (data, iv):
            continue
        answer = await handed.profile(given, encryptedData=text(mutant), iv=text(turned))
        answers.add(said(answer))
    for other in foreign(wechat):
        answer = await handed.profile(given, **encrypted_part(other))
        answers.add(said(answer))
    assert len(answers) == 1, answers
    ((status, body, _),) = answers
    assert (status, json.loads(body)["code"]) == (422, "decrypt_failed")
    assert stored(handed.stack)[0] == (None, None)


async def test_a_few_hundred_mutations_of_other_data_get_one_answer(handed, wechat):
    # Without a signature a bent iv is beyond proof: it changes the first 16 characters and nothing else.
    given = wechat.group_enter_info()
    data, iv = base64.b64decode(given["encryptedData"]), base64.b64decode(given["iv"])
    chance = random.Random(SEED + 1)
    answers = set()
    for (mutant, turned), _ in zip(mutations(data, iv, chance, of_iv=False), range(300), strict=False):
        if (mutant, turned) != (data, iv):
            answers.add(said(await handed.decrypt(given, encryptedData=text(mutant), iv=text(turned))))
    for other in foreign(wechat):
        answers.add(said(await handed.decrypt(other)))
    assert len(answers) == 1, answers
    assert json.loads(next(iter(answers))[1])["code"] == "decrypt_failed"


async def test_once_a_key_may_have_been_lost_all_of_them_are_told_to_log_in(handed, wechat):
    given = wechat.user_profile(era="real")
    for _ in range(3):
        wechat.prefetch()
        await handed.stack.signed_in()
    chance = random.Random(SEED + 2)
    data, iv = base64.b64decode(given["encryptedData"]), base64.b64decode(given["iv"])
    answers = {said(await handed.profile(given))}
    for (mutant, turned), _ in zip(mutations(data, iv, chance), range(100), strict=False):
        answers.add(said(await handed.profile(given, encryptedData=text(mutant), iv=text(turned))))
    assert len(answers) == 1
    assert json.loads(next(iter(answers))[1])["code"] == "session_key_stale"


async def test_another_users_data_is_never_stored_for_the_one_who_sends_it(handed, wechat):
    await handed.stack.signed_in("xiaohong")
    theirs = wechat.user_profile("xiaohong", era="real")
    answer = await handed.profile(theirs)
    assert answer.status_code in (409, 422)
    assert stored(handed.stack) == [(None, None), (None, None)]


async def test_a_sealed_key_that_was_moved_to_another_person_opens_nothing(handed, wechat):
    hers = (await handed.stack.signed_in("xiaohong"))["user"]
    given = wechat.user_profile(era="real")
    path = handed.stack.running.config.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "UPDATE session_keys SET sealed = (SELECT sealed FROM session_keys WHERE openid <> ?) WHERE openid = ?",
            (hers["openid"], hers["openid"]),
        )
        db.commit()
    her = Handed(handed.stack, (await handed.stack.signed_in("xiaohong"))["access_token"])
    assert (await her.profile(given)).status_code in (409, 422)
    assert stored(handed.stack)[-1] == (None, None)


async def test_a_signature_of_any_shape_is_compared_and_never_breaks(handed, wechat):
    given = wechat.user_profile(era="real")
    for signature in ("0" * 40, given["signature"].upper(), "é" * 40, "x", given["signature"] + " "):
        answer = await handed.profile(given, signature=signature)
        assert (answer.status_code, answer.json()["code"]) == (422, "signature_mismatch"), signature
