"""What stands in an authorization link, and what WeChat finds wrong with it."""

import re
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit

import msgspec

from lingpai_emulator.apps import App, Apps
from lingpai_emulator.calls import first_values
from lingpai_emulator.hosts import is_loopback
from lingpai_emulator.oauth_codes import Scope
from lingpai_emulator.switches import Switches

_ORDER: Final = ("appid", "redirect_uri", "response_type", "scope", "state")
_SCOPES: Final[dict[str, Scope]] = {"snsapi_base": "snsapi_base", "snsapi_userinfo": "snsapi_userinfo"}
_LONGEST_STATE: Final = 128
_UNUSUAL: Final = re.compile(r"[\x00-\x20\x7f\\]")


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
    why: str
    words: str | None = None


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
        trouble = Trouble(10015, "the account has authorized no third-party platform: there are none here")
    forced = params.get("forceSnapShot") == "true"
    return trouble or Link(app, redirect_uri, _SCOPES[scope], state, forced)


def read_qrconnect(apps: Apps, switches: Switches, query: bytes) -> Link | Trouble:
    """`/connect/qrconnect` (page Wechat_Login). WeChat has one sentence for all that may be wrong."""
    params = first_values(query)
    app = apps.find(params.get("appid", ""))
    redirect_uri, state = params.get("redirect_uri", ""), params.get("state")
    why = None
    if app is None:
        why = f"there is no app {params.get('appid', '')!r}"
    elif app.kind != "website" or app.standing != "verified":
        why = f"{app.appid} is of kind {app.kind}, {app.standing}; this page is for verified websites"
    elif params.get("response_type") != "code":
        why = "response_type must be code"
    elif params.get("scope") != "snsapi_login":
        why = "scope must be snsapi_login"
    else:
        trouble = _redirect(app, redirect_uri, switches) or _state(state, switches)
        if trouble is None:
            return Link(app, redirect_uri, "snsapi_login", state)
        why = trouble.why
    return Trouble(None, why, "该链接无法访问")


def callback(link_uri: str, **parameters: str | None) -> str:
    """The redirect_uri with parameters put behind its own query and before its fragment."""
    base, sign, fragment = link_uri.partition("#")
    if not urlsplit(base).path:
        host, mark, query = base.partition("?")
        base = f"{host}/{mark}{query}"
    given = "&".join(
        f"{name}={quote(text, safe='')}" for name, text in parameters.items() if text is not None
    )
    if given:
        joint = "" if base.endswith(("?", "&")) else "&" if "?" in base else "?"
        base = f"{base}{joint}{given}"
    return quote(base + sign + fragment, safe="%/:=&?~#+!$,;'@()*[]")


def _account(apps: Apps, params: dict[str, str]) -> App | Trouble:
    appid = params.get("appid")
    if not appid:
        return Trouble(10012, "there is no appid; mind the case: it is appid, not appId")
    app = apps.find(appid)
    if app is None:
        return Trouble(
            None, f"there is no app {appid!r}; GET /__emulator__/apps lists them", "AppID 参数错误"
        )
    if app.kind == "website":
        return Trouble(10016, f"{appid} is a website; it uses /connect/qrconnect")
    if app.kind == "miniprogram":
        return Trouble(10005, f"{appid} is a mini program; it uses wx.login")
    if app.standing == "banned":
        return Trouble(10004, f"{app.slug} is banned")
    return app


def _order(query: bytes, switches: Switches) -> Trouble | None:
    names = [name for name, _ in parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True)]
    given = list(dict.fromkeys(name for name in names if name in _ORDER))
    if not switches.strict_parameter_order or given == [name for name in _ORDER if name in given]:
        return None
    why = f"the parameters come as {', '.join(given)}; the order must be {', '.join(_ORDER)}"
    return Trouble(10005, why, "Scope 参数错误或没有 Scope 权限")


def _redirect(app: App, redirect_uri: str, switches: Switches) -> Trouble | None:
    if not redirect_uri:
        return Trouble(10011, "there is no redirect_uri")
    try:
        parts = urlsplit(redirect_uri)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        host, port = "", None
        parts = urlsplit("")
    if (
        parts.scheme not in ("http", "https")
        or not host
        or "@" in parts.netloc
        or _UNUSUAL.search(redirect_uri)
    ):
        return Trouble(
            10003, "redirect_uri is no http or https URL with a host; is it encoded", "redirect_uri 参数错误"
        )
    if switches.localhost_redirects and is_loopback(host):
        return None
    domain = (app.redirect_domain or "").lower()
    if parts.netloc.lower() == domain:
        return None
    if host == domain and port is not None:
        return Trouble(10003, f"redirect_uri has the port {port}; WeChat takes none")
    told = f"the domain of {app.slug} is {domain}" if domain else f"{app.slug} has no redirect_domain"
    return Trouble(10003, f"redirect_uri goes to {host}; {told}")


def _response_type(params: dict[str, str]) -> Trouble | None:
    if params.get("response_type") == "code":
        return None
    return Trouble(None, "response_type must be code", "response_type 参数错误")


def _scope(app: App, scope: str) -> Trouble | None:
    if not scope:
        return Trouble(10010, "there is no scope")
    if scope not in _SCOPES:
        return Trouble(
            10005,
            f"{scope!r} is no scope here; there are {', '.join(_SCOPES)}",
            "Scope 参数错误或没有 Scope 权限",
        )
    if app.standing == "unverified":
        return Trouble(10005, f"{app.slug} is not verified")
    return None


def _state(state: str | None, switches: Switches) -> Trouble | None:
    if state == "" or (state is None and switches.state_required):
        return Trouble(10013, "state is empty" if state == "" else "there is no state")
    if state is not None and len(state.encode()) > _LONGEST_STATE:
        return Trouble(None, f"state has {len(state.encode())} bytes; 128 is the most", "state 参数错误")
    if state is not None and switches.strict_state and not (state.isascii() and state.isalnum()):
        return Trouble(None, "state has other characters than letters and digits", "state 参数错误")
    return None
