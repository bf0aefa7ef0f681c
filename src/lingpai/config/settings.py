"""Every setting: its name, its default, its words. The documentation is made from this table."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from lingpai.config import checks
from lingpai.errors import Words

Check = Callable[[Any], str | None]


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting: `name` in lingpai.toml, `LINGPAI_NAME` in the environment."""

    name: str
    type: type
    default: Any
    words: Words
    check: Check = checks.anything
    secret: bool = False
    """Never in lingpai.toml: it comes from the environment, or from the file that `NAME_file` names."""

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return f"LINGPAI_{self.name.upper()}"


SETTINGS: Final = (
    Setting(
        name="host",
        type=str,
        default="127.0.0.1",
        words=Words("Address to listen on.", "监听地址。"),
    ),
    Setting(
        name="port",
        type=int,
        default=8000,
        check=checks.port,
        words=Words("Port to listen on; 0 picks a free one.", "监听端口；0 表示自动选择空闲端口。"),
    ),
    Setting(
        name="public_url",
        type=str,
        default="",
        check=checks.public_url,
        words=Words(
            "The URL under which clients reach this server; the issuer of its tokens. "
            "Empty: http://host:port.",
            "客户端访问本服务器的 URL，也是令牌的签发者（issuer）。留空则为 http://host:port。",
        ),
    ),
    Setting(
        name="database_url",
        type=str,
        default="sqlite:///lingpai.db",
        check=checks.database_url,
        words=Words(
            "The database: `sqlite:///file` (three slashes relative, four absolute), "
            "`postgresql://user:password@host:port/database`, or `mysql://…` for MySQL and MariaDB.",
            "数据库：`sqlite:///文件`（三个斜杠为相对路径，四个为绝对路径）、"
            "`postgresql://user:password@host:port/database`，MySQL 与 MariaDB 用 `mysql://…`。",
        ),
    ),
    Setting(
        name="master_key",
        type=str,
        default="",
        check=checks.master_key,
        secret=True,
        words=Words(
            "The key that everything at rest is sealed under: 32 bytes in base64. Losing it loses the data.",
            "静态加密的主密钥：32 字节，base64。丢失即丢失数据。",
        ),
    ),
    Setting(
        name="master_key_file",
        type=str,
        default="lingpai.key",
        words=Words(
            "The file that holds master_key; readable by its owner only.",
            "存放 master_key 的文件，仅所有者可读。",
        ),
    ),
    Setting(
        name="wechat_base_url",
        type=str,
        default="https://api.weixin.qq.com",
        check=checks.upstream_url,
        words=Words(
            "Where WeChat is. Plain http only to this machine, for the emulator.",
            "微信接口地址。只有访问本机（模拟器）时才允许 http。",
        ),
    ),
    Setting(
        name="wechat_connect_timeout",
        type=float,
        default=1.0,
        check=checks.positive,
        words=Words("Seconds to connect to WeChat.", "连接微信的超时（秒）。"),
    ),
    Setting(
        name="wechat_read_timeout",
        type=float,
        default=3.0,
        check=checks.positive,
        words=Words("Seconds without a byte from WeChat.", "等待微信数据的超时（秒）。"),
    ),
    Setting(
        name="wechat_total_timeout",
        type=float,
        default=5.0,
        check=checks.positive,
        words=Words("Seconds for a whole call, waiting included.", "一次调用的总时限（秒），含排队。"),
    ),
    Setting(
        name="wechat_in_flight_per_app",
        type=int,
        default=64,
        check=checks.positive,
        words=Words(
            "Calls to WeChat under way at once for one app; as many again may wait.",
            "每个应用同时进行的微信调用数；另可有同样数量排队。",
        ),
    ),
    Setting(
        name="access_token_lifetime",
        type=int,
        default=900,
        check=checks.within(60, 3600),
        words=Words("Seconds an access token lives.", "访问令牌有效期（秒）。"),
    ),
    Setting(
        name="session_lifetime",
        type=int,
        default=30 * 86_400,
        check=checks.within(300, 400 * 86_400),
        words=Words(
            "Seconds until a session ends for good, however often it is refreshed.",
            "会话的最长寿命（秒），刷新不会延长。",
        ),
    ),
    Setting(
        name="refresh_grace",
        type=int,
        default=30,
        check=checks.within(0, 300),
        words=Words(
            "Seconds within which the same client may repeat a refresh whose answer it lost.",
            "同一客户端丢失响应后，可重复同一次刷新的时间（秒）。",
        ),
    ),
    Setting(
        name="keep_logins_days",
        type=int,
        default=180,
        check=checks.within(1, 3650),
        words=Words("Days the history of logins is kept.", "登录历史的保留天数。"),
    ),
    Setting(
        name="shutdown_grace",
        type=float,
        default=3.0,
        check=checks.not_negative,
        words=Words(
            "Seconds between turning unready and refusing connections, for the load balancer to notice.",
            "从变为未就绪到停止接受连接之间的秒数，留给负载均衡摘除节点。",
        ),
    ),
    Setting(
        name="shutdown_drain",
        type=float,
        default=25.0,
        check=checks.not_negative,
        words=Words("Seconds that requests under way get to finish.", "退出前等待进行中请求完成的秒数。"),
    ),
    Setting(
        name="log_level",
        type=str,
        default="info",
        check=checks.one_of("debug", "info", "warning", "error"),
        words=Words("`debug`, `info`, `warning` or `error`.", "`debug`、`info`、`warning` 或 `error`。"),
    ),
    Setting(
        name="log_format",
        type=str,
        default="json",
        check=checks.one_of("json", "console"),
        words=Words("`json` for machines, `console` for people.", "`json` 供机器读取，`console` 供人阅读。"),
    ),
)
