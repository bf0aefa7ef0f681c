"""Which errcodes does WeChat give, and what does each one mean?

The codes met on login and token endpoints (``sns/*``, ``cgi-bin/*``, ``wxa/*``); codes that only
one endpoint gives belong beside that endpoint. Source: the global error table and the endpoint
pages at developers.weixin.qq.com, corrected by answers seen on the live service.
"""

from enum import IntEnum
from typing import Self


class Errcode(IntEnum):
    """``errmsg`` is WeChat's English text, empty where none is known. Decide by code, never by text."""

    errmsg: str
    meaning: str

    def __new__(cls, code: int, errmsg: str, meaning: str) -> Self:
        member = int.__new__(cls, code)
        member._value_ = code
        member.errmsg = errmsg
        member.meaning = meaning
        return member

    @classmethod
    def find(cls, code: int) -> "Errcode | None":
        """The member for a code, None for one not listed here."""
        return _BY_CODE.get(code)

    SYSTEM_BUSY = -1, "system error", "WeChat is busy; try again later"

    INVALID_CREDENTIAL = (
        40001,
        "invalid credential, access_token is invalid or not latest",
        "the access_token is bogus, superseded or another app's",
    )
    INVALID_GRANT_TYPE = 40002, "invalid grant_type", "grant_type is missing or wrong for this endpoint"
    INVALID_OPENID = 40003, "invalid openid", "no such openid for this app"
    INVALID_APPID = 40013, "invalid appid", "no such app, or not the app the token or code belongs to"
    INVALID_ACCESS_TOKEN = 40014, "invalid access_token", "the access_token is malformed or of the wrong kind"
    INVALID_CODE = 40029, "invalid code", "the code is expired, unknown, used long ago or another app's"
    INVALID_REFRESH_TOKEN = 40030, "invalid refresh_token", "the user's refresh_token is not valid"
    INVALID_URL = 40066, "invalid url", "the path of the endpoint is misspelt"
    INVALID_REQUEST_SOURCE = (
        40090,
        "invalid request source (bad client ip)",
        "the app is run by a platform that has not registered this address",
    )
    INVALID_COMPONENT_CREDENTIAL = (
        40094,
        "invalid component credential",
        "the third-party platform's token is not valid",
    )
    INVALID_ARGS = 40097, "invalid args", "a parameter is missing or malformed"
    INVALID_APPSECRET = 40125, "invalid appsecret", "the AppSecret is wrong or was reset"
    CODE_USED = 40163, "code been used", "the code was exchanged before"
    IP_NOT_IN_WHITELIST = (
        40164,
        "invalid ip, not in whitelist",
        "our address is not on the app's IP allow-list",
    )
    CODE_BLOCKED = 40226, "code blocked", "WeChat holds the person for high-risk and refuses the login"
    APPSECRET_FROZEN = 40243, "", "the AppSecret was frozen by the app's administrator"

    ACCESS_TOKEN_MISSING = 41001, "access_token missing", "no access_token in the query string"
    APPID_MISSING = 41002, "appid missing", "no appid, or sent as JSON where a query string is expected"
    REFRESH_TOKEN_MISSING = 41003, "missing refresh_token", "no refresh_token in the query string"
    APPSECRET_MISSING = 41004, "appsecret missing", "no secret in the query string"
    CODE_MISSING = 41008, "missing code", "no code (js_code) in the query string"
    OPENID_MISSING = 41009, "missing openid", "no openid given"
    COMPONENT_APPID_MISSING = 41018, "missing component_appid", "no component_appid given"
    COMPONENT_ACCESS_TOKEN_MISSING = (
        41021,
        "missing component_access_token",
        "no component_access_token given",
    )

    ACCESS_TOKEN_EXPIRED = 42001, "access_token expired", "the access_token has expired"
    REFRESH_TOKEN_EXPIRED = 42002, "refresh_token expired", "the user has to consent again"
    CODE_EXPIRED = 42003, "code expired", "listed by WeChat, though 40029 is what it answers"
    COMPONENT_TOKEN_EXPIRED = 42006, "component token expired", "the third-party platform's token has expired"
    PASSWORD_CHANGED = 42007, "", "the user changed their password; their tokens are void"

    GET_REQUIRED = 43001, "require GET method", "the endpoint wants GET"
    POST_REQUIRED = 43002, "require POST method", "the endpoint wants POST"
    HTTPS_REQUIRED = 43003, "require https", "the endpoint wants HTTPS"
    OPENID_NOT_OF_APP = 43104, "", "the openid does not belong to this app"
    EMPTY_POST_DATA = 44002, "empty post data", "the body is empty"
    DAILY_QUOTA_REACHED = (
        45009,
        "reach max api daily quota limit",
        "today's quota is used up; it starts anew at midnight in Shanghai",
    )
    MINUTE_QUOTA_REACHED = (
        45011,
        "api minute-quota reach limit  mustslower  retry next minute",
        "too many calls in this minute",
    )
    DATA_FORMAT_ERROR = 47001, "data format error", "the body is not the JSON the endpoint wants"

    API_UNAUTHORIZED = 48001, "api unauthorized", "the app or this kind of token has no right to the endpoint"
    API_FORBIDDEN = (
        48004,
        "api forbidden for irregularities",
        "the endpoint was taken from the app as a penalty",
    )
    CLEAR_QUOTA_LIMIT = (
        48006,
        "forbid to clear quota because of reaching the limit",
        "the quota was cleared too often this month",
    )
    USER_UNAUTHORIZED = 50001, "user unauthorized", "the person has not granted this"
    USER_LIMITED = 50002, "user limited", "the account is frozen, migrated or cancelled"
    ACCOUNT_PUNISHED = (
        50004,
        "user not allow to use accesstoken, maybe for punishment",
        "the account may not use tokens",
    )
    ACCOUNT_FROZEN = 50007, "", "the account is frozen"

    NOT_AUTHORIZED_TO_COMPONENT = (
        61003,
        "component is not authorized by this account",
        "the account has not authorised the platform",
    )
    IP_NOT_REGISTERED = (
        61004,
        "access clientip is not registered",
        "our address is not on the platform's allow-list",
    )
    COMPONENT_TICKET_EXPIRED = (
        61005,
        "component ticket is expired",
        "the platform's verify ticket has expired",
    )
    COMPONENT_TICKET_INVALID = (
        61006,
        "component ticket is invalid",
        "the platform's verify ticket is not valid",
    )
    API_UNAUTHORIZED_TO_COMPONENT = (
        61007,
        "api is unauthorized to component",
        "the account did not grant the platform this endpoint",
    )
    VISIT_EXPIRED = 61010, "code is expired", "the person has not visited the mini program within 30 minutes"
    INVALID_COMPONENT = 61011, "invalid component", "no such third-party platform"
    COMPONENT_REFRESH_TOKEN_INVALID = (
        61023,
        "refresh_token is invalid",
        "the platform's refresh_token for this account is not valid",
    )
    COMPONENT_TOKEN_REQUIRED = 61024, "", "a platform's AppID has to use api_component_token"

    SESSION_KEY_EXPIRED = 87007, "session_key is not existd or expired", "no live session_key for this person"
    INVALID_SIG_METHOD = 87008, "invalid sig_method", "only hmac_sha256 is known"
    INVALID_SIGNATURE = 87009, "invalid signature", "signed with another session_key than the live one"
    NOT_BOUND_TO_OPEN_PLATFORM = 89002, "open not exists", "the app is bound to no Open Platform account"
    INVALID_TRADE = 89300, "invalid trade", "no such payment, or longer ago than five minutes"
    IP_PENDING = 89501, "", "an administrator is being asked about our address"
    IP_NEEDS_CONFIRMATION = 89503, "", "an administrator has to confirm our address"
    IP_REFUSED_FOR_A_DAY = 89506, "", "an administrator refused our address twice; wait 24 hours"
    IP_REFUSED_FOR_AN_HOUR = 89507, "", "an administrator refused our address; wait one hour"


_BY_CODE = {member.value: member for member in Errcode}
