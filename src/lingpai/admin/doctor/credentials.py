"""Trying an app's credentials, each by a call that uses nothing up.

A made-up code is refused with 40029, but only after the credentials were taken. `stable_token` without force gives
the token that is in force and ends none, not even one of `cgi-bin/token`; the legacy call would end the token in use
and is never made here.
"""

from typing import Final

from lingpai.admin.doctor import kinds_app as kinds
from lingpai.admin.doctor.finding import Finding, found
from lingpai.admin.doctor.places import CONSOLE
from lingpai.errors import ERRCODES, Facts, Problem, Words
from lingpai.keeper import HeldApp, WeChatCalls
from lingpai.wechat import Errcode
from lingpai.wechat.endpoints.cgi_bin import (
    CGI_BIN_STABLE_TOKEN,
    CGI_BIN_TICKET_GETTICKET,
    StableTokenRequest,
    TicketRequest,
)
from lingpai.wechat.endpoints.sns import (
    SNS_JSCODE2SESSION,
    SNS_OAUTH2_ACCESS_TOKEN,
    JsCode2SessionRequest,
    OAuth2AccessTokenRequest,
)

_MADE_UP: Final = "lingpai0doctor0asks0with0no0code"
_LOGIN: Final = Words("logins", "登录凭据")
_TOKEN: Final = Words("access_token", "access_token")
_CODE_REFUSED: Final = (Errcode.INVALID_CODE, Errcode.CODE_USED, Errcode.CODE_EXPIRED)
_RESTRICTED: Final = (Errcode.USER_LIMITED, Errcode.ACCOUNT_PUNISHED, Errcode.ACCOUNT_FROZEN)
_ADDRESS: Final = (
    Errcode.IP_NOT_IN_WHITELIST,
    Errcode.IP_NOT_REGISTERED,
    Errcode.INVALID_REQUEST_SOURCE,
)
_UNCONFIRMED: Final = (
    Errcode.IP_PENDING,
    Errcode.IP_NEEDS_CONFIRMATION,
    Errcode.IP_REFUSED_FOR_A_DAY,
    Errcode.IP_REFUSED_FOR_AN_HOUR,
)
_PASSING: Final = (Errcode.SYSTEM_BUSY, Errcode.MINUTE_QUOTA_REACHED, Errcode.DAILY_QUOTA_REACHED)
_UNKNOWN: Final = Words("This errcode is not in the table.", "该错误码不在对照表中。")
_LOOK: Final = Words("lingpai explain {errcode}", "lingpai explain {errcode}")


class Credentials:
    """Tries them."""

    def __init__(self, calls: WeChatCalls) -> None:
        self._calls: Final = calls

    async def login(self, held: HeldApp) -> Finding:
        """Whether WeChat takes AppID and AppSecret at a login."""
        appid, secret = held.app.appid, held.secret.reveal()
        try:
            if held.app.kind == "miniprogram":
                await self._calls.call(
                    SNS_JSCODE2SESSION, JsCode2SessionRequest(appid, secret, _MADE_UP), appid
                )
            else:
                await self._calls.call(
                    SNS_OAUTH2_ACCESS_TOKEN, OAuth2AccessTokenRequest(appid, secret, _MADE_UP), appid
                )
        except Problem as problem:
            if problem.wechat is not None and problem.wechat.errcode in _CODE_REFUSED:
                return found(kinds.LOGIN_OK, app=held.app.slug)
            return refusal(held, _LOGIN, problem)
        return found(kinds.LOGIN_OK, app=held.app.slug)

    async def token(self, held: HeldApp) -> list[Finding]:
        """Whether WeChat gives an access_token to this machine; of an official account, a jsapi_ticket as well."""
        request = StableTokenRequest(held.app.appid, held.secret.reveal())
        try:
            told = await self._calls.call(CGI_BIN_STABLE_TOKEN, request, held.app.appid)
        except Problem as problem:
            return [refusal(held, _TOKEN, problem)]
        good = [found(kinds.TOKEN_OK, app=held.app.slug)]
        if held.app.kind == "official_account":
            good.append(await self._ticket(held, told.access_token))
        return good

    async def _ticket(self, held: HeldApp, access_token: str) -> Finding:
        try:
            await self._calls.call(CGI_BIN_TICKET_GETTICKET, TicketRequest(access_token), held.app.appid)
        except Problem as problem:
            if problem.wechat is None:
                return refusal(held, Words("jsapi_ticket", "jsapi_ticket"), problem)
            return found(kinds.TICKET_REFUSED, **explained(held, problem.wechat.errcode))
        return found(kinds.TICKET_OK, app=held.app.slug)


def refusal(held: HeldApp, credential: Words, problem: Problem) -> Finding:
    """What stands behind a refusal."""
    if problem.wechat is None or problem.wechat.errcode in _PASSING:
        what = Words(
            problem.kind.detail.say("en", problem.facts), problem.kind.detail.say("zh", problem.facts)
        )
        return found(kinds.CREDENTIAL_BUSY, app=held.app.slug, credential=credential, what=what)
    code = problem.wechat.errcode
    facts: dict[str, str | Words] = {
        **explained(held, code),
        "credential": credential,
        "appid": held.app.appid,
        "kind": held.app.kind,
        "last4": held.secret.last4,
        "console": CONSOLE[held.app.kind],
        "ip": problem.facts.get("ip", "?"),
    }
    for codes, kind in _KINDS:
        if code in codes:
            return found(kind, **facts)
    return found(kinds.CREDENTIAL_REFUSED, **facts)


def explained(held: HeldApp, errcode: int) -> Facts:
    """The facts that explain an errcode."""
    row = ERRCODES.get(str(errcode))
    return {
        "app": held.app.slug,
        "errcode": str(errcode),
        "what": row.means if row else _UNKNOWN,
        "remedy": row.do
        if row
        else Words(*(text.replace("{errcode}", str(errcode)) for text in _both(_LOOK))),
    }


def _both(words: Words) -> tuple[str, str]:
    return words.en, words.zh


_KINDS: Final = (
    ((Errcode.INVALID_APPSECRET, Errcode.INVALID_CREDENTIAL), kinds.SECRET_WRONG),
    ((Errcode.APPSECRET_FROZEN,), kinds.SECRET_FROZEN),
    ((Errcode.INVALID_APPID,), kinds.APPID_UNKNOWN),
    (_RESTRICTED, kinds.ACCOUNT_RESTRICTED),
    (_ADDRESS, kinds.IP_NOT_ALLOWED),
    (_UNCONFIRMED, kinds.IP_UNCONFIRMED),
)
