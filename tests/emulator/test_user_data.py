"""Does the phone hand over what the JS APIs hand over, encrypted with the person's current session_key?"""

import base64
import hashlib
import json
import re
from urllib.request import urlopen

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from lingpai_emulator.client import EmulatorError

MP = "wx00000000000000a1"
ANONYMOUS = {
    "nickName": "微信用户",
    "gender": 0,
    "language": "",
    "city": "",
    "province": "",
    "country": "",
    "avatarUrl": "https://thirdwx.qlogo.cn/mmopen/vi_32/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibc"
    "Pq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/132",
    "is_demote": True,
}


def _decrypted(session_key, message):
    """What a server makes of it, by the steps of the page: base64, AES-128-CBC, PKCS#7, JSON."""
    key, iv, data = (
        base64.b64decode(text) for text in (session_key, message["iv"], message["encryptedData"])
    )
    decryptor = Cipher(AES(key), CBC(iv)).decryptor()
    padded = decryptor.update(data) + decryptor.finalize()
    assert padded.endswith(bytes([padded[-1]]) * padded[-1])
    return padded[: -padded[-1]]


@pytest.fixture
def log_in(wechat, exchange):
    """What jscode2session gives a person who logs in now."""

    def logging_in(person="xiaoming"):
        return exchange(wechat.login(person)).json

    return logging_in


def test_get_user_profile_is_anonymous_today(wechat, log_in):
    wechat.freeze(1_800_000_000)
    key = log_in()["session_key"]
    told = wechat.user_profile()
    assert set(told) == {"errMsg", "userInfo", "rawData", "signature", "encryptedData", "iv"}
    assert told["errMsg"] == "getUserProfile:ok"
    assert told["userInfo"] == ANONYMOUS
    assert json.loads(told["rawData"]) == ANONYMOUS
    assert json.loads(_decrypted(key, told)) == {
        **ANONYMOUS,
        "watermark": {"timestamp": 1_800_000_000, "appid": MP},
    }


def test_get_user_info_is_anonymous_too_but_names_openid_and_unionid(wechat, log_in):
    session = log_in()
    told = wechat.user_info()
    assert told["errMsg"] == "getUserInfo:ok"
    assert told["userInfo"] == ANONYMOUS
    data = json.loads(_decrypted(session["session_key"], told))
    assert (data["openId"], data["unionId"]) == (session["openid"], session["unionid"])
    assert data["nickName"] == "微信用户"


def test_the_signature_is_of_the_very_raw_data_and_the_base64_text_of_the_key(wechat, log_in):
    key = log_in()["session_key"]
    for told in (wechat.user_profile(), wechat.user_info(), wechat.user_info(era="real")):
        assert told["signature"] == hashlib.sha1((told["rawData"] + key).encode()).hexdigest()
        assert " " not in told["rawData"].replace("微信用户", "")


def test_a_real_profile_has_the_name_and_the_avatar(wechat, log_in):
    key = log_in()["session_key"]
    person = wechat.people[0]
    told = wechat.user_profile(era="real")
    picture = told["userInfo"]["avatarUrl"]
    assert picture.startswith(f"{wechat.url}/mmopen/vi_32/")
    with urlopen(picture) as answer:
        assert answer.read() == base64.b64decode(person["avatar"].partition(",")[2])
    assert told["userInfo"] == {
        "nickName": "小明",
        "gender": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "avatarUrl": picture,
    }
    data = json.loads(_decrypted(key, told))
    assert data["watermark"]["appid"] == MP
    assert not {"openId", "unionId"} & set(data)


