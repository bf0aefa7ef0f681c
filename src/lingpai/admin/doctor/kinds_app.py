"""What can be found of one app: its credentials, its address at WeChat, the domains to enter, its tokens."""

from typing import Final

from lingpai.admin.doctor.finding import FindingKind, row

LOGIN_OK: Final = row(
    "login_ok",
    "ok",
    ("{app}: logins: AppID and AppSecret are good", "{app}：登录凭据有效"),
    (
        "WeChat refused a made-up code with 40029, which it does only after it took the credentials.",
        "用虚构的 code 调用，微信返回 40029，说明凭据已被接受。",
    ),
)
TOKEN_OK: Final = row(
    "token_ok",
    "ok",
    ("{app}: access_token: credentials and address are good", "{app}：access_token 的凭据和出口 IP 有效"),
    (
        (
            "stable_token gave one without ending any other. WeChat takes calls from this machine's address; it names the "
            "address only where it refuses it."
        ),
        "stable_token 正常返回，且不影响其他 token。微信接受本机的出口 IP；只有拒绝时才会告知具体地址。",
    ),
)
SECRET_WRONG: Final = row(
    "secret_wrong",
    "fault",
    ("{app}: {credential}: the AppSecret is wrong (40125)", "{app}：{credential}：AppSecret 错误（40125）"),
    (
        "The AppSecret …{last4} was reset, mistyped, or is another app's.",
        "AppSecret …{last4} 已被重置、填错，或属于其他应用。",
    ),
    (
        "Copy the present one: {console}. Then: lingpai apps rotate-secret {app}",
        "请到 {console} 获取当前的 AppSecret，再执行：lingpai apps rotate-secret {app}",
    ),
)
SECRET_FROZEN: Final = row(
    "secret_frozen",
    "fault",
    (
        "{app}: {credential}: the AppSecret is frozen (40243)",
        "{app}：{credential}：AppSecret 已冻结（40243）",
    ),
    ("An administrator of the app froze it.", "该应用的管理员冻结了它。"),
    (
        "Unfreeze it: {console}. It takes ten minutes.",
        "请到 {console} 解冻，约十分钟生效。",
    ),
)
APPID_UNKNOWN: Final = row(
    "appid_unknown",
    "fault",
    (
        "{app}: {credential}: WeChat knows no AppID {appid} (40013)",
        "{app}：{credential}：AppID {appid} 无效（40013）",
    ),
    (
        "It is mistyped, of an account that was deleted, or registered here as another kind of app ({kind}).",
        "AppID 填错、账号已注销，或在本服务注册的类型（{kind}）不对。",
    ),
    (
        "Compare it with {console}, remove the app and add it again.",
        "请与 {console} 核对，删除后重新添加。",
    ),
)
ACCOUNT_RESTRICTED: Final = row(
    "account_restricted",
    "fault",
    (
        "{app}: {credential}: the account is restricted ({errcode})",
        "{app}：{credential}：账号受限（{errcode}）",
    ),
    (
        "WeChat has limited, punished or frozen the account.",
        "微信对该账号做了限制、处罚或冻结。",
    ),
    (
        "Read the notices of the account: {console}.",
        "请查看账号的站内通知：{console}。",
    ),
)
IP_NOT_ALLOWED: Final = row(
    "ip_not_allowed",
    "fault",
    (
        "{app}: this server's address is not on the allow-list ({errcode})",
        "{app}：出口 IP 不在白名单（{errcode}）",
    ),
    (
        "WeChat sees this machine as {ip}. Logins do not need the list; access_tokens do.",
        "微信看到的出口 IP 是 {ip}。登录不受白名单限制，获取 access_token 受限。",
    ),
    (
        "Add this line: {ip} at {console}. It takes about five minutes.",
        "请到 {console} 添加这一行：{ip}。约五分钟生效。",
    ),
)
IP_UNCONFIRMED: Final = row(
    "ip_unconfirmed",
    "fault",
    (
        "{app}: an administrator has to confirm this server's address ({errcode})",
        "{app}：出口 IP 待管理员确认（{errcode}）",
    ),
    (
        "The app has no allow-list, and WeChat asks its administrator about addresses it does not know.",
        "该应用没有设置白名单，微信会就陌生 IP 询问管理员。",
    ),
    (
        "Confirm the message that the administrator got in WeChat, or add the address to the allow-list: {console}.",
        "请管理员在微信中确认该通知，或到 {console} 把 IP 加入白名单。",
    ),
)
CREDENTIAL_BUSY: Final = row(
    "credential_untried",
    "warning",
    ("{app}: {credential}: could not be tried", "{app}：{credential}：未能检测"),
    ("{what}", "{what}"),
    ("Try again in a minute.", "请一分钟后再试。"),
)
CREDENTIAL_REFUSED: Final = row(
    "credential_refused",
    "fault",
    ("{app}: {credential}: WeChat answered {errcode}", "{app}：{credential}：微信返回 {errcode}"),
    ("{what}", "{what}"),
    ("{remedy}", "{remedy}"),
)
TOKEN_BLOCKED: Final = row(
    "token_blocked",
    "fault",
    ("{app}: the keeper gets no {kind} token ({errcode})", "{app}：无法更新 {kind} token（{errcode}）"),
    ("{what}", "{what}"),
    ("{remedy}", "{remedy}"),
)
TOKEN_TAKEN: Final = row(
    "token_taken",
    "warning",
    ("{app}: somebody else takes the access_token away", "{app}：access_token 被其他程序顶掉"),
    (
        "{times} times in a day a token was dead before its time: another program holds the AppSecret.",
        "一天内有 {times} 次 token 提前失效：另有程序持有该 AppSecret。",
    ),
    (
        "Find it, give it a service key instead, then reset the AppSecret.",
        "请找到该程序，改用服务密钥向本服务取 token，然后重置 AppSecret。",
    ),
)
TOKEN_KEPT: Final = row(
    "token_kept",
    "ok",
    ("{app}: the kept {kind} token works", "{app}：{kind} token 有效"),
    ("Until {until}.", "有效期至 {until}。"),
)
TICKET_OK: Final = row(
    "ticket_ok",
    "ok",
    ("{app}: WeChat gives a jsapi_ticket", "{app}：可以取得 jsapi_ticket"),
    ("Pages can use the JS-SDK.", "网页可以使用 JS-SDK。"),
)
TICKET_REFUSED: Final = row(
    "ticket_refused",
    "warning",
    ("{app}: WeChat gives no jsapi_ticket ({errcode})", "{app}：无法取得 jsapi_ticket（{errcode}）"),
    ("{what}", "{what}"),
    ("{remedy}", "{remedy}"),
)
UNIONID_BOUND: Final = row(
    "unionid_bound",
    "ok",
    ("{app}: unionids count within {platform}", "{app}：unionid 归属于 {platform}"),
    (
        "One person is one user over all apps with the same open_platform.",
        "open_platform 相同的应用，同一个人对应同一个用户。",
    ),
    (
        "Compare at open.weixin.qq.com → 管理中心 that the app is bound to this account.",
        "请到 open.weixin.qq.com → 管理中心 核对该应用确实绑定在此账号下。",
    ),
)
UNIONID_UNBOUND: Final = row(
    "unionid_unbound",
    "warning",
    ("{app}: no open-platform account is named", "{app}：未填写开放平台账号"),
    (
        "There are {apps} apps here; a person has a user of their own at this one.",
        "本服务有 {apps} 个应用；同一个人在该应用下是独立的用户。",
    ),
    (
        "Bind the app at open.weixin.qq.com → 管理中心 → 小程序/公众号 → 绑定, then remove and add it with --open-platform.",
        "请到 open.weixin.qq.com → 管理中心 → 小程序/公众号 → 绑定，再用 --open-platform 重新添加该应用。",
    ),
)
REQUEST_DOMAINS: Final = row(
    "request_domains",
    "ok",
    ("{app}: domains to enter for wx.request", "{app}：需要填写的服务器域名"),
    (
        "They are compared exactly: www and no www differ, and so do ports.",
        "逐字比较：带不带 www、端口不同都算不同域名。",
    ),
    (
        "At {console}: request合法域名 {origin} · uploadFile合法域名 {origin} · downloadFile合法域名 {origin}",
        "在 {console} 填写：request合法域名 {origin} · uploadFile合法域名 {origin} · downloadFile合法域名 {origin}",
    ),
)
CALLBACK_DOMAIN: Final = row(
    "callback_domain",
    "ok",
    ("{app}: domain to enter for signing in", "{app}：需要填写的授权回调域名"),
    (
        "WeChat sends people back to {callback} only when this very host is entered: no scheme, no port, no path (10003).",
        "只有填写了这个域名，微信才会跳回 {callback}：不带协议、端口、路径（否则报 10003）。",
    ),
    (
        "At {console} → {box}: {host}",
        "在 {console} → {box} 填写：{host}",
    ),
)
JS_DOMAINS: Final = row(
    "js_domains",
    "ok",
    ("{app}: domains to enter for the JS-SDK", "{app}：需要填写的 JS 接口安全域名"),
    (
        "wx.config works on pages of these hosts; they come from the app's setting origins.",
        "wx.config 只在这些域名的页面上可用；取自该应用的 origins 设置。",
    ),
    (
        "At {console} → JS接口安全域名: {hosts}",
        "在 {console} → JS接口安全域名 填写：{hosts}",
    ),
)
ORIGINS_UNSET: Final = row(
    "origins_unset",
    "warning",
    ("{app}: no page may be returned to", "{app}：没有允许跳回的页面"),
    (
        "The setting origins is empty: signing in by a browser answers return_to_not_allowed.",
        "origins 设置为空：网页登录会返回 return_to_not_allowed。",
    ),
    (
        "lingpai apps set {app} origins=https://shop.example.com",
        "lingpai apps set {app} origins=https://shop.example.com",
    ),
)
DOMAIN_UNFIT: Final = row(
    "domain_unfit",
    "warning",
    ("{app}: WeChat takes no such domain", "{app}：微信不接受该域名"),
    ("public_url is {url}: {why}", "public_url 为 {url}：{why}"),
    (
        "Set public_url to https:// and a registered domain; then run this again for the lines to enter.",
        "请把 public_url 设为 https:// 加已备案域名，然后重新运行以得到要填写的内容。",
    ),
)
PUSH_ON: Final = row(
    "push_on",
    "ok",
    ("{app}: WeChat's events are taken", "{app}：已启用微信事件接收"),
    ("Keys of {since}; the last event came {last}.", "密钥生成于 {since}，最近一次收到事件：{last}。"),
    (
        "Compare at {console} → 消息推送 that URL is {url}, and that 安全模式 is chosen.",
        "请在 {console} → 消息推送 核对 URL 为 {url}，并已选择安全模式。",
    ),
)
PUSH_OFF: Final = row(
    "push_off",
    "warning",
    ("{app}: nobody hears of withdrawals", "{app}：收不到用户撤回授权的通知"),
    (
        "WeChat tells an app's server when a person takes something back or closes the account, and the app has to erase.",
        "用户撤回授权或注销账号时，微信会通知应用的服务器，应用须删除相应数据。",
    ),
    (
        "lingpai apps push {app}, then enter what it prints at {console} → 消息推送.",
        "执行 lingpai apps push {app}，再把输出填入 {console} → 消息推送。",
    ),
)
KINDS: Final = tuple(value for value in list(globals().values()) if isinstance(value, FindingKind))
