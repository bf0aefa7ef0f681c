"""Calling WeChat for an app, its refusals told in our words: the one place that translates them."""

import re
from typing import Final, TypeVar

from lingpai.errors import Facts, Problem, ProblemKind, WeChatFault, Words
from lingpai.errors.catalogue import CODE_INVALID, CODE_USED, USER_BLOCKED
from lingpai.errors.catalogue_wechat import (
    WECHAT_API_UNAUTHORIZED,
    WECHAT_BUSY,
    WECHAT_CREDENTIALS,
    WECHAT_IP_NOT_ALLOWED,
    WECHAT_QUOTA,
    WECHAT_RATE_LIMITED,
    WECHAT_TOKEN_REFUSED,
)
from lingpai.wechat import (
    Endpoint,
    Errcode,
    WeChatClient,
    WeChatError,
    WeChatOverloaded,
    WeChatRefused,
    Wire,
)

Ask = TypeVar("Ask", bound=Wire)
Told = TypeVar("Told", bound=Wire)

_KINDS: Final[dict[int, ProblemKind]] = {
    Errcode.INVALID_APPID: WECHAT_CREDENTIALS,
    Errcode.INVALID_APPSECRET: WECHAT_CREDENTIALS,
    Errcode.APPSECRET_FROZEN: WECHAT_CREDENTIALS,
    Errcode.APPSECRET_MISSING: WECHAT_CREDENTIALS,
    Errcode.USER_LIMITED: WECHAT_CREDENTIALS,
    Errcode.ACCOUNT_PUNISHED: WECHAT_CREDENTIALS,
    Errcode.ACCOUNT_FROZEN: WECHAT_CREDENTIALS,
    Errcode.COMPONENT_TOKEN_REQUIRED: WECHAT_CREDENTIALS,
    Errcode.API_UNAUTHORIZED: WECHAT_API_UNAUTHORIZED,
    Errcode.API_FORBIDDEN: WECHAT_API_UNAUTHORIZED,
    Errcode.INVALID_CODE: CODE_INVALID,
    Errcode.CODE_MISSING: CODE_INVALID,
    Errcode.CODE_USED: CODE_USED,
    Errcode.CODE_BLOCKED: USER_BLOCKED,
    Errcode.DAILY_QUOTA_REACHED: WECHAT_QUOTA,
    Errcode.MINUTE_QUOTA_REACHED: WECHAT_RATE_LIMITED,
    Errcode.INVALID_CREDENTIAL: WECHAT_TOKEN_REFUSED,
    Errcode.INVALID_ACCESS_TOKEN: WECHAT_TOKEN_REFUSED,
    Errcode.ACCESS_TOKEN_EXPIRED: WECHAT_TOKEN_REFUSED,
    Errcode.INVALID_REQUEST_SOURCE: WECHAT_IP_NOT_ALLOWED,
    Errcode.IP_NOT_IN_WHITELIST: WECHAT_IP_NOT_ALLOWED,
    Errcode.IP_NOT_REGISTERED: WECHAT_IP_NOT_ALLOWED,
    Errcode.IP_PENDING: WECHAT_IP_NOT_ALLOWED,
    Errcode.IP_NEEDS_CONFIRMATION: WECHAT_IP_NOT_ALLOWED,
    Errcode.IP_REFUSED_FOR_A_DAY: WECHAT_IP_NOT_ALLOWED,
    Errcode.IP_REFUSED_FOR_AN_HOUR: WECHAT_IP_NOT_ALLOWED,
}
_RETRY_AFTER: Final[dict[str, float]] = {
    WECHAT_RATE_LIMITED.code: 60.0,
    WECHAT_QUOTA.code: 3600.0,
}
_IPV4: Final = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")

_SAID_BUSY: Final = Words("WeChat says it is busy.", "微信返回系统繁忙。")
_SAID_UNKNOWN: Final = Words(
    "WeChat answered {errcode}, which is not a known answer of this call.",
    "微信返回了 {errcode}，该接口没有这个约定的返回码。",
)
_NO_ANSWER: Final = Words(
    "WeChat could not be reached, or did not answer in time.", "无法连接微信，或微信没有及时响应。"
)
_TOO_MANY: Final = Words(
    "Too many calls of this app are waiting for WeChat.", "该应用等待微信响应的调用过多。"
)


class WeChatCalls:
    """Calls to WeChat on behalf of apps."""

    def __init__(self, client: WeChatClient) -> None:
        self._client: Final = client

    async def call(self, endpoint: Endpoint[Ask, Told], request: Ask, appid: str) -> Told:
        """What WeChat answers. Raises Problem, never an exception of the client."""
        try:
            return await self._client.call(endpoint, request, app=appid)
        except WeChatError as error:
            raise translated(error, appid) from None


def translated(error: WeChatError, appid: str) -> Problem:
    """What became of a call, in our words."""
    if isinstance(error, WeChatRefused):
        return refused(WeChatFault(error.errcode, error.errmsg, error.rid), appid)
    if isinstance(error, WeChatOverloaded):
        return Problem(
            WECHAT_BUSY,
            facts={"what": _TOO_MANY},
            retry_after=error.retry_after,
            private=f"shed by the {error.reason}",
        )
    return Problem(
        WECHAT_BUSY,
        facts={"what": _NO_ANSWER},
        retry_after=1.0,
        private=f"{type(error).__name__}: {error}",
    )


def refused(fault: WeChatFault, appid: str) -> Problem:
    """A refusal of WeChat in our words."""
    kind = _KINDS.get(fault.errcode)
    if kind is None:
        said = _SAID_BUSY if fault.errcode == Errcode.SYSTEM_BUSY else _SAID_UNKNOWN
        facts: Facts = {"what": said, "errcode": str(fault.errcode)}
        return Problem(WECHAT_BUSY, facts=facts, wechat=fault, retry_after=1.0)
    address = _IPV4.search(fault.errmsg) if kind is WECHAT_IP_NOT_ALLOWED else None
    return Problem(
        kind,
        facts={"app": appid, "ip": address.group() if address else "?"},
        wechat=fault,
        retry_after=_RETRY_AFTER.get(kind.code),
    )
