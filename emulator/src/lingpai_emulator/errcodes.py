"""Which errmsg goes with an errcode, how the trace suffix is set, and how sure of it we are."""

from typing import Final, Literal

import msgspec

Mark = Literal["documented", "observed", "guessed"]
Family = Literal["sns", "other"]


class Row(msgspec.Struct, frozen=True):
    """One line of the table.

    `mark` is about the errmsg: documented on a page of developers.weixin.qq.com, observed in
    a real answer that somebody published, or guessed. `source` names the page or the answer.
    """

    errcode: int
    errmsg: str
    mark: Mark
    source: str
    family: Family | None = None  # None: the same words everywhere


_CODE2SESSION: Final = "page api_code2session"
_ACCESS: Final = "page api_getaccesstoken"
_RID: Final = "page api_getridinfo"
_PROBE: Final = "public probe log of the live API, 2026-09-17"

ROWS: Final = (
    Row(-1, "system error", "documented", _CODE2SESSION),
    Row(1, "data not exit", "documented", "page api_checkencryptedmsg"),
    Row(40001, "invalid credential, access_token is invalid or not latest", "observed", _PROBE, "sns"),
    Row(
        40001,
        "invalid credential, access_token is invalid or not latest, could get access_token by "
        "getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r",
        "observed",
        _PROBE,
        "other",
    ),
    Row(40002, "invalid grant_type", "observed", "published answer, 2026-01-09"),
    Row(40003, "invalid openid", "observed", "published answer, 2022-08-26"),
    Row(40013, "invalid appid", "observed", _PROBE),
    Row(40014, "invalid access_token", "observed", "published answers, 2021"),
    Row(40029, "invalid code", "observed", "published answers, 2018-2025"),
    Row(40030, "invalid refresh_token", "documented", "page api_snsrefreshtoken"),
    Row(40066, "invalid url", "observed", "published answers"),
    Row(40125, "invalid appsecret", "observed", "published answers, 2021-2026"),
    Row(40163, "code been used", "observed", "published answers, 2019-2024"),
    Row(
        40164,
        "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
        "observed",
        "published answers",
    ),
    Row(40097, "invalid args", "documented", "page api_resetusersessionkey"),
    Row(40226, "code blocked", "documented", _CODE2SESSION),
    Row(
        40243,
        "appsecret is frozen",
        "guessed",
        "the page says it in Chinese: AppSecret已被冻结，请解冻后再次调用",
    ),
    Row(41001, "access_token missing", "observed", _PROBE),
    Row(41002, "appid missing", "observed", "published answers, 2022"),
    Row(41003, "refresh_token missing", "observed", "published answer, about 2019"),
    Row(41004, "appsecret missing", "observed", "published answers, 2022-2026"),
    Row(41008, "missing code", "observed", "published answers, 2021-2024"),
    Row(41009, "missing openid", "documented", "page of global return codes"),
    Row(42001, "access_token expired", "observed", "published answers, 2020-2026"),
    Row(42002, "refresh_token expired", "documented", "page of global return codes"),
    Row(
        42007,
        "access_token and refresh_token exception",
        "guessed",
        "no source: the page tells the case, not the words",
    ),
    Row(43002, "require POST method", "documented", "page api_getstableaccesstoken"),
    Row(44002, "empty post data", "documented", "page of global return codes"),
    Row(45009, "reach max api daily quota limit", "documented", _ACCESS),
    Row(45011, "api minute-quota reach limit  mustslower  retry next minute", "documented", _CODE2SESSION),
    Row(47001, "data format error", "documented", "page of global return codes"),
    Row(48001, "api unauthorized", "documented", "page of global return codes"),
    Row(48006, "forbid to clear quota because of reaching the limit", "documented", "page api_clearapiquota"),
    Row(50002, "user limited", "observed", "published answers"),
    Row(50004, "user not allow to use accesstoken, maybe for punishment", "observed", "published answers"),
    Row(50007, "account is frozen", "guessed", "the page has no English words"),
    Row(61004, "access clientip is not registered", "documented", "page of the service-account guide"),
    Row(76001, "rid not found", "documented", _RID),
    Row(76002, "rid is error", "documented", _RID),
    Row(76003, "could not query this rid,no permission", "documented", _RID),
    Row(76004, "rid time is error", "documented", _RID),
    Row(76021, "cgi_path not found, please check", "observed", "published answer, 2022-07-26"),
    Row(76022, "could not use this cgi_path,no permission", "documented", "page api_getapiquota"),
    Row(87007, "session_key is not existd or expired", "documented", "page api_resetusersessionkey"),
    Row(87008, "invalid sig_method", "documented", "page api_resetusersessionkey"),
    Row(87009, "invalid signature", "documented", "page api_checksessionkey"),
    Row(89002, "open not exists", "documented", "page api_getpaidunionid"),
    Row(89300, "invalid trade", "documented", "page api_getpaidunionid"),
    Row(89501, "confirmation by the administrator is pending", "guessed", "the page has no English words"),
    Row(89503, "this ip needs confirmation by the administrator", "guessed", "the page has no English words"),
    Row(
        89506, "refused twice by the administrator, wait 24 hours", "guessed", "the page has no English words"
    ),
    Row(89507, "refused by the administrator, wait 1 hour", "guessed", "the page has no English words"),
)

_BY_FAMILY: Final = {(row.errcode, row.family): row for row in ROWS}
_UNKNOWN: Final = Row(0, "unknown error", "guessed", "no source: an errcode this table does not have")


def family(path: str) -> Family:
    """`/sns/*` sets its answers differently from everything else."""
    return "sns" if path.startswith("/sns/") else "other"


def find(errcode: int, path: str) -> Row:
    """The row for an errcode as the endpoint at this path words it."""
    return (
        _BY_FAMILY.get((errcode, None))
        or _BY_FAMILY.get((errcode, family(path)))
        or msgspec.structs.replace(_UNKNOWN, errcode=errcode)
    )
