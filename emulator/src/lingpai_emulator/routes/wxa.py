"""What `/wxa/*` answers: the session_key's validity and reset, and phone numbers."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from lingpai_emulator import crypto
from lingpai_emulator.answers import Answer, denied, succeeded
from lingpai_emulator.apps import App
from lingpai_emulator.bearing import bearer
from lingpai_emulator.bodies import json_object
from lingpai_emulator.calls import Call
from lingpai_emulator.payments import Payment
from lingpai_emulator.phone_codes import PhoneCode
from lingpai_emulator.phone_numbers import phone_info
from lingpai_emulator.sessions import Session
from lingpai_emulator.world import Refusal, World

_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")
_OK: Final[dict[str, object]] = {"errcode": 0, "errmsg": "ok"}


def checksession(world: World, call: Call) -> Answer:
    """`GET /wxa/checksession` (page api_checksessionkey): renews and rotates nothing."""
    app = bearer(world, call)
    session = (
        app if isinstance(app, Refusal) else _signed(world, app, call, world.switches.stale_session_errcode)
    )
    if isinstance(session, Refusal):
        return denied(world, call.path, session)
    return succeeded(
        world, call.path, _OK, f"session_key number {session.generation} of {session.person} is valid"
    )


def resetusersessionkey(world: World, call: Call) -> Answer:
    """`GET /wxa/resetusersessionkey` (page api_resetusersessionkey): the new key keeps the old one's end."""
    app = bearer(world, call)
    session = app if isinstance(app, Refusal) else _signed(world, app, call, 87007)
    if isinstance(session, Refusal):
        return denied(world, call.path, session)
    now = world.clock.now()
    if world.resets.used_up(session.appid, session.person, now, world.switches.reset_quota):
        often = f"{session.person} had {world.switches.reset_quota} resets this minute"
        return denied(world, call.path, Refusal(45011, often))
    fresh = world.sessions.reset(session, now, world.switches)
    openid = world.openid(world.apps.named(session.appid), world.people.named(session.person))
    fields: dict[str, object] = {**_OK, "openid": openid, "session_key": fresh.session_key}
    return succeeded(
        world, call.path, fields, f"{session.person} has session_key number {fresh.generation} now"
    )


def getuserphonenumber(world: World, call: Call) -> Answer:
    """`POST /wxa/business/getuserphonenumber` (page api_getphonenumber)."""
    app = bearer(world, call)
    if isinstance(app, Refusal):
        return denied(world, call.path, app)
    body = json_object(call)
    if isinstance(body, Refusal):
        return denied(world, call.path, body)
    record = _phone_code(world, app, body)
    if isinstance(record, Refusal):
        return denied(world, call.path, record)
    record.used_at = world.clock.now()
    info: dict[str, object] = {**phone_info(record.phone)}
    if world.switches.country_code == "number":
        info["countryCode"] = int(str(info["countryCode"]))
    info["watermark"] = {"timestamp": int(record.minted_at), "appid": app.appid}
    fields: dict[str, object] = {**_OK, "phone_info": info}
    return succeeded(world, call.path, fields, f"the number of {record.person}, for {app.slug}")


def checkencryptedmsg(world: World, call: Call) -> Answer:
    """`POST /wxa/business/checkencryptedmsg` (page api_checkencryptedmsg); `vaild` is WeChat's spelling."""
    app = bearer(world, call)
    if isinstance(app, Refusal):
        return denied(world, call.path, app)
    body = json_object(call)
    if isinstance(body, Refusal):
        return denied(world, call.path, body)
    digest = body.get("encrypted_msg_hash")
    if not isinstance(digest, str) or not _SHA256.match(digest):
        why = "encrypted_msg_hash must be the sha256 of an encryptedData in 64 lower-case hex digits"
        return denied(world, call.path, Refusal(40097, why))
    message = world.encrypted.find(app.appid, digest, world.clock.now(), world.switches.encrypted_hash)
    if message is None:
        why = f"no phone number was encrypted for {app.appid} with this hash in the last three days"
        return denied(world, call.path, Refusal(1, why))
    fields: dict[str, object] = {**_OK, "vaild": True, "create_time": int(message.made_at)}
    return succeeded(world, call.path, fields, f"encrypted for {app.slug}")


