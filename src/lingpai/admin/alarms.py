"""What an operator should look at now: told by what is on record, without asking WeChat anything.

The words are the doctor's, so that an alarm and a test of the same fault say the same.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from lingpai.admin.apps import ShownApp
from lingpai.admin.budgets import Used
from lingpai.admin.doctor import Finding, FindingKind
from lingpai.admin.doctor import kinds_app as kinds
from lingpai.admin.doctor.finding import found, row
from lingpai.admin.doctor.places import CONSOLE
from lingpai.admin.held_tokens import ShownToken
from lingpai.errors import ERRCODES, Words
from lingpai.wechat import Errcode

_NEAR: Final = 0.8
"""From this share of a budget on, somebody should know."""
_IP: Final = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\b[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{0,4}){2,7}")
_ADDRESS: Final = (Errcode.IP_NOT_IN_WHITELIST, Errcode.IP_NOT_REGISTERED)
_TOKEN: Final = Words("access_token", "access_token")
_UNKNOWN: Final = Words("This errcode is not in the table.", "该错误码不在对照表中。")

SECRET_IN_CLIENT: Final = row(
    "secret_in_client",
    "fault",
    ("{app}: the AppSecret is in a client", "{app}：AppSecret 已出现在客户端"),
    (
        "A client sent this AppSecret. Whoever has the client has the secret.",
        "有客户端发来了这个 AppSecret；拿到客户端的人都能得到它。",
    ),
    (
        "Reset it: {console}. Then: lingpai apps rotate-secret {app}",
        "请到 {console} 重置，再执行：lingpai apps rotate-secret {app}",
    ),
)
PHONES_NEAR: Final = row(
    "phones_near_limit",
    "warning",
    ("{app}: {used} of {limit} phone numbers of today are used", "{app}：今日手机号额度已用 {used}/{limit}"),
    (
        "Each press of the phone button costs money at WeChat; a client that presses in a loop looks like this.",
        "每次获取手机号微信都会收费；客户端循环触发时就是这种情况。",
    ),
    (
        "Look at the logins for one person or address that asks too often; the limit is the setting phone_per_app_daily.",
        "请在登录记录中查找请求过多的用户或 IP；上限由设置 phone_per_app_daily 决定。",
    ),
)
FORCED_NEAR: Final = row(
    "forced_near_limit",
    "warning",
    (
        "{app}: {used} of {limit} forced refreshes of today are used",
        "{app}：今日强制刷新已用 {used}/{limit}",
    ),
    (
        "WeChat allows 20 a day. They go when the kept token is found dead again and again.",
        "微信每天只允许 20 次。token 反复提前失效时会消耗强制刷新。",
    ),
    (
        "Find the program that takes the token away: it holds the same AppSecret.",
        "请找出顶掉 token 的程序：它持有同一个 AppSecret。",
    ),
)
KINDS: Final = (SECRET_IN_CLIENT, PHONES_NEAR, FORCED_NEAR)
_BY_CODE: Final[tuple[tuple[tuple[Errcode, ...], FindingKind], ...]] = (
    ((Errcode.INVALID_APPSECRET, Errcode.INVALID_CREDENTIAL), kinds.SECRET_WRONG),
    ((Errcode.APPSECRET_FROZEN,), kinds.SECRET_FROZEN),
    ((Errcode.INVALID_APPID,), kinds.APPID_UNKNOWN),
    (_ADDRESS, kinds.IP_NOT_ALLOWED),
)


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """A finding, and which app it is about."""

    finding: Finding
    appid: str
    at: int | None = None
    """When it was last seen; None: it stands so now."""


def alarms_of(
    app: ShownApp, tokens: Sequence[ShownToken], phones: Used | None, leaked_at: int | None
) -> list[Alarm]:
    """The alarms of one app, the worst first. `leaked_at`: when its AppSecret last came from a client."""
    found_now: list[Alarm] = []
    console = CONSOLE[app.kind]
    if leaked_at is not None:
        finding = found(SECRET_IN_CLIENT, app=app.slug, console=console)
        found_now.append(Alarm(finding=finding, appid=app.appid, at=leaked_at))
    for token in tokens:
        if token.errcode is not None and token.state != "ok":
            found_now.append(Alarm(finding=_refused(app, token), appid=app.appid))
        if token.replaced_lately:
            finding = found(kinds.TOKEN_TAKEN, app=app.slug, times=str(len(token.replaced_lately)))
            found_now.append(Alarm(finding=finding, appid=app.appid, at=max(token.replaced_lately)))
        if token.forced_today >= _NEAR * token.forced_limit:
            finding = found(FORCED_NEAR, **_share(app, token.forced_today, token.forced_limit))
            found_now.append(Alarm(finding=finding, appid=app.appid))
    if phones is not None and phones.limit and phones.used >= _NEAR * phones.limit:
        finding = found(PHONES_NEAR, **_share(app, phones.used, phones.limit))
        found_now.append(Alarm(finding=finding, appid=app.appid))
    return sorted(found_now, key=lambda alarm: alarm.finding.level != "fault")


def _refused(app: ShownApp, token: ShownToken) -> Finding:
    explained = ERRCODES.get(str(token.errcode))
    address = _IP.search(token.errmsg or "")
    facts: Mapping[str, str | Words] = {
        "app": app.slug,
        "appid": app.appid,
        "kind": app.kind if token.errcode == Errcode.INVALID_APPID else token.kind,
        "credential": _TOKEN,
        "errcode": str(token.errcode),
        "last4": app.secret_last4,
        "console": CONSOLE[app.kind],
        "ip": address[0] if address else "?",
        "what": explained.means if explained else _UNKNOWN,
        "remedy": explained.do if explained else _UNKNOWN,
    }
    for codes, kind in _BY_CODE:
        if token.errcode in codes:
            return found(kind, **facts)
    return found(kinds.TOKEN_BLOCKED, **facts)


def _share(app: ShownApp, used: int, limit: int) -> dict[str, str]:
    return {"app": app.slug, "used": str(used), "limit": str(limit)}
