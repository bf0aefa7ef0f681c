"""Why a page is an error page, in both languages: what a developer wants to know and WeChat never says."""

from typing import Final, Literal

import msgspec

Language = Literal["en", "zh"]

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "no_appid": (
        "There is no appid. Mind the case: it is appid, not appId.",
        "链接里没有 appid。注意大小写：是 appid，不是 appId。",
    ),
    "unknown_appid": (
        "There is no app {appid}. GET /__emulator__/apps lists them.",
        "没有 {appid} 这个应用。GET /__emulator__/apps 可列出全部应用。",
    ),
    "is_website": (
        "{appid} is a website. It uses /connect/qrconnect.",
        "{appid} 是网站应用，应使用 /connect/qrconnect。",
    ),
    "is_miniprogram": (
        "{appid} is a mini program. It uses wx.login.",
        "{appid} 是小程序，应使用 wx.login。",
    ),
    "no_website": (
        "{appid} is no verified website.",
        "{appid} 不是已认证的网站应用。",
    ),
    "banned": ("{app} is banned.", "{app} 已被封禁。"),
    "unverified": ("{app} is not verified.", "{app} 未认证。"),
    "order": (
        "The parameters come as {given}. The order must be {order}.",
        "参数顺序是 {given}，应为 {order}。",
    ),
    "no_redirect_uri": ("There is no redirect_uri.", "链接里没有 redirect_uri。"),
    "odd_redirect_uri": (
        "redirect_uri is no http or https URL with a host. Is it encoded?",
        "redirect_uri 不是带主机名的 http 或 https 地址。编码了吗？",
    ),
    "port": (
        "redirect_uri has the port {port}. WeChat takes none.",
        "redirect_uri 带有端口 {port}，微信不允许带端口。",
    ),
    "other_host": (
        "redirect_uri goes to {host}. The domain of {app} is {domain}.",
        "redirect_uri 指向 {host}，而 {app} 的网页授权域名是 {domain}。",
    ),
    "no_domain": (
        "redirect_uri goes to {host}. {app} has no redirect_domain.",
        "redirect_uri 指向 {host}，而 {app} 没有设置网页授权域名（redirect_domain）。",
    ),
    "response_type": ("response_type must be code.", "response_type 必须是 code。"),
    "no_scope": ("There is no scope.", "链接里没有 scope。"),
    "other_scope": ("scope must be one of {known}.", "scope 只能是 {known}。"),
    "empty_state": ("state is empty.", "state 为空。"),
    "no_state": (
        "There is no state, and state_required is on.",
        "没有 state，而开关 state_required 已打开。",
    ),
    "long_state": ("state has {size} bytes. 128 is the most.", "state 有 {size} 字节，最多 128 字节。"),
    "odd_state": (
        "state has other characters than letters and digits.",
        "state 含有字母和数字以外的字符。",
    ),
    "component": (
        "{app} has authorized no third-party platform: there are none here.",
        "{app} 没有授权第三方平台：模拟器里没有第三方平台。",
    ),
    "not_followed": (
        "{app} is a test account, and {person} does not follow it.",
        "{app} 是测试号，而 {person} 没有关注它。",
    ),
    "too_often": (
        "{person} had {quota} authorizations in {app} this minute.",
        "{person} 这一分钟内在 {app} 已授权 {quota} 次。",
    ),
    "nobody": (
        "This WeChat has no people. POST /__emulator__/people adds one.",
        "这个微信里没有用户。POST /__emulator__/people 可以添加。",
    ),
    "fault": ("A fault was ordered for this answer.", "这次响应被设定了故障。"),
}


class Reason(msgspec.Struct, frozen=True):
    """One of the reasons above, and what it speaks of."""

    name: str
    about: tuple[tuple[str, str], ...] = ()

    def told(self, language: Language) -> str:
        return _WORDS[self.name][language == "zh"].format_map(dict(self.about))


def reason(name: str, **about: str | int) -> Reason:
    return Reason(name, tuple((key, str(value)) for key, value in about.items()))