@pytest.mark.parametrize(
    ("api", "era", "real", "region"),
    [
        ("user_info", "2019", True, True),
        ("user_info", "2021-04", True, True),
        ("user_info", "2021-04-28", True, True),
        ("user_info", "2021-04-29", False, None),
        ("user_info", "2021-05", False, None),
        ("user_info", "before", True, True),
        ("user_info", "real", True, True),
        ("user_info", "after", False, None),
        ("user_info", "anonymous", False, None),
        ("user_info", None, False, None),
        ("user_profile", "2021-04-29", True, True),
        ("user_profile", "2021-10-20", True, True),
        ("user_profile", "2021-10-21", True, False),
        ("user_profile", "2022-11", True, False),
        ("user_profile", "2022-11-08", True, False),
        ("user_profile", "2022-11-09", False, None),
        ("user_profile", "2022-12", False, None),
        ("user_profile", "2026", False, None),
        ("user_profile", "real", True, False),
        ("user_profile", "anonymous", False, None),
    ],
)
def test_what_is_told_depends_on_the_day_a_version_was_published(wechat, api, era, real, region):
    wechat.login()
    info = getattr(wechat, api)(era=era)["userInfo"]
    assert (info["nickName"] == "小明") is real
    if real:
        assert (info["gender"] == 1) is region
        assert (info["city"] == "Guangzhou") is region


@pytest.mark.parametrize(
    "era", ["yesterday", "2021-4", "21-04", "", "2021-04-28T00:00", "2021-13", "2021-02-30", "20210428"]
)
def test_an_era_nobody_knows_is_a_sentence(wechat, control, era):
    wechat.login()
    for api in ("getUserProfile", "getUserInfo", "getPhoneNumber"):
        answer = control("POST", f"/wx/{api}", {"appid": MP, "person": "sam", "era": era})
        assert answer.status == 400
        assert "such as 2021-04-28" in answer.json["error"]


def test_an_unbound_app_gets_no_union_id(wechat, log_in):
    wechat.set_app(open_platform=None)
    key = log_in()["session_key"]
    assert "unionId" not in json.loads(_decrypted(key, wechat.user_info()))


def test_the_phone_button_gives_a_code_and_the_encrypted_number(wechat, log_in):
    wechat.freeze(1_800_000_000)
    key = log_in()["session_key"]
    told = wechat.phone_number()
    assert set(told) == {"errMsg", "code", "encryptedData", "iv"}
    assert told["errMsg"] == "getPhoneNumber:ok"
    assert re.fullmatch(r"[0-9a-f]{64}", told["code"])
    assert json.loads(_decrypted(key, told)) == {
        "phoneNumber": "13800000001",
        "purePhoneNumber": "13800000001",
        "countryCode": "86",
        "watermark": {"timestamp": 1_800_000_000, "appid": MP},
    }


def test_the_phone_button_of_before_gives_no_code(wechat, log_in):
    log_in()
    for era, has_code in (
        ("before", False),
        ("2021-12-26", False),
        ("2021-12-27", True),
        ("after", True),
        ("real", True),
        ("anonymous", True),
    ):
        assert ("code" in wechat.phone_number(era=era)) is has_code


@pytest.mark.parametrize(
    ("phone", "told"),
    [
        ("13800000001", ["13800000001", "13800000001", "86"]),
        ("+8613800000001", ["13800000001", "13800000001", "86"]),
        ("+12025550100", ["+12025550100", "2025550100", "1"]),
        ("+79000000000", ["+79000000000", "9000000000", "7"]),
        ("+447700900000", ["+447700900000", "7700900000", "44"]),
        ("+85290000000", ["+85290000000", "90000000", "852"]),
        ("+3530850000000", ["+3530850000000", "0850000000", "353"]),
        ("+99890000000", ["+99890000000", "90000000", "998"]),
    ],
)
def test_only_a_foreign_number_carries_its_country(wechat, log_in, phone, told):
    wechat.add_person(id="xiaoming", phone=phone)
    data = json.loads(_decrypted(log_in()["session_key"], wechat.phone_number()))
    assert [data["phoneNumber"], data["purePhoneNumber"], data["countryCode"]] == told


