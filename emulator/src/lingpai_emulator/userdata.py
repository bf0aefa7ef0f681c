"""What the JS APIs give a mini program about a person: profile, phone number, group, steps.

Sources: pages wx.getUserInfo, wx.getUserProfile, getPhoneNumber, wx.getGroupEnterInfo, wx.getWeRunData.
"""

import base64
import hashlib
from typing import Final, Literal

import msgspec

from lingpai_emulator import crypto, eras
from lingpai_emulator.apps import App, AppChange
from lingpai_emulator.people import Person
from lingpai_emulator.phone_numbers import phone_info
from lingpai_emulator.world import World

NO_PAID_QUOTA: Final = 1400001
_ANONYMOUS: Final = {
    "nickName": "微信用户",
    "gender": 0,
    "language": "",
    "city": "",
    "province": "",
    "country": "",
    "avatarUrl": "https://thirdwx.qlogo.cn/mmopen/vi_32/"
    "POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/132",
    "is_demote": True,
}
_BEIJING: Final = 8 * 3600
_DAY: Final = 86_400
_DAYS_OF_STEPS: Final = 31

Outcome = dict[str, object]
ProfileApi = Literal["getUserInfo", "getUserProfile"]


def profile(world: World, app: App, person: Person, api: ProfileApi, era: str | None) -> Outcome:
    """userInfo, rawData, signature, encryptedData, iv, errMsg. Raises MistakeError."""
    day = eras.published(api, era)
    session = world.session(app, person)
    if session is None:
        return no_session(api)
    told = _user_info(person, day) if eras.unchanged(api, day) else dict(_ANONYMOUS)
    raw_data = msgspec.json.encode(told).decode()
    data = told
    if api == "getUserInfo":
        data = {"openId": world.openid(app, person), **told}
        unionid = world.unionid(app, person)
        if unionid is not None:
            data["unionId"] = unionid
    return {
        "errMsg": f"{api}:ok",
        "userInfo": told,
        "rawData": raw_data,
        "signature": crypto.signature(raw_data, session.session_key),
        **sealed(world, session.session_key, marked(world, app, data)),
    }


def phone_number(world: World, app: App, person: Person, era: str | None, *, deny: bool) -> Outcome:
    """code (since the end of 2021), encryptedData, iv, errMsg. Raises MistakeError."""
    api: Final = "getPhoneNumber"
    day = eras.published(api, era)
    session = world.session(app, person)
    if not app.phone_permission:
        return {"errMsg": f"{api}:fail no permission"}
    if deny or person.phone is None:
        return {"errMsg": f"{api}:fail user deny"}
    if session is None:
        return no_session(api)
    with_code = not eras.unchanged(api, day)
    if app.phone_quota is not None and with_code:
        if app.phone_quota == 0:
            return {"errMsg": f"{api}:fail no paid quota", "errno": NO_PAID_QUOTA}
        world.apps.put(AppChange(app.appid, phone_quota=app.phone_quota - 1))
    number: dict[str, object] = {**phone_info(person.phone)}
    message = sealed(world, session.session_key, marked(world, app, number))
    world.encrypted.add(app.appid, message["encryptedData"], world.clock.now())
    outcome: Outcome = {"errMsg": f"{api}:ok", **message}
    if with_code:
        now = world.clock.now()
        world.phone_codes.forget_old(now, world.switches.phone_code_life)
        code = world.phone_codes.mint(world.chance.phone_code(), app.appid, person.id, person.phone, now)
        outcome["code"] = code.code
    return outcome


def group(world: World, app: App, person: Person, name: str) -> Outcome:
    """openGId of a group chat, one per group and app. Raises MistakeError."""
    session = world.session(app, person)
    if session is None:
        return no_session("getGroupEnterInfo")
    digest = hashlib.sha256(f"openGId\0{world.seed.seed}\0{app.appid}\0{name}".encode()).digest()
    data: dict[str, object] = {"openGId": "t" + base64.urlsafe_b64encode(digest).decode()[:27]}
    message = sealed(world, session.session_key, marked(world, app, data))
    return {"errMsg": "getGroupEnterInfo:ok", **message}


def steps(world: World, app: App, person: Person, walked: list[int] | None) -> Outcome:
    """stepInfoList of the last 31 days, today last; the last of `walked` is today. Raises MistakeError."""
    session = world.session(app, person)
    if session is None:
        return no_session("getWeRunData")
    today = int((world.clock.now() + _BEIJING) // _DAY)
    days = range(today - _DAYS_OF_STEPS + 1, today + 1)
    if walked is None:
        walked = [_steps_of(person, day) for day in days]
    counts = ([0] * _DAYS_OF_STEPS + walked)[-_DAYS_OF_STEPS:]
    midnights = [day * _DAY - _BEIJING for day in days]
    listed = [{"timestamp": at, "step": step} for at, step in zip(midnights, counts, strict=True)]
    message = sealed(world, session.session_key, marked(world, app, {"stepInfoList": listed}))
    return {"errMsg": "getWeRunData:ok", **message}


def no_session(api: str) -> Outcome:
    """What an API says that needs a living session_key and finds none."""
    return {"errMsg": f"{api}:fail session time out, need relogin"}


def marked(world: World, app: App, data: dict[str, object]) -> bytes:
    """The data with its watermark, as JSON."""
    watermark = {"timestamp": int(world.clock.now()), "appid": app.appid}
    return msgspec.json.encode({**data, "watermark": watermark})


def sealed(world: World, session_key: str, plain: bytes) -> dict[str, str]:
    """encryptedData and iv."""
    iv = world.chance.iv()
    return {
        "encryptedData": crypto.encrypted(plain, session_key, iv),
        "iv": base64.b64encode(iv).decode(),
    }


def _user_info(person: Person, day: str) -> dict[str, object]:
    region = eras.has_region(day)
    return {
        "nickName": person.nickname,
        "gender": person.gender if region else 0,
        "language": "zh_CN",
        "city": person.city if region else "",
        "province": person.province if region else "",
        "country": person.country if region else "",
        "avatarUrl": person.avatar,
    }


def _steps_of(person: Person, day: int) -> int:
    """So many steps as a person walks; the same each time somebody asks."""
    digest = hashlib.sha256(f"{person.id}/{day}".encode()).digest()
    return 2000 + int.from_bytes(digest[:2], "big") % 10_000
