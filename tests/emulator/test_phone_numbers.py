"""Do getuserphonenumber, checkencryptedmsg and getpaidunionid keep the contract of their pages?"""

import base64
import hashlib
import re

import pytest

PHONE = "/wxa/business/getuserphonenumber"
CHECK = "/wxa/business/checkencryptedmsg"
PAID = "/wxa/getpaidunionid"
MP = "wx00000000000000a1"


@pytest.fixture
def handed(wechat):
    """What the phone-number button gives xiaoming, who is logged in."""
    wechat.freeze(1_800_000_000)
    wechat.login()
    return wechat.phone_number()


def _openid(wechat, person):
    known = {each["id"]: each["identities"][0]["openid"] for each in wechat.people}
    return known[person]


def test_a_code_is_exchanged_for_the_number(handed, call):
    answer = call(PHONE, {"code": handed["code"]})
    assert answer.body == (
        b'{"errcode":0,"errmsg":"ok","phone_info":{"phoneNumber":"13800000001","purePhoneNumber":"13800000001",'
        b'"countryCode":"86","watermark":{"timestamp":1800000000,"appid":"wx00000000000000a1"}}}'
    )


def test_the_country_code_can_be_a_number(wechat, handed, call):
    wechat.switch(country_code="number")
    assert call(PHONE, {"code": handed["code"]}).json["phone_info"]["countryCode"] == 86


def test_the_number_is_the_one_of_the_tap(wechat, handed, call):
    wechat.add_person(id="xiaoming", phone="13800000009")
    assert call(PHONE, {"code": handed["code"]}).json["phone_info"]["phoneNumber"] == "13800000001"


def test_the_watermark_is_of_the_tap(wechat, handed, call):
    wechat.advance(60)
    told = call(PHONE, {"code": handed["code"]}).json["phone_info"]
    assert told["watermark"]["timestamp"] == 1_800_000_000


def test_a_code_works_once(handed, call):
    assert call(PHONE, {"code": handed["code"]}).errcode == 0
    again = call(PHONE, {"code": handed["code"]})
    hinted = r"invalid code hint: \[[0-9A-Za-z]{9}-[0-9A-Za-z]{6}\] rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}"
    assert again.errcode == 40029
    assert re.fullmatch(hinted, again.json["errmsg"])


def test_a_code_lives_five_minutes(wechat, handed, call):
    younger = wechat.phone_number()["code"]
    wechat.advance(299)
    assert call(PHONE, {"code": younger}).errcode == 0
    wechat.advance(1)
    assert call(PHONE, {"code": handed["code"]}).errcode == 40029


def test_a_code_can_live_longer(wechat, handed, call):
    wechat.switch(phone_code_life=7200)
    wechat.advance(7000)
    wechat.phone_number()
    assert call(PHONE, {"code": handed["code"]}).errcode == 0


def test_a_code_of_another_app_is_answered_40013_and_stays_good(wechat, handed, call):
    wechat.add_app("wx00000000000000d4", slug="other")
    assert call(PHONE, {"code": handed["code"]}, by="other").errcode == 40013
    assert call(PHONE, {"code": handed["code"]}).errcode == 0


def test_a_code_of_wx_login_is_no_phone_code_and_says_so_in_the_hint(wechat, handed, call):
    answer = call(PHONE, {"code": wechat.login()})
    assert answer.errcode == 40029
    assert answer.headers["x-emulator-hint"] == "this is a code of wx.login"


def test_a_phone_code_is_no_login_code(handed, exchange):
    assert exchange(handed["code"]).errcode == 40029


def test_an_openid_that_is_sent_along_must_fit(wechat, handed, call):
    code = handed["code"]
    assert call(PHONE, {"code": code, "openid": _openid(wechat, "sam")}).errcode == 40003
    wechat.switch(phone_openid_errcode=40097)
    assert call(PHONE, {"code": code, "openid": 7}).errcode == 40097
    assert call(PHONE, {"code": code, "openid": _openid(wechat, "xiaoming")}).errcode == 0


@pytest.mark.parametrize("path", [PHONE, CHECK])
def test_bad_bodies_are_answered_by_errcode(call, fetch_stable, path):
    token = fetch_stable().json["access_token"]
    assert call(path, token=token).errcode == 43002
    assert call(path, b"", token=token).errcode == 44002
    for body in (b"{", b"[]", b"code=1", b"\xff"):
        assert call(path, body, token=token).errcode == 47001


