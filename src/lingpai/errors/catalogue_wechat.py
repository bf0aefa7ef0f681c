"""The problems that WeChat is the cause of; part of `catalogue.py`."""

from typing import Final

from lingpai.errors.problem import ProblemKind, Words

WECHAT_BUSY: Final = ProblemKind(
    code="wechat_busy",
    status=503,
    title=Words("WeChat does not answer now", "微信暂时没有响应"),
    detail=Words("{what}", "{what}"),
    hint=Words(
        "Try again after the seconds in Retry-After, with the same code and nonce.",
        "请在 Retry-After 指定的秒数后，用同一个 code 和 nonce 重试。",
    ),
    why=Words(
        "WeChat said -1, timed out, could not be reached, or answered something that is not its contract; or so many "
        "calls of this app are waiting that one more would only wait too long. Running sessions are not affected.",
        "微信返回 -1、超时、无法连接，或返回了不符合其约定的内容；也可能是该应用等待中的调用过多。已有会话不受影响。",
    ),
)
WECHAT_RATE_LIMITED: Final = ProblemKind(
    code="wechat_rate_limited",
    status=503,
    title=Words("WeChat limits this call for a minute", "微信限制了调用频率"),
    detail=Words(
        "WeChat answered 45011: too many calls this minute.", "微信返回 45011：本分钟调用次数过多。"
    ),
    hint=Words("Try again next minute; sign in less often.", "请下一分钟再试，并减少登录次数。"),
    why=Words(
        "jscode2session allows 100 calls a minute for each user of an app. A client that signs in on every page, "
        "or in a loop after a 401, gets here.",
        "jscode2session 对每个应用的每位用户限 100 次/分钟。每个页面都登录、或收到 401 后循环登录的客户端会触发它。",
    ),
)
WECHAT_QUOTA: Final = ProblemKind(
    code="wechat_quota",
    status=503,
    title=Words("The app's daily quota at WeChat is used up", "应用在微信的当日额度已用尽"),
    detail=Words("WeChat answered 45009.", "微信返回 45009。"),
    hint=Words(
        "The quota returns at midnight, Asia/Shanghai; an operator may clear it in WeChat's console.",
        "额度在北京时间零点恢复；管理员也可在微信后台清零。",
    ),
    why=Words(
        "WeChat counts calls per app and day.",
        "微信按应用和自然日统计调用次数。",
    ),
)
WECHAT_CREDENTIALS: Final = ProblemKind(
    code="wechat_credentials",
    status=502,
    title=Words("WeChat does not accept the app's credentials", "微信不接受该应用的凭据"),
    detail=Words(
        "WeChat refused the AppID or AppSecret of {app}.",
        "微信拒绝了 {app} 的 AppID 或 AppSecret。",
    ),
    hint=Words(
        "An operator should check them: `lingpai apps rotate-secret {app}`. The visitor can do nothing.",
        "请管理员检查：`lingpai apps rotate-secret {app}`。访客无法自行处理。",
    ),
    why=Words(
        "40013 is an unknown AppID, 40125 a wrong or reset AppSecret, 40243 a frozen one (unfreezing takes ten minutes).",
        "40013 表示 AppID 无效，40125 表示 AppSecret 错误或已重置，40243 表示已冻结（解冻需十分钟生效）。",
    ),
)
WECHAT_IP_NOT_ALLOWED: Final = ProblemKind(
    code="wechat_ip_not_allowed",
    status=502,
    title=Words("WeChat does not allow this server's address", "服务器 IP 不在微信白名单"),
    detail=Words("WeChat saw the address {ip}.", "微信看到的地址是 {ip}。"),
    hint=Words(
        "An operator should add it to the IP allow-list in WeChat's console.",
        "请管理员在微信后台把它加入 IP 白名单。",
    ),
    why=Words(
        "40164, 61004 or 40090: the server calls from an address that the app does not list.",
        "40164、61004 或 40090：服务器的出口 IP 不在该应用的白名单中。",
    ),
)
WECHAT_API_UNAUTHORIZED: Final = ProblemKind(
    code="wechat_api_unauthorized",
    status=502,
    title=Words("The app may not call this interface of WeChat", "该应用没有调用此微信接口的权限"),
    detail=Words(
        "WeChat answered 48001 or 48004 for {app}.",
        "微信对 {app} 返回 48001 或 48004。",
    ),
    hint=Words(
        "An operator should look whether it is the right kind of account, verified, with the interface granted.",
        "请管理员检查账号类型是否正确、是否已认证、是否开通了该接口权限。",
    ),
    why=Words(
        "Another kind of account than the interface is for (a mini program has no jsapi_ticket), an account that is "
        "not verified, or an interface that WeChat has taken away as a penalty (48004).",
        "账号类型与接口不符（例如小程序没有 jsapi_ticket）、账号未认证，或接口因违规被封禁（48004）。",
    ),
)
WECHAT_TOKEN_REFUSED: Final = ProblemKind(
    code="wechat_token_refused",
    status=502,
    title=Words("WeChat does not accept the app's access_token", "微信不接受该应用的 access_token"),
    detail=Words(
        "WeChat refused the access_token of {app} twice, the renewed one as well.",
        "微信两次拒绝了 {app} 的 access_token，包括刚更新的那一个。",
    ),
    hint=Words(
        "An operator should look for another program that holds the AppSecret: `lingpai token {app} --state`.",
        "请管理员检查是否有其他程序持有该 AppSecret：`lingpai token {app} --state`。",
    ),
    why=Words(
        "40001, 40014 or 42001 on a call that carried the kept token. The token was renewed once for this call, never "
        "more. If it keeps happening, another program fetches tokens with the same AppSecret and takes ours away.",
        "调用携带的是统一维护的 token，微信却返回 40001、40014 或 42001。每次调用最多更新一次 token。"
        "若反复出现，说明另有程序用同一个 AppSecret 获取 token，把我们的顶掉了。",
    ),
)
