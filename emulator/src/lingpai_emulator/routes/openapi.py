"""What the part of `/cgi-bin/*` answers that is about calling: quotas, and what a rid stands for."""

from collections.abc import Callable
from typing import Final

from lingpai_emulator.answers import Answer, denied, succeeded
from lingpai_emulator.apis import APIS, CLEAR_QUOTA, CLEARS_A_MONTH, CLEARS_OF_ONE_PATH_A_MONTH, limits
from lingpai_emulator.apps import App
from lingpai_emulator.bearing import bearer
from lingpai_emulator.bodies import json_object
from lingpai_emulator.calls import Call
from lingpai_emulator.credentials import same, unfit
from lingpai_emulator.traces import KEPT, SHAPE, Trace, named, shown_body, shown_query
from lingpai_emulator.world import Refusal, World

_OK: Final[dict[str, object]] = {"errcode": 0, "errmsg": "ok"}
_MINUTE: Final = 60  # seconds


def clear_quota(world: World, call: Call) -> Answer:
    """`POST /cgi-bin/clear_quota`: an app's counts of the day go back to zero, ten times a month."""
    asked = _asked(world, call)
    if isinstance(asked, Refusal):
        return denied(world, call.path, asked)
    app, body = asked
    if body.get("appid") != app.appid:
        refusal = Refusal(40013, f"appid must be {app.appid}, the app the access_token is of")
        return denied(world, call.path, refusal)
    return _cleared(world, call, app)


def clear_quota_v2(world: World, call: Call) -> Answer:
    """`POST /cgi-bin/clear_quota/v2`: the same by appid and appsecret, for those who got no token any more."""
    body = json_object(call)
    if isinstance(body, Refusal):
        return denied(world, call.path, body)
    appid, secret = body.get("appid"), body.get("appsecret")
    app = world.apps.find(appid) if isinstance(appid, str) else None
    if app is None:
        return denied(world, call.path, Refusal(40013, "appid in the body is of no app"))
    if not isinstance(secret, str) or not same(secret, app.secret):
        return denied(world, call.path, Refusal(40125, "appsecret in the body is not the secret of this app"))
    refusal = unfit(world, app)
    return denied(world, call.path, refusal) if refusal else _cleared(world, call, app)


def clear_quota_of_path(world: World, call: Call) -> Answer:
    """`POST /cgi-bin/openapi/quota/clear`: the counts of one path, fifty times a month."""
    asked = _asked_about_path(world, call)
    if isinstance(asked, Refusal):
        return denied(world, call.path, asked)
    app, path = asked
    now = world.clock.now()
    if world.quotas.used(app.appid, call.path, "month", now) >= CLEARS_OF_ONE_PATH_A_MONTH:
        why = f"{app.appid} cleared single paths {CLEARS_OF_ONE_PATH_A_MONTH} times this month"
        return denied(world, call.path, Refusal(48006, why))
    world.quotas.add(app.appid, call.path, "month", now)
    world.quotas.clear(app.appid, path)
    return succeeded(world, call.path, _OK, f"the counts of {path} are back to zero for {app.slug}")


def get_quota(world: World, call: Call) -> Answer:
    """`POST /cgi-bin/openapi/quota/get` (page api_getapiquota)."""
    asked = _asked_about_path(world, call)
    if isinstance(asked, Refusal):
        return denied(world, call.path, asked)
    app, path = asked
    allowed, used = limits(app, path), world.quotas.used(app.appid, path, "day", world.clock.now())
    fields: dict[str, object] = dict(_OK)
    if allowed.day is not None:
        fields["quota"] = {"daily_limit": allowed.day, "used": used, "remain": max(0, allowed.day - used)}
    if allowed.minute is not None:
        fields["rate_limit"] = {"call_count": allowed.minute, "refresh_second": _MINUTE}
    return succeeded(world, call.path, fields, f"{app.slug} called {path} {used} times today")


def get_rid(world: World, call: Call) -> Answer:
    """`POST /cgi-bin/openapi/rid/get` (page api_getridinfo): what the failed call with this rid was."""
    asked = _asked(world, call)
    if isinstance(asked, Refusal):
        return denied(world, call.path, asked)
    app, body = asked
    trace = _traced(world, app, body.get("rid"))
    if isinstance(trace, Refusal):
        return denied(world, call.path, trace)
    request = {
        "invoke_time": int(trace.at),
        "cost_in_ms": 1,
        "request_url": shown_query(trace.call),
        "request_body": shown_body(trace.call),
        "response_body": trace.answer.decode("utf-8", "replace"),
        "client_ip": trace.call.address,
    }
    return succeeded(world, call.path, {**_OK, "request": request}, f"a call of {trace.call.path}")


def _asked(world: World, call: Call) -> tuple[App, dict[str, object]] | Refusal:
    app = bearer(world, call)
    if isinstance(app, Refusal):
        return app
    body = json_object(call)
    return body if isinstance(body, Refusal) else (app, body)


def _asked_about_path(world: World, call: Call) -> tuple[App, str] | Refusal:
    asked = _asked(world, call)
    if isinstance(asked, Refusal):
        return asked
    app, path = asked[0], asked[1].get("cgi_path")
    if isinstance(path, str) and path.startswith("/sns/"):
        return Refusal(76022, "quotas of /sns/* are not told here")
    if not isinstance(path, str) or path not in APIS:
        return Refusal(
            76021, "cgi_path must be the path of an API, such as /cgi-bin/token, without host and query"
        )
    if app.kind not in APIS[path].kinds:
        return Refusal(76022, f"{path} is not for apps of kind {app.kind}")
    return app, path


def _cleared(world: World, call: Call, app: App) -> Answer:
    now = world.clock.now()
    if world.quotas.used(app.appid, CLEAR_QUOTA, "month", now) >= CLEARS_A_MONTH:
        why = f"{app.appid} cleared its quotas {CLEARS_A_MONTH} times this month"
        return denied(world, call.path, Refusal(48006, why))
    world.quotas.add(app.appid, CLEAR_QUOTA, "month", now)
    world.quotas.clear(app.appid)
    return succeeded(world, call.path, _OK, f"the counts of {app.slug} are back to zero")


def _traced(world: World, app: App, rid: object) -> Trace | Refusal:
    if not isinstance(rid, str) or not SHAPE.match(rid):
        return Refusal(76002, "a rid has three groups of eight hex digits")
    trace = world.trace(rid)
    if trace is None:
        return Refusal(76001, "no failed call had this rid; the last 10 000 calls are kept")
    if trace.call.path.startswith("/sns/"):
        return Refusal(76022, "calls of /sns/* are not told here")
    if _caller(world, trace.call) != app.appid:
        return Refusal(76003, f"this was not a call of {app.appid}")
    age = world.clock.now() - trace.at
    if age > KEPT:
        return Refusal(76004, f"this call was {age / 86_400:.1f} days ago")
    return trace


def _caller(world: World, call: Call) -> str | None:
    """The AppID a call was made for: by its token, or as it names itself."""
    token = world.tokens.find(named(call, "access_token") or "")
    return token.appid if token is not None else named(call, "appid")


ROUTES: Final[dict[str, Callable[[World, Call], Answer]]] = {
    CLEAR_QUOTA: clear_quota,
    "/cgi-bin/clear_quota/v2": clear_quota_v2,
    "/cgi-bin/openapi/quota/clear": clear_quota_of_path,
    "/cgi-bin/openapi/quota/get": get_quota,
    "/cgi-bin/openapi/rid/get": get_rid,
}