def test_a_person_may_refuse(wechat, log_in):
    log_in()
    assert wechat.user_profile(deny=True) == {"errMsg": "getUserProfile:fail auth deny"}
    assert wechat.user_info(deny=True) == {"errMsg": "getUserInfo:fail auth deny"}
    assert wechat.phone_number(deny=True) == {"errMsg": "getPhoneNumber:fail user deny"}


def test_a_person_without_a_number_can_only_refuse(wechat, log_in):
    wechat.add_person(id="xiaoming", phone=None)
    log_in()
    assert wechat.phone_number() == {"errMsg": "getPhoneNumber:fail user deny"}


def test_without_a_living_session_nothing_is_handed_over(wechat):
    for expire in (False, True):
        if expire:
            wechat.login()
            wechat.expire()
        for api, told in (
            ("getUserProfile", wechat.user_profile()),
            ("getUserInfo", wechat.user_info(era="real")),
            ("getPhoneNumber", wechat.phone_number()),
            ("getGroupEnterInfo", wechat.group_enter_info()),
            ("getWeRunData", wechat.we_run_data()),
        ):
            assert told == {"errMsg": f"{api}:fail session time out, need relogin"}
        with pytest.raises(EmulatorError, match="log in first"):
            wechat.encrypt({})


def test_an_app_without_permission_or_paid_calls_gets_no_number(wechat, log_in):
    log_in()
    wechat.set_app(phone_permission=False)
    assert wechat.phone_number() == {"errMsg": "getPhoneNumber:fail no permission"}
    wechat.set_app(phone_permission=True, phone_quota=1)
    assert "code" in wechat.phone_number()
    assert wechat.app("demo-mp").phone_quota == 0
    told = wechat.phone_number()
    assert told["errno"] == 1400001
    assert told["errMsg"].startswith("getPhoneNumber:fail ")
    assert wechat.phone_number(era="before")["errMsg"] == "getPhoneNumber:ok"
    wechat.set_app(phone_quota=None)
    assert "code" in wechat.phone_number()


def test_refusing_costs_nothing(wechat, log_in):
    log_in()
    wechat.set_app(phone_quota=1)
    wechat.phone_number(deny=True)
    assert wechat.app("demo-mp").phone_quota == 1


def test_data_is_encrypted_with_the_key_of_this_moment(wechat, log_in):
    old = log_in()["session_key"]
    before = wechat.user_info()
    wechat.prefetch()
    after = wechat.user_info()
    new = log_in()["session_key"]
    assert new != old
    assert _decrypted(old, before).startswith(b'{"openId"')
    assert _decrypted(new, after).startswith(b'{"openId"')


def test_no_iv_comes_twice(wechat, log_in):
    log_in()
    assert len({wechat.user_info()["iv"] for _ in range(20)}) == 20


def test_handing_over_prolongs_nothing(wechat, log_in):
    wechat.freeze()
    log_in()
    wechat.advance(2 * 86_400)
    wechat.user_info()
    wechat.phone_number()
    wechat.advance(86_400)
    assert not wechat.check_session()


