"""What stands in an authorization link, and what WeChat finds wrong with it."""

from typing import Final
from urllib.parse import parse_qsl

import msgspec

from lingpai_emulator.apps import App, Apps
from lingpai_emulator.callbacks import target
from lingpai_emulator.calls import first_values
from lingpai_emulator.hosts import is_loopback
from lingpai_emulator.oauth_codes import Scope
from lingpai_emulator.reasons import Reason, reason
from lingpai_emulator.switches import Switches

_ORDER: Final = ("appid", "redirect_uri", "response_type", "scope", "state")
_SCOPES: Final[dict[str, Scope]] = {"snsapi_base": "snsapi_base", "snsapi_userinfo": "snsapi_userinfo"}
_LONGEST_STATE: Final = 128
_BAD_SCOPE: Final = "Scope 参数错误或没有 Scope 权限"
_BAD_REDIRECT: Final = "redirect_uri 参数错误"
_BAD_STATE: Final = "state 参数错误"
_UNREACHABLE: Final = "该链接无法访问"


class Link(msgspec.Struct, frozen=True):
    """A link that is in order. `state` is None when the link has none."""

    app: App
    redirect_uri: str
    scope: Scope
    state: str | None
    force_snapshot: bool = False


class Trouble(msgspec.Struct, frozen=True):
    """A link WeChat shows an error page for. `number` is the 100xx code; None where it shows words alone."""

    number: int | None
    reason: Reason
    words: str | None = None

    @property
    def why(self) -> str:
        return self.reason.told("en")


def read_authorize(apps: Apps, switches: Switches, query: bytes) -> Link | Trouble:
    """`/connect/oauth2/authorize` (page on web authorization of official accounts).

    Checks in this order: appid (10012, 10016, 10005, 10004), order of the parameters, redirect_uri
    (10011, 10003), response_type, scope (10010, 10005), state (10013), component_appid (10015).
    """
    params = first_values(query)
    app = _account(apps, params)
    if isinstance(app, Trouble):
        return app
    redirect_uri, scope, state = params.get("redirect_uri", ""), params.get("scope", ""), params.get("state")
    trouble = (
        _order(query, switches)
        or _redirect(app, redirect_uri, switches)
        or _response_type(params)
        or _scope(app, scope)
        or _state(state, switches)
    )
    if trouble is None and params.get("component_appid"):
        trouble = Trouble(10015, reason("component", app=app.slug))
    forced = params.get("forceSnapShot") == "true"
    return trouble or Link(app, redirect_uri, _SCOPES[scope], state, forced)


def read_qrconnect(apps: Apps, switches: Switches, query: bytes) -> Link | Trouble:
    """`/connect/qrconnect` (page Wechat_Login). WeChat has one sentence for all that may be wrong."""
    params = first_values(query)
    appid = params.get("appid", "")
    app = apps.find(appid)
    redirect_uri, state = params.get("redirect_uri", ""), params.get("state")
    if app is None:
        found = reason("unknown_appid", appid=appid) if appid else reason("no_appid")
    elif app.kind != "website" or app.standing != "verified" or app.restriction is not None:
        found = reason("no_website", appid=appid)
    elif params.get("response_type") != "code":
        found = reason("response_type")
    elif params.get("scope") != "snsapi_login":
        found = reason("other_scope", known="snsapi_login")
    else:
        trouble = _redirect(app, redirect_uri, switches) or _state(state, switches)
        if trouble is None:
            return Link(app, redirect_uri, "snsapi_login", state)
        found = trouble.reason
    return Trouble(None, found, _UNREACHABLE)


def _account(apps: Apps, params: dict[str, str]) -> App | Trouble:
    appid = params.get("appid")
    if not appid:
        return Trouble(10012, reason("no_appid"))
    app = apps.find(appid)
    if app is None:
        return Trouble(None, reason("unknown_appid", appid=appid), "AppID 参数错误")
    if app.kind == "website":
        return Trouble(10016, reason("is_website", appid=appid))
    if app.kind == "miniprogram":
        return Trouble(10005, reason("is_miniprogram", appid=appid))
    if app.restriction is not None:
        return Trouble(10004, reason("banned", app=app.slug))
    return app


def _order(query: bytes, switches: Switches) -> Trouble | None:
    names = [name for name, _ in parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True)]
    given = list(dict.fromkeys(name for name in names if name in _ORDER))
    if not switches.strict_parameter_order or given == [name for name in _ORDER if name in given]:
        return None
    return Trouble(10005, reason("order", given=", ".join(given), order=", ".join(_ORDER)), _BAD_SCOPE)


def _redirect(app: App, redirect_uri: str, switches: Switches) -> Trouble | None:
    if not redirect_uri:
        return Trouble(10011, reason("no_redirect_uri"))
    goes = target(redirect_uri)
    if goes is None:
        return Trouble(10003, reason("odd_redirect_uri"), _BAD_REDIRECT)
    domain = (app.redirect_domain or "").lower()
    if goes.netloc == domain or (switches.localhost_redirects and is_loopback(goes.host)):
        return None
    if not domain:
        why = reason("no_domain", host=goes.host, app=app.slug)
    elif goes.host == domain and goes.port is not None:
        why = reason("port", port=goes.port)
    else:
        why = reason("other_host", host=goes.host, app=app.slug, domain=domain)
    return Trouble(10003, why)


def _response_type(params: dict[str, str]) -> Trouble | None:
    if params.get("response_type") == "code":
        return None
    return Trouble(None, reason("response_type"), "response_type 参数错误")


def _scope(app: App, scope: str) -> Trouble | None:
    if not scope:
        return Trouble(10010, reason("no_scope"))
    if scope not in _SCOPES:
        return Trouble(10005, reason("other_scope", known=", ".join(_SCOPES)), _BAD_SCOPE)
    if app.standing == "unverified":
        return Trouble(10005, reason("unverified", app=app.slug))
    return None


def _state(state: str | None, switches: Switches) -> Trouble | None:
    if state is None:
        return Trouble(10013, reason("no_state")) if switches.state_required else None
    if not state:
        return Trouble(10013, reason("empty_state"))
    if len(state.encode()) > _LONGEST_STATE:
        return Trouble(None, reason("long_state", size=len(state.encode())), _BAD_STATE)
    if switches.strict_state and not (state.isascii() and state.isalnum()):
        return Trouble(None, reason("odd_state"), _BAD_STATE)
    return None
