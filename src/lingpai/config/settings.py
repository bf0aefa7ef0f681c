"""Every setting: its name, its default, its words. The documentation is made from this table."""

from typing import Final

from lingpai.config import checks
from lingpai.config.setting import Setting
from lingpai.config.settings_limits import LIMIT_SETTINGS
from lingpai.errors import Words

SETTINGS: Final[tuple[Setting, ...]] = (
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
        name="master_key_command",
        type=str,
        default="",
        check=checks.command,
        words=Words(
            "A program that prints master_key, with its arguments, such as `vault kv get -field=key secret/lingpai`. "
            "It runs without a shell, may take ten seconds, and is asked at every start. Instead of master_key and "
            "master_key_file, never beside them.",
            "输出 master_key 的程序及其参数，例如 `vault kv get -field=key secret/lingpai`。不经过 shell 执行，限时十秒，"
            "每次启动都会调用。与 master_key、master_key_file 三者只能取其一。",
        ),
    ),
    Setting(
        name="master_key_previous",
        type=str,
        default="",
        check=checks.master_key,
        secret=True,
        words=Words(
            "The former master_key, while it is being changed: a server opens the database with either.",
            "更换主密钥期间的旧 master_key：服务器用新旧任一个都能打开数据库。",
        ),
    ),
    Setting(
        name="master_key_previous_file",
        type=str,
        default="",
        words=Words(
            "The file that holds master_key_previous; readable by its owner only.",
            "存放 master_key_previous 的文件，仅所有者可读。",
        ),
    ),
    Setting(
        name="master_key_previous_command",
        type=str,
        default="",
        check=checks.command,
        words=Words(
            "A program that prints master_key_previous, run as master_key_command is.",
            "输出 master_key_previous 的程序，执行方式同 master_key_command。",
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
        name="wechat_open_url",
        type=str,
        default="https://open.weixin.qq.com",
        check=checks.upstream_url,
        words=Words(
            "Where browsers are sent to be asked by WeChat. Plain http only to this machine, for the emulator.",
            "浏览器跳转到微信授权页的地址。只有访问本机（模拟器）时才允许 http。",
        ),
    ),
    Setting(
        name="wechat_fallback_urls",
        type=str,
        default="auto",
        check=checks.upstream_urls,
        words=Words(
            "Hosts that stand in while no connection to `wechat_base_url` opens, with commas between them. `auto`: "
            "WeChat's own further hosts, if that is WeChat's; `none`: none.",
            "无法连接 `wechat_base_url` 时的备用地址，以逗号分隔。`auto`：主地址为微信官方时使用微信的其他域名；`none`：不使用。",
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
        name="keep_logins_rows",
        type=int,
        default=1_000_000,
        check=checks.within(1_000, 1_000_000_000),
        words=Words(
            "Lines the history of logins has at most; the oldest go first.",
            "登录历史最多保留的行数，超出时先删最早的。",
        ),
    ),
    Setting(
        name="record_logins",
        type=bool,
        default=True,
        words=Words(
            "Keep a timeline of every login, and counts by the minute. Off: the lines of the history alone.",
            "记录每次登录的时间线和每分钟的次数。关闭后只保留登录历史本身。",
        ),
    ),
    Setting(
        name="ledger_file",
        type=str,
        default="",
        words=Words(
            "The file for the ledger of erased people and revoked service keys, with which a restored backup forgets "
            "again. Empty: beside the SQLite file, with `.ledger` behind its name, and none for other databases. "
            "`none`: none.",
            "删除账本文件：记录已删除的用户和已吊销的服务密钥，恢复备份后据此再次删除。留空：SQLite 放在数据库文件旁（文件名加 `.ledger`），"
            "其他数据库不写。`none`：不写。",
        ),
    ),
    Setting(
        name="avatar_dir",
        type=str,
        default="avatars",
        words=Words(
            "The folder for avatars; made when the first one comes. Several servers need a shared one, or S3.",
            "存放头像的目录，首次上传时创建。多台服务器须共用一个目录，或使用 S3。",
        ),
    ),
    Setting(
        name="avatar_s3_bucket",
        type=str,
        default="",
        check=checks.bucket,
        words=Words(
            "A bucket of an S3-compatible store for avatars, instead of the folder; needs `pip install 'lingpai[s3]'`. "
            "Credentials come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, or the machine's role.",
            "存放头像的 S3 兼容存储桶，代替目录；需要 `pip install 'lingpai[s3]'`。"
            "凭据来自 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY 或机器角色。",
        ),
    ),
    Setting(
        name="avatar_s3_endpoint",
        type=str,
        default="",
        check=checks.public_url,
        words=Words(
            "The URL of the S3-compatible store; empty: Amazon's. Plain http only to this machine.",
            "S3 兼容存储的 URL，留空为亚马逊。只有访问本机时才允许 http。",
        ),
    ),
    Setting(
        name="avatar_s3_region",
        type=str,
        default="",
        words=Words("The bucket's region.", "存储桶所在地域。"),
    ),
    Setting(
        name="watermark_max_age",
        type=int,
        default=300,
        check=checks.within(30, 86_400),
        words=Words(
            "Seconds that encrypted data of WeChat may be old; the clock may be off by as much.",
            "微信加密数据水印允许的最大时间差（秒），也包含时钟误差。",
        ),
    ),
    Setting(
        name="phone_per_user_daily",
        type=int,
        default=5,
        check=checks.not_negative,
        words=Words(
            "Phone numbers one user may ask for in a day (Shanghai time); each press costs the operator money.",
            "每位用户每天（北京时间）可获取手机号的次数；每次点击都会产生费用。",
        ),
    ),
    Setting(
        name="phone_per_address_daily",
        type=int,
        default=200,
        check=checks.not_negative,
        words=Words(
            "Phone numbers asked for from one address in a day; many users may share an address.",
            "每个 IP 每天可获取手机号的次数；一个 IP 后面可能有很多用户。",
        ),
    ),
    Setting(
        name="phone_per_app_daily",
        type=int,
        default=10_000,
        check=checks.not_negative,
        words=Words("Phone numbers one app may ask for in a day.", "每个应用每天可获取手机号的次数。"),
    ),
    Setting(
        name="trusted_proxies",
        type=str,
        default="",
        check=checks.networks,
        words=Words(
            "Addresses or networks of the proxies in front, with commas; only their X-Forwarded-For is believed.",
            "前置代理的 IP 或网段，逗号分隔；只相信它们写入的 X-Forwarded-For。",
        ),
    ),
    *LIMIT_SETTINGS,
    Setting(
        name="webhook_networks",
        type=str,
        default="",
        check=checks.networks,
        words=Words(
            "Networks that webhooks may lead into although they are not public, with commas: `10.0.0.0/8`. Plain http "
            "only to this machine, when it is named (`127.0.0.0/8`).",
            "webhook 可以访问的非公网网段，逗号分隔，例如 `10.0.0.0/8`。只有列出本机（`127.0.0.0/8`）时才允许向本机使用 http。",
        ),
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
        name="otel_endpoint",
        type=str,
        default="",
        check=checks.collector_url,
        words=Words(
            "Where traces are sent by OTLP over HTTP, `http://collector:4318/v1/traces`; empty: nowhere. Needs "
            "`pip install 'lingpai[otel]'`.",
            "链路追踪的 OTLP/HTTP 接收地址，例如 `http://collector:4318/v1/traces`；留空则不追踪。需要 `pip install 'lingpai[otel]'`。",
        ),
    ),
    Setting(
        name="otel_sample",
        type=float,
        default=0.1,
        check=checks.share,
        words=Words("Share of the requests that are traced, 0 to 1.", "被追踪请求的比例，0 到 1。"),
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