def test_a_group_has_one_id_in_an_app_whoever_asks(wechat, log_in):
    def group(person, name):
        key = log_in(person)["session_key"]
        return json.loads(_decrypted(key, wechat.group_enter_info(person, group=name)))

    first = group("xiaoming", "family")
    assert list(first) == ["openGId", "watermark"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{28}", first["openGId"])
    assert group("sam", "family")["openGId"] == first["openGId"]
    assert group("sam", "work")["openGId"] != first["openGId"]


def test_we_run_data_has_the_steps_of_31_days(wechat, log_in):
    wechat.freeze(1_800_000_000)
    key = log_in()["session_key"]
    told = wechat.we_run_data(steps=[1000, 2000])
    assert told["errMsg"] == "getWeRunData:ok"
    listed = json.loads(_decrypted(key, told))["stepInfoList"]
    assert len(listed) == 31
    assert [day["step"] for day in listed[-3:]] == [0, 1000, 2000]
    midnight = 1_800_000_000 - 16 * 3600  # it is 16:00 in Beijing
    assert [day["timestamp"] for day in listed[-2:]] == [midnight - 86_400, midnight]
    made_up = json.loads(_decrypted(key, wechat.we_run_data()))["stepInfoList"]
    assert all(day["step"] > 0 for day in made_up)
    assert made_up == json.loads(_decrypted(key, wechat.we_run_data()))["stepInfoList"]


def test_a_person_may_refuse_group_and_steps_too(control):
    for api in ("getGroupEnterInfo", "getWeRunData"):
        told = control("POST", f"/wx/{api}", {"appid": MP, "person": "sam", "deny": True}).json
        assert told == {"errMsg": f"{api}:fail auth deny"}


def test_a_forgery_has_whatever_fields_and_watermark_it_was_given(wechat, log_in):
    wechat.freeze(1_800_000_000)
    key = log_in()["session_key"]

    def forged(data, **changed):
        return _decrypted(key, wechat.encrypt(data, **changed))

    mark = {"timestamp": 1_800_000_000, "appid": MP}
    assert json.loads(forged({"openId": "other"})) == {"openId": "other", "watermark": mark}
    old = json.loads(forged({}, watermark_age=301, watermark_appid="wxffffffffffffffff"))["watermark"]
    assert old == {"timestamp": 1_799_999_699, "appid": "wxffffffffffffffff"}
    assert json.loads(forged({}, watermark_age=-60))["watermark"]["timestamp"] == 1_800_000_060
    assert json.loads(forged({"a": 1}, watermark=False)) == {"a": 1}
    assert forged("no { json") == b"no { json"
    assert forged("") == b""


def test_a_forgery_can_be_signed(wechat, log_in):
    key = log_in()["session_key"]
    made = wechat.encrypt({"nickName": "a"}, rawData='{"nickName":"b"}')
    assert made["rawData"] == '{"nickName":"b"}'
    assert made["signature"] == hashlib.sha1(('{"nickName":"b"}' + key).encode()).hexdigest()
    assert set(wechat.encrypt({})) == {"encryptedData", "iv"}


@pytest.mark.parametrize(
    "api",
    [
        "getUserProfile",
        "getUserInfo",
        "getPhoneNumber",
        "getGroupEnterInfo",
        "getWeRunData",
        "encrypt",
        "requestPayment",
    ],
)
def test_mistakes_about_people_and_apps_are_sentences(control, api):
    data: dict[str, object] = {"data": {}} if api == "encrypt" else {}
    for value, status, sentence in (
        ({"appid": MP, "person": "nobody"}, 404, "xiaoming, xiaohong, sam"),
        ({"appid": "nothing", "person": "sam"}, 404, "demo-mp"),
        ({"appid": "demo-oa", "person": "sam"}, 400, "mini programs only"),
        ({"appid": MP, "person": "sam", "erra": 1}, 400, "erra"),
        ({"appid": MP}, 400, "person"),
    ):
        answer = control("POST", f"/wx/{api}", {**value, **data})
        assert (answer.status, sentence in answer.json["error"]) == (status, True), answer.json


def test_the_same_seed_gives_the_same_data(wechat):
    def run():
        wechat.reset(seed=7)
        wechat.freeze(1_800_000_000)
        wechat.login()
        return [wechat.user_info(), wechat.phone_number(), wechat.we_run_data(), wechat.pay()]

    assert run() == run()


def test_avatars_and_names_with_any_signs_survive(wechat, log_in):
    wechat.add_person(id="xiaoming", nickname='a"\\/\u2028<>🌚\x01', avatar="https://example.org/ü?a=1&b=2")
    key = log_in()["session_key"]
    told = wechat.user_profile(era="real")
    assert told["userInfo"]["nickName"] == 'a"\\/\u2028<>🌚\x01'
    assert json.loads(_decrypted(key, told))["avatarUrl"] == "https://example.org/ü?a=1&b=2"
    assert told["signature"] == hashlib.sha1((told["rawData"] + key).encode()).hexdigest()