def getpaidunionid(world: World, call: Call) -> Answer:
    """`GET /wxa/getpaidunionid` (page api_getpaidunionid): within five minutes of a payment."""
    app = bearer(world, call)
    if isinstance(app, Refusal):
        return denied(world, call.path, app)
    params = _parameters(call)
    openid = params.get("openid")
    person = world.person_with(app, openid) if isinstance(openid, str) else None
    if person is None:
        return denied(world, call.path, Refusal(40003, f"nobody has this openid in {app.appid}"))
    unionid = world.unionid(app, person)
    if unionid is None:
        return denied(world, call.path, Refusal(89002, f"{app.slug} is not bound to an open platform"))
    payments = world.payments.recent(app.appid, person.id, world.clock.now())
    if not any(_names(payment, params) for payment in payments):
        why = f"{person.id} paid nothing of these numbers in {app.slug} in the last five minutes"
        return denied(world, call.path, Refusal(89300, why))
    return succeeded(world, call.path, {"unionid": unionid, **_OK}, f"{person.id} paid in {app.slug}")


def _names(payment: Payment, params: Mapping[str, object]) -> bool:
    """Whether the numbers given are this payment's; without any, the latest payment will do."""
    transaction = params.get("transaction_id")
    if transaction:
        return transaction == payment.transaction_id
    given = (params.get("mch_id"), params.get("out_trade_no"))
    return not any(given) or given == (payment.mch_id, payment.out_trade_no)


def _signed(world: World, app: App, call: Call, stale: int) -> Session | Refusal:
    """The living session whose key signed the call. Checks 40097, 40003, 87008, then session and signature."""
    params = _parameters(call)
    openid, signature = params.get("openid"), params.get("signature")
    if not isinstance(openid, str) or not isinstance(signature, str) or not openid or not signature:
        return Refusal(40097, "openid, signature and sig_method belong in the query string")
    person = world.person_with(app, openid)
    if person is None:
        return Refusal(40003, f"nobody has this openid in {app.appid}")
    if params.get("sig_method") != "hmac_sha256":
        return Refusal(87008, "sig_method must be hmac_sha256")
    session = world.session(app, person)
    if session is None:
        return Refusal(stale, f"{person.id} has no living session_key in {app.slug}")
    if signature != crypto.session_signature(session.session_key):
        why = f"this is not the empty message signed with the session_key of {person.id}, as base64 text"
        return Refusal(87009, why)
    return session


def _parameters(call: Call) -> Mapping[str, object]:
    """The query string, and a JSON body beside it: the page lists a body, its example has none."""
    if call.method == "POST" and call.body and not call.is_form:
        body = json_object(call)
        return call.params() if isinstance(body, Refusal) else {**body, **call.params()}
    return call.params()


def _phone_code(world: World, app: App, body: dict[str, object]) -> PhoneCode | Refusal:
    """The code, if it may be exchanged: 40029, 40013, then whether the openid fits."""
    code, openid, now = body.get("code"), body.get("openid"), world.clock.now()
    record = world.phone_codes.find(code) if isinstance(code, str) else None
    if record is None:
        login = isinstance(code, str) and world.codes.find(code) is not None
        why = "a code of wx.login" if login else "a code that no phone-number button gave out"
        return _invalid_code(world, f"this is {why}")
    if record.appid != app.appid:
        return Refusal(40013, f"this code was given out in {record.appid}, not in {app.appid}")
    if record.used_at is not None:
        return _invalid_code(world, f"this code was exchanged {now - record.used_at:.0f} s ago")
    age, life = now - record.minted_at, world.switches.phone_code_life
    if age >= life:
        return _invalid_code(world, f"this code is {age:.0f} s old; codes live {life:.0f} s")
    owner = world.people.named(record.person)
    if openid is not None and openid != world.openid(app, owner):
        return Refusal(world.switches.phone_openid_errcode, "code and openid are of two different people")
    return record


def _invalid_code(world: World, why: str) -> Refusal:
    """Here 40029 has a hint of its own before the rid."""
    return Refusal(40029, why, f"invalid code hint: [{world.chance.hint()}]")


ROUTES: Final[dict[str, Callable[[World, Call], Answer]]] = {
    "/wxa/checksession": checksession,
    "/wxa/resetusersessionkey": resetusersessionkey,
    "/wxa/getpaidunionid": getpaidunionid,
    "/wxa/business/getuserphonenumber": getuserphonenumber,
    "/wxa/business/checkencryptedmsg": checkencryptedmsg,
}
