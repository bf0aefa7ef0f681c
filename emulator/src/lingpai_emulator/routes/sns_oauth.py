"""What `/sns/oauth2/*`, `/sns/userinfo` and `/sns/auth` answer: tokens of a person and the profile behind."""

import hmac
from collections.abc import Callable
from typing import Final

from lingpai_emulator import avatars, oauth
from lingpai_emulator.answers import Answer, denied, refused, succeeded
from lingpai_emulator.apps import App
from lingpai_emulator.calls import Call
from lingpai_emulator.routes.slips import why_missing, why_unknown_app, why_wrong_secret
from lingpai_emulator.user_tokens import UserToken
from lingpai_emulator.world import Refusal, World


def access_token(world: World, call: Call) -> Answer:
    """`GET /sns/oauth2/access_token` (page api_snsaccesstoken).

    Checks in this order: 41002, 40013, 50002, 41004, 40125, 41008, 40002, then the code itself.
    """
    params = call.params()
    app = _app(world, call)
    if isinstance(app, Refusal):
        return denied(world, call.path, app)
    code = params.get("code", "")
    refusal = _bad_parameter(call, app)
    if refusal is not None:
        oauth.burn(world, app, code)
        return denied(world, call.path, refusal)
    token = oauth.exchange(world, app, code)
    if isinstance(token, Refusal):
        return denied(world, call.path, token)
    fields = _token_fields(world, token)
    if token.snapshot:
        fields["is_snapshotuser"] = 1
    if app.kind == "website" or token.scope == "snsapi_userinfo":
        fields |= _unionid_field(oauth.unionid(world, app, token))
    who = f"the virtual account of {token.person}" if token.snapshot else token.person
    return succeeded(world, call.path, fields, f"{who} signed in to {app.slug} with {token.scope}")


def refresh_token(world: World, call: Call) -> Answer:
    """`GET /sns/oauth2/refresh_token` (page api_snsrefreshtoken). There is no secret in it.

    Checks in this order: 41002, 40013, 50002, 40002, 41003, then the token itself.
    """
    params = call.params()
    app = _app(world, call)
    if isinstance(app, Refusal):
        return denied(world, call.path, app)
    if params.get("grant_type") != "refresh_token":
        return refused(world, call.path, 40002, "grant_type must be refresh_token")
    given = params.get("refresh_token")
    if not given:
        return refused(world, call.path, 41003, why_missing(call, params, "refresh_token"))
    before = world.user_tokens.with_refresh(given)
    held = None if before is None else before.access_token
    token = oauth.refresh(world, app, given)
    if isinstance(token, Refusal):
        return denied(world, call.path, token)
    how = "prolonged" if token.access_token == held else "replaced, for it had expired"
    why = f"the access_token of {token.person} is {how}"
    return succeeded(world, call.path, _token_fields(world, token), why)


def userinfo(world: World, call: Call) -> Answer:
    """`GET /sns/userinfo` (page api_snsuserinfo). `lang` chose how regions are called; there are none any more.

    Checks in this order: 41001, 41009, 40001, 42007, 42001, 40003, 48001.
    """
    token = _holder(world, call, unknown=40001)
    if isinstance(token, Refusal):
        return denied(world, call.path, token)
    if token.scope == "snsapi_base":
        return refused(
            world, call.path, 48001, "this access_token has scope snsapi_base, which tells no profile"
        )
    told = oauth.profile(world, token)
    fields: dict[str, object] = {
        "openid": token.openid,
        "nickname": told.nickname,
        "sex": 0,
        "language": "",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": avatars.headimgurl(world, call, told.picture_of),
        "privilege": [],
    }
    fields |= _unionid_field(told.unionid)
    whose = f"the virtual account of {token.person}" if token.snapshot else token.person
    return succeeded(world, call.path, fields, f"the profile of {whose}")


def auth(world: World, call: Call) -> Answer:
    """`GET /sns/auth` (page api_snsauth): whether an access_token is good for an openid.

    Checks in this order: 41001, 41009, 40014, 42007, 42001, 40003.
    """
    token = _holder(world, call, unknown=40014)
    if isinstance(token, Refusal):
        return denied(world, call.path, token)
    fields: dict[str, object] = {"errcode": 0, "errmsg": "ok"}
    return succeeded(world, call.path, fields, f"this access_token of {token.person} is good")


def _app(world: World, call: Call) -> App | Refusal:
    params = call.params()
    appid = params.get("appid")
    if not appid:
        return Refusal(41002, why_missing(call, params, "appid"))
    app = world.apps.find(appid)
    if app is None:
        return Refusal(40013, why_unknown_app(appid))
    if app.restriction is not None:
        return Refusal(50002, f"{app.slug} is {app.restriction}")
    return app


def _bad_parameter(call: Call, app: App) -> Refusal | None:
    params = call.params()
    given = params.get("secret")
    if not given:
        return Refusal(41004, why_missing(call, params, "secret"))
    if not hmac.compare_digest(given.encode(), app.secret.encode()):
        return Refusal(40125, why_wrong_secret(given))
    if not params.get("code"):
        return Refusal(41008, why_missing(call, params, "code"))
    if params.get("grant_type") != "authorization_code":
        return Refusal(40002, "grant_type must be authorization_code")
    return None


def _holder(world: World, call: Call, *, unknown: int) -> UserToken | Refusal:
    params = call.params()
    for name, errcode in (("access_token", 41001), ("openid", 41009)):
        if not params.get(name):
            return Refusal(errcode, why_missing(call, params, name))
    return oauth.holder(world, params["access_token"], params["openid"], unknown)


def _token_fields(world: World, token: UserToken) -> dict[str, object]:
    left = token.access_expires_at - world.clock.now()
    return {
        "access_token": token.access_token,
        "expires_in": round(left),
        "refresh_token": token.refresh_token,
        "openid": token.openid,
        "scope": token.scope,
    }


def _unionid_field(unionid: str | None) -> dict[str, object]:
    return {} if unionid is None else {"unionid": unionid}


ROUTES: Final[dict[str, Callable[[World, Call], Answer]]] = {
    "/sns/oauth2/access_token": access_token,
    "/sns/oauth2/refresh_token": refresh_token,
    "/sns/userinfo": userinfo,
    "/sns/auth": auth,
}
