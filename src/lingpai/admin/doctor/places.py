"""Where things stand in WeChat's consoles, and whether WeChat takes an address at all."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from lingpai.errors import Words
from lingpai.model import AppKind

CONSOLE: Final[dict[AppKind, Words]] = {
    "miniprogram": Words(
        "mp.weixin.qq.com → 开发管理 → 开发设置",
        "mp.weixin.qq.com → 开发管理 → 开发设置",
    ),
    "official_account": Words(
        "mp.weixin.qq.com → 设置与开发 → 开发接口管理",
        "mp.weixin.qq.com → 设置与开发 → 开发接口管理",
    ),
    "website": Words(
        "open.weixin.qq.com → 管理中心 → 网站应用 → 查看",
        "open.weixin.qq.com → 管理中心 → 网站应用 → 查看",
    ),
}
ACCOUNT_FUNCTIONS: Final = Words(
    "mp.weixin.qq.com → 设置与开发 → 账号设置 → 功能设置",
    "mp.weixin.qq.com → 设置与开发 → 账号设置 → 功能设置",
)
CALLBACK_BOX: Final[dict[AppKind, str]] = {
    "miniprogram": "",
    "official_account": "网页授权域名",
    "website": "授权回调域",
}

_LOCAL: Final = ("localhost", "127.0.0.1", "::1")
_NOT_HTTPS: Final = Words("it is not https", "不是 https")
_AN_ADDRESS: Final = Words("an IP address is no domain", "IP 地址不能作为域名")
_THIS_MACHINE: Final = Words("only this machine reaches it", "只有本机能访问")
_A_PORT: Final = Words("a domain for signing in has no port", "授权回调域名不能带端口")


def unfit(url: str, *, any_port: bool = True) -> Words | None:
    """Why WeChat would not take this URL's host; None when it would."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in _LOCAL:
        return _THIS_MACHINE
    try:
        ip_address(host)
    except ValueError:
        pass
    else:
        return _AN_ADDRESS
    if parts.scheme != "https":
        return _NOT_HTTPS
    if parts.port is not None and not any_port:
        return _A_PORT
    return None


def is_local(url: str) -> bool:
    """Whether the URL leads to the machine it is read on."""
    return (urlsplit(url).hostname or "") in _LOCAL
