"""The settings of several nodes: what they tell one another by, and how often somebody may ask them."""

from typing import Final

from lingpai.config import checks
from lingpai.config.setting import Setting
from lingpai.errors import Words

_MOST: Final = 10_000_000

LIMIT_SETTINGS: Final = (
    Setting(
        name="redis_url",
        type=str,
        default="",
        check=checks.redis_url,
        words=Words(
            "`redis://`, `rediss://` or `unix://`: by it nodes tell each other at once what they otherwise see in the "
            "database half a second later, and share rate limits. Empty: by the database alone. It may be lost or emptied at "
            "any time. Needs `pip install 'lingpai[redis]'`. With a password, use the environment.",
            "`redis://`、`rediss://` 或 `unix://`：各节点借此立即互相通知（否则半秒后从数据库看到），并共享限流计数。"
            "留空则只用数据库。Redis 随时可以丢失或清空。需要 `pip install 'lingpai[redis]'`。URL 含密码时请用环境变量。",
        ),
    ),
    Setting(
        name="rate_limits",
        type=bool,
        default=True,
        words=Words(
            "Whether requests are limited at all, by the settings below. Guesses of an operator's password are limited "
            "in any case.",
            "是否按下列设置限制请求频率。管理员密码的尝试次数始终受限。",
        ),
    ),
    Setting(
        name="rate_limit_address",
        type=int,
        default=600,
        check=checks.within(0, _MOST),
        words=Words(
            "Requests a minute from one address (of IPv6: one /64) of those who have not signed in: logins, refreshes, "
            "browsers on their way to WeChat and back, tokens and keys that are none. Many people share an address; 0 is "
            "no limit. Behind a proxy, set `trusted_proxies` first.",
            "每个 IP（IPv6 为每个 /64）每分钟的未登录请求数：登录、刷新、往返微信的浏览器跳转、无效的令牌和密钥。"
            "一个 IP 后面可能有很多用户；0 表示不限。有前置代理时请先设置 `trusted_proxies`。",
        ),
    ),
    Setting(
        name="rate_limit_address_burst",
        type=int,
        default=200,
        check=checks.within(1, _MOST),
        words=Words("How many of them may come at once.", "其中允许同时到达的请求数。"),
    ),
    Setting(
        name="rate_limit_failed_codes",
        type=int,
        default=30,
        check=checks.within(0, _MOST),
        words=Words(
            "Codes a minute from one address that were invalid or used, before WeChat is asked no more for it; 0 is no "
            "limit.",
            "每个 IP 每分钟允许提交的无效或已用 code 数，超出后不再为它询问微信；0 表示不限。",
        ),
    ),
    Setting(
        name="rate_limit_openid",
        type=int,
        default=60,
        check=checks.within(0, _MOST),
        words=Words(
            "Logins, and calls for which WeChat is asked or data is decrypted, a minute for one openid, a third of them "
            "at once. WeChat allows 100 (45011). 0 is no limit.",
            "每个 openid 每分钟的登录次数，以及需要询问微信或解密数据的调用次数，其中三分之一可以同时到达。微信允许 100 次"
            "（45011）。0 表示不限。",
        ),
    ),
    Setting(
        name="rate_limit_service_key",
        type=int,
        default=120_000,
        check=checks.within(0, _MOST),
        words=Words(
            "Requests a minute for access_tokens with one service key, a third of them at once; 0 is no limit.",
            "每个服务密钥每分钟获取 access_token 的请求数，其中三分之一可以同时到达；0 表示不限。",
        ),
    ),
)
