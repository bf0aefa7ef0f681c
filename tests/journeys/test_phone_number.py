"""A phone number: by the button's code, for the person whose code it is, and never a way to be somebody."""

import sqlite3
from contextlib import closing

import pytest

from lingpai.testing.actors import TESTER
from tests.conftest import Handed, encrypted_part

PATH = "/wxa/business/getuserphonenumber"


@pytest.fixture
async def handed(in_step):
    return Handed(in_step, (await in_step.signed_in())["access_token"])


def code_of(answer):
    return answer.status_code, answer.json()["code"]


def digits_of(stack):
    """Every byte another connection can read of the database."""
    path = stack.running.config.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as db:
        return "\n".join(db.iterdump())


async def test_a_code_of_the_button_gives_the_number_and_wechat_is_told_whose_it_is(handed, wechat):
    answer = await handed.phone(code=wechat.phone_number()["code"])
    assert answer.status_code == 200, answer.text
    person = next(one for one in wechat.people if one["id"] == "xiaoming")
    assert answer.json()["pure_phone_number"] == person["phone"]
    (call,) = wechat.calls(PATH)
    assert call["json"]["openid"] == next(
        identity["openid"] for identity in person["identities"] if identity["appid"].endswith("a1")
    )


async def test_the_number_is_sealed_at_rest_and_opens_again(handed, wechat):
    told = (await handed.phone(code=wechat.phone_number()["code"])).json()
    assert told["pure_phone_number"] not in digits_of(handed.stack)
    user = (await handed.stack.signed_in())["user"]["id"]
    rooms = handed.stack.running.server.rooms
    number = await rooms.phones.of(user)
    assert number.pure_phone_number == told["pure_phone_number"]
    assert told["pure_phone_number"] not in repr(number)
    found = await handed.stack.store.users.with_phone(rooms.phones.blind_index(number), 9)
    assert [one.id for one in found] == [user]


async def test_the_same_code_again_is_answered_without_asking_wechat(handed, wechat):
    code = wechat.phone_number()["code"]
    first = await handed.phone(code=code)
    again = await handed.phone(code=code)
    assert again.json() == first.json()
    assert len(wechat.calls(PATH)) == 1


async def test_the_same_code_after_five_minutes_is_spent(handed, wechat):
    code = wechat.phone_number()["code"]
    await handed.phone(code=code)
    await handed.stack.later(301)
    wechat.advance(301)
    answer = await handed.phone(code=code)
    assert code_of(answer) == (401, "code_invalid")
    assert "button" in answer.json()["hint"]


async def test_a_login_code_is_recognised_and_costs_nothing(handed, wechat):
    answer = await handed.phone(code=wechat.login())
    assert code_of(answer) == (422, "phone_code_expected")
    assert wechat.calls(PATH) == []


async def test_a_code_of_somebody_else_is_refused(handed, wechat):
    wechat.login("xiaohong")
    answer = await handed.phone(code=wechat.phone_number("xiaohong")["code"])
    assert code_of(answer) == (401, "code_invalid")
    user = (await handed.stack.signed_in())["user"]["id"]
    assert await handed.stack.store.users.phone(user) is None


async def test_a_code_of_another_app_is_refused(handed, wechat):
    wechat.add_app("wx00000000000000f6", slug="other-mp", kind="miniprogram")
    wechat.login(app="other-mp")
    answer = await handed.phone(code=wechat.phone_number(app="other-mp")["code"])
    assert code_of(answer) == (401, "code_invalid")


async def test_an_unknown_refusal_of_wechat_is_the_callers_and_not_a_fault_of_the_server(handed, wechat):
    wechat.fail(PATH, errcode=40999, errmsg="something new")
    answer = await handed.phone(code=wechat.phone_number()["code"])
    assert code_of(answer) == (401, "code_invalid")
    assert answer.json()["wechat"]["errcode"] == 40999


async def test_a_busy_wechat_is_said_and_the_code_still_works(handed, wechat):
    code = wechat.phone_number()["code"]
    wechat.fail(PATH, errcode=-1)
    assert code_of(await handed.phone(code=code)) == (503, "wechat_busy")
    assert (await handed.phone(code=code)).status_code == 200


