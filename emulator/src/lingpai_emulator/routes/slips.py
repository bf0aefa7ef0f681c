"""What the caller probably did wrong: the usual slips, named in the hint of an answer."""

import re
from typing import Final

from lingpai_emulator.calls import Call, Params

_APPID: Final = re.compile(r"wx[0-9a-f]{16}\Z")
_SECRET: Final = re.compile(r"[0-9a-f]{32}\Z")

_SLIPS: Final = {
    "secret": ("appsecret", "app_secret"),
    "js_code": ("code", "jscode"),
    "code": ("js_code", "auth_code"),
    "appid": ("appId", "app_id"),
    "access_token": ("accessToken", "token"),
    "refresh_token": ("refreshToken", "access_token"),
    "openid": ("openId", "open_id"),
}


def why_missing(call: Call, params: Params, name: str) -> str:
    """Names the usual slip when there is one."""
    for slip in _SLIPS[name]:
        if slip in params:
            return f"there is a parameter {slip}; its name is {name}"
    if call.method == "POST" and call.is_json:
        return f"{name} is not seen in a JSON body; send it in the query string"
    return f"the parameter {name} is empty" if name in params else f"there is no parameter {name}"


def why_unknown_app(appid: str) -> str:
    if _SECRET.match(appid):
        return "appid looks like an AppSecret; are appid and secret swapped"
    if not _APPID.match(appid):
        return "this is not an AppID: wx and 16 hex digits in lower case"
    return f"there is no app {appid}; GET /__emulator__/apps lists them"


def why_wrong_secret(given: str) -> str:
    return "secret holds an AppID" if _APPID.match(given) else "this is not the secret of this app"
