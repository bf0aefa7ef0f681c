"""How long until the next attempt. Times are milliseconds; `now` is the database's; `fraction` is in [0, 1)."""

from typing import Final, NamedTuple

from lingpai.model import TokenKind, TokenRow, TokenState, TokenTrouble
from lingpai.wechat import Errcode

_SECOND: Final = 1_000
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_SHANGHAI: Final = 8 * _HOUR

AHEAD: Final = 300 * _SECOND
"""WeChat gives the next stable token only within the last five minutes of the present one."""
_SPREAD: Final = 20 * _SECOND
_TICKET_AHEAD: Final = 600 * _SECOND
_SHORTEST_WAIT: Final = 250
_LONGEST: Final = 15 * _SECOND
_LONGEST_WITHOUT: Final = 5 * _SECOND
BUDGETS: Final[dict[TokenKind, int]] = {"stable": 500_000, "legacy": 2_000}
"""What WeChat allows an account a day; of cgi-bin/token, a new one. Of tickets it publishes nothing."""

_SECRET: Final = frozenset(
    {
        Errcode.INVALID_CREDENTIAL,
        Errcode.INVALID_APPID,
        Errcode.INVALID_APPSECRET,
        Errcode.APPSECRET_FROZEN,
        Errcode.APPSECRET_MISSING,
        Errcode.APPID_MISSING,
        Errcode.USER_LIMITED,
        Errcode.ACCOUNT_PUNISHED,
        Errcode.ACCOUNT_FROZEN,
        Errcode.API_UNAUTHORIZED,
        Errcode.API_FORBIDDEN,
        Errcode.COMPONENT_TOKEN_REQUIRED,
    }
)
_ADDRESS: Final = frozenset(
    {Errcode.INVALID_REQUEST_SOURCE, Errcode.IP_NOT_IN_WHITELIST, Errcode.IP_NOT_REGISTERED}
)
_CONFIRMATION: Final[dict[int, int]] = {
    Errcode.IP_PENDING: 10 * _MINUTE,
    Errcode.IP_NEEDS_CONFIRMATION: 10 * _MINUTE,
    Errcode.IP_REFUSED_FOR_AN_HOUR: _HOUR,
    Errcode.IP_REFUSED_FOR_A_DAY: _DAY,
}


class Verdict(NamedTuple):
    """What a failed attempt means for the next one."""

    state: TokenState
    retry_in: int


def after_success(kind: TokenKind, expires_in: int, fraction: float) -> int:
    """How long after asking for it to renew a token that lives for `expires_in`.

    Stable: within the last 300 s, not before, or WeChat answers with the same one. Legacy: at half its life,
    give or take a tenth, as a late repair needs the other half. Nodes and apps are spread by the jitter.
    """
    match kind:
        case "stable":
            ahead = AHEAD - fraction * _SPREAD
        case "legacy":
            ahead = expires_in * (0.5 + 0.1 * (fraction - 0.5))
        case "jsapi" | "wx_card":
            ahead = _TICKET_AHEAD - fraction * _SPREAD
    if expires_in <= ahead:
        # WeChat gave the end of a token's life: the next one is a moment away.
        return round(_SECOND + fraction * 4 * _SECOND)
    return round(expires_in - ahead)


def after_failure(row: TokenRow, trouble: TokenTrouble, now: int, fraction: float) -> Verdict:
    """How long to wait. What only people can mend is tried seldom, what passes by itself soon."""
    code = trouble.errcode
    if code in _SECRET or code in _ADDRESS:
        wait = min(_MINUTE << min(row.failures, 3), 5 * _MINUTE)
        return Verdict("blocked", round(wait * (0.9 + 0.1 * fraction)))
    if code in _CONFIRMATION:
        return Verdict("blocked", _CONFIRMATION[code] + round(fraction * _MINUTE))
    if code == Errcode.DAILY_QUOTA_REACHED:
        return Verdict("blocked", shanghai_midnight(now) - now + round(fraction * 10 * _SECOND))
    if code == Errcode.MINUTE_QUOTA_REACHED:
        return Verdict("retrying", _MINUTE - now % _MINUTE + round(fraction * 3 * _SECOND))
    return Verdict("retrying", _backoff(row, now, fraction))


def shanghai_midnight(now: int) -> int:
    """The next one: WeChat counts days in Asia/Shanghai, which has had no summer time since 1991."""
    return ((now + _SHANGHAI) // _DAY + 1) * _DAY - _SHANGHAI


def _backoff(row: TokenRow, now: int, fraction: float) -> int:
    """1, 2, 4 … seconds with full jitter; short once nothing valid is left, as then people wait, and just before."""
    outlived = row.good_until() - now <= _LONGEST
    longest = _LONGEST_WITHOUT if outlived else _LONGEST
    if row.kind == "legacy" and row.calls > BUDGETS["legacy"] // 2:
        return round(_MINUTE * (0.5 + 0.5 * fraction))
    return max(_SHORTEST_WAIT, round(min(_SECOND << min(row.failures, 6), longest) * fraction))
