"""What `/sns/*` answers: the exchange of a wx.login code."""

import hmac
from collections.abc import Callable
from typing import Final

from lingpai_emulator.answers import Answer, refused, succeeded
from lingpai_emulator.calls import Call, Params
from lingpai_emulator.routes.slips import why_missing, why_unknown_app, why_wrong_secret
from lingpai_emulator.world import Refusal, World


def jscode2session(world: World, call: Call) -> Answer:
    """`GET /sns/jscode2session` (page api_code2session).

    Checks in this order: 41002, 40013, 41004, 40125, 41008, 40002, then the code itself.
    """
    params = call.params()
    appid = params.get("appid")
    if not appid:
        return refused(world, call.path, 41002, why_missing(call, params, "appid"))
    app = world.apps.find(appid)
    if app is None:
        return refused(world, call.path, 40013, why_unknown_app(appid))
    js_code = params.get("js_code", "")
    refusal = _bad_parameter(call, params, app.secret)
    if refusal is not None:
        world.burn(app, js_code)
        return refused(world, call.path, refusal.errcode, refusal.why)
    granted = world.exchange(app, js_code)
    if isinstance(granted, Refusal):
        return refused(world, call.path, granted.errcode, granted.why)
    fields: dict[str, object] = {"session_key": granted.session_key}
    if world.switches.legacy_expires_in:
        fields["expires_in"] = 7200
    fields["openid"] = granted.openid
    if granted.unionid is not None:
        fields["unionid"] = granted.unionid
    return succeeded(world, call.path, fields, granted.why)


def _bad_parameter(call: Call, params: Params, secret: str) -> Refusal | None:
    given = params.get("secret")
    if not given:
        return Refusal(41004, why_missing(call, params, "secret"))
    if not hmac.compare_digest(given.encode(), secret.encode()):
        return Refusal(40125, why_wrong_secret(given))
    if not params.get("js_code"):
        return Refusal(41008, why_missing(call, params, "js_code"))
    if params.get("grant_type") != "authorization_code":
        return Refusal(40002, "grant_type must be authorization_code")
    return None


ROUTES: Final[dict[str, Callable[[World, Call], Answer]]] = {"/sns/jscode2session": jscode2session}