async def test_an_answer_with_a_foreign_watermark_is_not_stored(handed, wechat):
    info = (
        '{"errcode":0,"errmsg":"ok","phone_info":{"phoneNumber":"13800000009","purePhoneNumber":"13800000009",'
        '"countryCode":86,"watermark":{"timestamp":1637744274,"appid":"wx00000000000000b2"}}}'
    )
    wechat.fail(PATH, body=info)
    answer = await handed.phone(code=wechat.phone_number()["code"])
    assert code_of(answer) == (422, "watermark_mismatch")


async def test_a_country_code_as_a_number_is_understood(handed, wechat):
    info = (
        '{"errcode":0,"errmsg":"ok","phone_info":{"phoneNumber":"+4915100000001","purePhoneNumber":"15100000001",'
        '"countryCode":49,"watermark":{"timestamp":1637744274,"appid":"wx00000000000000a1"}}}'
    )
    wechat.fail(PATH, body=info)
    answer = await handed.phone(code=wechat.phone_number()["code"])
    assert answer.json() == {
        "phone_number": "+4915100000001",
        "pure_phone_number": "15100000001",
        "country_code": "49",
    }


async def test_the_old_way_is_closed_unless_the_operator_opens_it(handed, wechat):
    given = encrypted_part(wechat.phone_number(era="before"))
    answer = await handed.phone(**given)
    assert code_of(answer) == (422, "phone_code_expected")
    rooms = handed.stack.running.server.rooms
    await rooms.apps.change_settings("demo-mp", {"phone_by_encrypted_data": "true"}, by=TESTER)
    await rooms.directory.reload()
    answer = await handed.phone(**given)
    assert answer.status_code == 200, answer.text
    assert answer.json()["country_code"] == "86"


async def test_the_old_way_is_not_open_by_the_side_door(handed, wechat):
    answer = await handed.decrypt(wechat.phone_number(era="before"))
    assert code_of(answer) == (422, "phone_code_expected")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": "x", "encryptedData": "AAAA", "iv": "AAAA"},
        {"encryptedData": "AAAA"},
        {"code": "x", "iv": "AAAA"},
        {"code": ""},
        {"code": "x", "openid": "oSomebody"},
    ],
)
async def test_another_shape_is_refused(handed, body):
    assert code_of(await handed.phone(**body)) == (422, "invalid_request")


async def test_encrypted_data_that_is_no_phone_number_is_refused(handed, wechat):
    rooms = handed.stack.running.server.rooms
    await rooms.apps.change_settings("demo-mp", {"phone_by_encrypted_data": "true"}, by=TESTER)
    await rooms.directory.reload()
    answer = await handed.phone(**encrypted_part(wechat.user_info()))
    assert code_of(answer) == (422, "decrypt_failed")


async def test_a_user_has_a_daily_budget_that_returns_at_midnight_in_shanghai(handed, wechat):
    for _ in range(5):
        assert (await handed.phone(code=wechat.phone_number()["code"])).status_code == 200
    spent = await handed.phone(code=wechat.phone_number()["code"])
    assert code_of(spent) == (429, "rate_limited")
    assert len(wechat.calls(PATH)) == 5
    until_midnight = int(spent.headers["retry-after"])
    assert until_midnight == 16 * 3600  # it is midnight in UTC
    wechat.advance(until_midnight)
    await handed.stack.later(until_midnight)
    later = Handed(handed.stack, (await handed.stack.signed_in())["access_token"])
    assert (await later.phone(code=wechat.phone_number()["code"])).status_code == 200


async def test_one_persons_budget_is_not_anothers(handed, wechat):
    for _ in range(6):
        await handed.phone(code=wechat.phone_number()["code"])
    other = Handed(handed.stack, (await handed.stack.signed_in("xiaohong"))["access_token"])
    assert (await other.phone(code=wechat.phone_number("xiaohong")["code"])).status_code == 200


async def test_two_people_with_one_number_stay_two_people(handed, wechat):
    wechat.add_person(
        id="twin", nickname="Twin", phone=next(p["phone"] for p in wechat.people if p["id"] == "xiaoming")
    )
    first = await handed.stack.signed_in()
    second = await handed.stack.signed_in("twin")
    twin = Handed(handed.stack, second["access_token"])
    one = await handed.phone(code=wechat.phone_number()["code"])
    two = await twin.phone(code=wechat.phone_number("twin")["code"])
    assert one.json() == two.json()
    assert first["user"]["id"] != second["user"]["id"]
    assert (await handed.stack.signed_in("twin"))["user"]["id"] == second["user"]["id"]