@pytest.mark.parametrize("code", [None, "", 7, "0" * 64, {"a": 1}])
def test_a_missing_or_odd_code_is_answered_40029(call, code):
    assert call(PHONE, {} if code is None else {"code": code}).errcode == 40029


def test_the_state_tells_what_became_of_each_phone_code(wechat, handed, call):
    wechat.advance(200)
    used, live = wechat.phone_number()["code"], wechat.phone_number()["code"]
    call(PHONE, {"code": used})
    wechat.advance(100)
    assert [(each["code"], each["state"], each["age"]) for each in wechat.state()["phone_codes"]] == [
        (handed["code"], "expired", 300),
        (used, "used", 100),
        (live, "live", 100),
    ]


def test_phone_codes_are_forgotten_after_an_hour(wechat, handed):
    wechat.advance(3601)
    wechat.phone_number()
    assert len(wechat.state()["phone_codes"]) == 1


def _hash(handed, *, of_bytes=False):
    data = handed["encryptedData"].encode()
    return {"encrypted_msg_hash": hashlib.sha256(base64.b64decode(data) if of_bytes else data).hexdigest()}


def test_encrypted_phone_data_is_known_for_three_days(wechat, handed, call):
    wechat.advance(3 * 86_400)
    assert call(CHECK, _hash(handed)).body == (
        b'{"errcode":0,"errmsg":"ok","vaild":true,"create_time":1800000000}'
    )
    wechat.advance(1)
    answer = call(CHECK, _hash(handed))
    assert (answer.errcode, answer.json["errmsg"][:14]) == (1, "data not exit ")


def test_only_the_apps_own_phone_data_is_known(wechat, handed, call):
    wechat.add_app("wx00000000000000d4", slug="other")
    assert call(CHECK, _hash(handed), by="other").errcode == 1
    assert call(CHECK, _hash(wechat.user_info())).errcode == 1
    assert call(CHECK, _hash(wechat.encrypt({"phoneNumber": "13800000001"}))).errcode == 1


def test_which_hash_is_known_can_be_set(wechat, handed, call):
    known = {}
    for hashed in ("either", "text", "bytes"):
        wechat.switch(encrypted_hash=hashed)
        known[hashed] = [call(CHECK, _hash(handed, of_bytes=of_bytes)).errcode for of_bytes in (False, True)]
    assert known == {"either": [0, 0], "text": [0, 1], "bytes": [1, 0]}


@pytest.mark.parametrize("digest", [None, "", "x", "A" * 64, "0" * 63, 5])
def test_what_is_no_hash_is_answered_40097(call, digest):
    assert call(CHECK, {} if digest is None else {"encrypted_msg_hash": digest}).errcode == 40097


def test_a_payment_opens_the_unionid_for_five_minutes(wechat, exchange, call):
    wechat.freeze()
    session = exchange(wechat.login()).json
    assert call(PAID, openid=session["openid"]).errcode == 89300
    paid = wechat.pay()
    wechat.advance(300)
    told = call(PAID, openid=session["openid"], transaction_id=paid["transaction_id"]).json
    assert told == {"unionid": session["unionid"], "errcode": 0, "errmsg": "ok"}
    wechat.advance(1)
    assert call(PAID, openid=session["openid"], transaction_id=paid["transaction_id"]).errcode == 89300


def test_a_payment_is_known_by_its_own_numbers_alone(wechat, call):
    openid = _openid(wechat, "xiaoming")
    paid = wechat.pay(mch_id="1900000109", out_trade_no="order-1")
    wechat.pay("sam")
    good = {"mch_id": "1900000109", "out_trade_no": "order-1"}
    assert call(PAID, openid=openid, **good).errcode == 0
    assert call(PAID, openid=openid).errcode == 0
    assert call(PAID, openid=openid, mch_id="1900000109").errcode == 89300
    assert call(PAID, openid=openid, mch_id="1900000109", out_trade_no="order-2").errcode == 89300
    assert call(PAID, openid=openid, transaction_id=paid["transaction_id"] + "1").errcode == 89300
    assert call(PAID, openid=_openid(wechat, "xiaohong"), **good).errcode == 89300


def test_without_an_open_platform_there_is_no_paid_unionid(wechat, call):
    openid = _openid(wechat, "xiaoming")
    wechat.pay()
    assert call(PAID, openid="o" + "x" * 27).errcode == 40003
    assert call(PAID).errcode == 40003
    wechat.set_app(open_platform=None)
    assert call(PAID, openid=openid).errcode == 89002
