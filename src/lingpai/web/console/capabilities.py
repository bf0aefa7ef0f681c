"""What an account of a kind can do at WeChat, and under which conditions: so that nobody looks for a fault here."""

from typing import Final, Literal

import msgspec

from lingpai.errors import Words
from lingpai.model import AppKind

Can = Literal["yes", "no", "if"]


class Capability(msgspec.Struct, frozen=True):
    """One thing, and what WeChat wants for it."""

    what: Words
    can: Can
    why: Words


_UNIONID: Final = Capability(
    Words("unionid", "unionid"),
    "if",
    Words(
        "Once the account is bound to an open-platform account, which costs ¥300 a year to verify.",
        "账号须绑定到微信开放平台账号（平台认证每年 300 元）。",
    ),
)
_PHONE_ELSEWHERE: Final = Capability(
    Words("Phone number", "手机号"), "no", Words("Mini programs only.", "仅小程序支持。")
)

CAPABILITIES: Final[dict[AppKind, tuple[Capability, ...]]] = {
    "miniprogram": (
        Capability(
            Words("Sign-in by `wx.login`", "`wx.login` 登录"),
            "yes",
            Words("Every account, personal ones too.", "所有账号均可，包括个人账号。"),
        ),
        Capability(
            Words("Phone number", "手机号"),
            "if",
            Words(
                "Verified accounts that are not personal. After 1,000 free calls each one costs ¥0.03.",
                "仅限已认证的非个人账号。前 1000 次免费，之后每次 0.03 元。",
            ),
        ),
        _UNIONID,
        Capability(
            Words("JS-SDK", "JS-SDK"),
            "no",
            Words("A web-view uses the official account's.", "web-view 页面使用公众号的 JS-SDK。"),
        ),
    ),
    "official_account": (
        Capability(
            Words("Sign-in inside WeChat", "微信内网页登录"),
            "if",
            Words(
                "Verified service accounts; the domain stands under web authorization. Verification lapses after a year.",
                "仅限已认证的服务号，并须配置网页授权域名。认证每年到期。",
            ),
        ),
        Capability(Words("JS-SDK", "JS-SDK"), "if", Words("Verified accounts.", "仅限已认证的账号。")),
        _UNIONID,
        _PHONE_ELSEWHERE,
    ),
    "website": (
        Capability(
            Words("Sign-in by QR code", "扫码登录"),
            "if",
            Words(
                "An approved website application of a verified open-platform account.",
                "须为已认证开放平台账号下审核通过的网站应用。",
            ),
        ),
        Capability(
            Words("unionid", "unionid"),
            "yes",
            Words("The account is an open-platform one.", "账号本身属于开放平台。"),
        ),
        Capability(
            Words("`access_token` of `cgi-bin`", "`cgi-bin` 的 `access_token`"),
            "no",
            Words("Website applications have none.", "网站应用没有这类凭据。"),
        ),
        _PHONE_ELSEWHERE,
    ),
}
