"""What can be found of the machine: database, keys, network, clock, addresses."""

from typing import Final

from lingpai.admin.doctor.finding import FindingKind, row

DATABASE_OK: Final = row(
    "database_ok",
    "ok",
    ("The database reads and writes", "数据库可读写"),
    ("Schema {schema}, which is what this release works with.", "表结构版本 {schema}，与当前版本一致。"),
)
DATABASE_DOWN: Final = row(
    "database_down",
    "fault",
    ("The database cannot be used", "数据库不可用"),
    ("{reason}", "{reason}"),
    (
        "Look at database_url, at the server it names, and at the disk's free space.",
        "请检查 database_url、它指向的数据库服务，以及磁盘剩余空间。",
    ),
)
SCHEMA_OLD: Final = row(
    "schema_old",
    "fault",
    ("The database has another schema than this release needs", "数据库表结构版本不符"),
    ("Found {found}, wanted {wanted}.", "现为 {found}，需要 {wanted}。"),
    ("Run: lingpai migrate", "请执行：lingpai migrate"),
)
KEYS_OK: Final = row(
    "keys_ok",
    "ok",
    ("The master key opens this database", "主密钥可以解开本数据库"),
    (
        "{signing} signing keys and the AppSecrets of {apps} apps were opened.",
        "已解开 {signing} 个签名密钥和 {apps} 个应用的 AppSecret。",
    ),
)
MASTER_KEY_WRONG: Final = row(
    "master_key_wrong",
    "fault",
    ("The master key is not the one of this database", "主密钥与本数据库不符"),
    (
        "What is sealed here does not open: the key is another one, or rows were moved or changed.",
        "库中的密文无法解开：主密钥不对，或有记录被移动、改动过。",
    ),
    (
        "Restore the key that was in use when the database was made. Nobody can make another one.",
        "请恢复建库时使用的主密钥。它无法重新生成。",
    ),
)
SIGNING_KEY_MISSING: Final = row(
    "signing_key_missing",
    "warning",
    ("No key signs access tokens yet", "还没有令牌签名密钥"),
    ("The first server that starts makes one.", "第一台服务器启动时会自动生成。"),
)
WECHAT_REACHED: Final = row(
    "wechat_reached",
    "ok",
    ("WeChat answers", "可以连上微信"),
    (
        "{host} at {address}, in {milliseconds} ms; name, connection and certificate are in order.",
        "{host}（{address}），耗时 {milliseconds} 毫秒；域名解析、连接、证书均正常。",
    ),
)
WECHAT_NOT_REACHED: Final = row(
    "wechat_not_reached",
    "fault",
    ("WeChat cannot be reached", "无法连上微信"),
    ("{host}: {stage}", "{host}：{stage}"),
    (
        "Open the way out from this machine to {host}, port 443, and look at its DNS server.",
        "请放行本机到 {host} 443 端口的出站访问，并检查 DNS 设置。",
    ),
)
FALLBACK_NOT_REACHED: Final = row(
    "fallback_not_reached",
    "warning",
    ("A host that would stand in cannot be reached", "有备用域名连不上"),
    ("{host}: {stage}", "{host}：{stage}"),
    (
        "Open the way out to it, or name other hosts in wechat_fallback_urls.",
        "请放行到该域名的出站访问，或在 wechat_fallback_urls 中改用其他域名。",
    ),
)
NOT_WECHAT: Final = row(
    "not_wechat",
    "warning",
    ("Calls go somewhere else than to WeChat", "接口地址不是微信官方地址"),
    ("wechat_base_url is {url}.", "wechat_base_url 为 {url}。"),
    (
        "Right for the emulator; in production take the setting out.",
        "连接模拟器时正常；生产环境请去掉该设置。",
    ),
)
CLOCK_OK: Final = row(
    "clock_ok",
    "ok",
    ("The clock agrees with WeChat's", "本机时钟与微信一致"),
    ("{seconds} s apart.", "相差 {seconds} 秒。"),
)
CLOCK_OFF: Final = row(
    "clock_off",
    "warning",
    ("The clock is off", "本机时钟有偏差"),
    (
        "{seconds} s from WeChat's. Watermarks, signatures and pushed events are judged by their time.",
        "与微信相差 {seconds} 秒。水印、签名和推送事件都按时间校验。",
    ),
    ("Switch time synchronisation on: timedatectl set-ntp true", "请开启时间同步：timedatectl set-ntp true"),
)
CLOCK_WRONG: Final = row(
    "clock_wrong",
    "fault",
    ("The clock is wrong", "本机时钟错误"),
    (
        "{seconds} s from WeChat's: encrypted data and pushed events will be refused as too old or not yet valid.",
        "与微信相差 {seconds} 秒：加密数据和推送事件会因时间不符被拒绝。",
    ),
    ("Switch time synchronisation on: timedatectl set-ntp true", "请开启时间同步：timedatectl set-ntp true"),
)
CLOCK_UNKNOWN: Final = row(
    "clock_unknown",
    "warning",
    ("The clock could not be compared", "无法核对本机时钟"),
    ("The answer carried no date.", "响应中没有日期。"),
)
PUBLIC_URL_OK: Final = row(
    "public_url_ok",
    "ok",
    ("public_url can be entered at WeChat", "public_url 可以填入微信后台"),
    ("{url}", "{url}"),
)
PUBLIC_URL_LOCAL: Final = row(
    "public_url_local",
    "warning",
    ("public_url is an address of this machine only", "public_url 只是本机地址"),
    (
        "{url} is reached from here and by DevTools with domain checks off, by no phone and not by WeChat.",
        "{url} 只有本机和关闭了域名校验的开发者工具能访问，手机和微信都访问不到。",
    ),
    (
        "Set public_url to https:// and a domain that is registered (备案), and lead it here.",
        "请把 public_url 设为 https:// 加已备案的域名，并解析到这里。",
    ),
)
PUBLIC_URL_UNFIT: Final = row(
    "public_url_unfit",
    "fault",
    ("public_url cannot be entered at WeChat", "public_url 无法填入微信后台"),
    ("{url}: {why}", "{url}：{why}"),
    (
        "WeChat takes https and a registered domain name (备案), never an IP address. Set public_url accordingly.",
        "微信只接受 https 和已备案的域名，不接受 IP。请相应修改 public_url。",
    ),
)
PROXIES_UNSET: Final = row(
    "proxies_unset",
    "warning",
    ("No proxy in front is trusted", "没有设置可信的前置代理"),
    (
        (
            "public_url is https and this server speaks http on {host}, so there is a proxy; without trusted_proxies every "
            "visitor has the proxy's address, and all share its limits."
        ),
        (
            "public_url 是 https，而本服务在 {host} 上提供 http，说明前面有代理；不设置 trusted_proxies，所有访客都显示为代理的 IP，"
            "并共用它的限额。"
        ),
    ),
    (
        "Set trusted_proxies to the proxy's address, for example 127.0.0.1.",
        "请把 trusted_proxies 设为代理的地址，例如 127.0.0.1。",
    ),
)
PROXY_IGNORED: Final = row(
    "proxy_ignored",
    "warning",
    ("A proxy of the environment is not used", "环境变量中的代理不会被使用"),
    (
        (
            "{variables} is set; calls to WeChat go out directly all the same, so that the address on the allow-list "
            "does not depend on the shell."
        ),
        "设置了 {variables}；访问微信仍然直连，以免 IP 白名单随 shell 环境变化。",
    ),
    (
        "If only that proxy leads out, let the machine's route or firewall lead there.",
        "如果只有经过代理才能出网，请在路由或防火墙层面转发。",
    ),
)
WEBHOOKS_DEAD: Final = row(
    "webhooks_dead",
    "warning",
    ("Backends did not take what they were told", "有 webhook 消息未被接收"),
    ("{dead} messages were given up; {waiting} wait.", "已放弃 {dead} 条，{waiting} 条等待中。"),
    (
        "lingpai webhooks deliveries --state dead, mend the receiver, then lingpai webhooks redeliver.",
        "执行 lingpai webhooks deliveries --state dead 查看，修复接收方后执行 lingpai webhooks redeliver。",
    ),
)
KINDS: Final = tuple(value for value in list(globals().values()) if isinstance(value, FindingKind))
