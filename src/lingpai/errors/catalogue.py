"""Every problem this server answers with: the one table behind answers, pages and `lingpai explain`."""

from typing import Final

from lingpai.errors import (
    catalogue_accounts,
    catalogue_browser,
    catalogue_compat,
    catalogue_console,
    catalogue_open_data,
    catalogue_operators,
    catalogue_push,
    catalogue_wechat,
)
from lingpai.errors.problem import ProblemKind, Words

INVALID_REQUEST: Final = ProblemKind(
    code="invalid_request",
    status=400,
    title=Words("The request is not understood", "请求无法识别"),
    detail=Words("{what}", "{what}"),
    hint=Words(
        "Compare the request with the endpoint's description at /docs.",
        "请对照 /docs 中该接口的说明检查请求。",
    ),
    why=Words(
        "The body is not JSON (400), or it is JSON of another shape: a field is missing, has the wrong type "
        "or length, or is not one of ours (422). Unknown fields are refused on purpose, so that nobody "
        "believes an `openid` in a body counts.",
        "请求体不是 JSON（400），或者结构不符：缺字段、类型或长度不对、出现了未定义的字段（422）。"
        "未定义的字段会被有意拒绝，以免有人以为在请求体里放 `openid` 就能证明身份。",
    ),
)
BODY_TOO_LARGE: Final = ProblemKind(
    code="body_too_large",
    status=413,
    title=Words("The request body is too large", "请求体过大"),
    detail=Words("This endpoint reads at most {limit} bytes.", "该接口最多读取 {limit} 字节。"),
    hint=Words("Send only the documented fields.", "请只发送文档中列出的字段。"),
    why=Words(
        "Each endpoint reads a small, fixed number of bytes, so that a large body cannot occupy the server.",
        "每个接口只读取固定的少量字节，避免超大请求体占用服务器。",
    ),
)
NOT_FOUND: Final = ProblemKind(
    code="not_found",
    status=404,
    title=Words("There is nothing here", "这里没有内容"),
    detail=Words("No endpoint has this path.", "没有与此路径对应的接口。"),
    hint=Words("All endpoints are listed at /docs.", "全部接口见 /docs。"),
    why=Words(
        "The path is misspelt, or the thing it names does not exist or is not yours.",
        "路径写错了，或者它指向的对象不存在、不属于你。",
    ),
)
METHOD_NOT_ALLOWED: Final = ProblemKind(
    code="method_not_allowed",
    status=405,
    title=Words("This path has no such method", "该路径不支持此方法"),
    detail=Words("{method} is not offered here.", "此处不支持 {method}。"),
    hint=Words("Use one of: {allowed}.", "请改用：{allowed}。"),
    why=Words("The path exists, the HTTP method does not.", "路径存在，但不支持所用的 HTTP 方法。"),
)
APP_UNKNOWN: Final = ProblemKind(
    code="app_unknown",
    status=404,
    title=Words("No such app is registered", "应用未注册"),
    detail=Words("No app has the slug or AppID {app}.", "没有 slug 或 AppID 为 {app} 的应用。"),
    hint=Words(
        "List the apps with `lingpai apps list`, register one with `lingpai apps add`.",
        "用 `lingpai apps list` 查看应用，用 `lingpai apps add` 注册。",
    ),
    why=Words(
        "The `{{app}}` in the path is neither the slug nor the AppID of a registered app.",
        "路径中的 `{{app}}` 既不是已注册应用的 slug，也不是它的 AppID。",
    ),
)
APP_MISMATCH: Final = ProblemKind(
    code="app_mismatch",
    status=409,
    title=Words("The client is another app than the server", "客户端与服务端的应用不一致"),
    detail=Words(
        "The client runs as {client}, this path belongs to {server}.",
        "客户端的 AppID 是 {client}，而此路径属于 {server}。",
    ),
    hint=Words(
        "Make the AppID in project.config.json and the app in the URL the same one.",
        "请让 project.config.json 里的 AppID 与请求路径中的应用保持一致。",
    ),
    why=Words(
        "A code works only for the AppID that ran wx.login. Two developers with two AppIDs, or the test "
        "AppID of DevTools, are the usual cause; WeChat alone would answer 40029.",
        "code 只对调用 wx.login 的那个 AppID 有效。常见原因是两位开发者用了不同的 AppID，"
        "或开发者工具用了测试号；若只看微信的返回，就是一个 40029。",
    ),
)
APP_KIND_WRONG: Final = ProblemKind(
    code="app_kind_wrong",
    status=409,
    title=Words("This kind of app signs in another way", "这类应用使用其他登录方式"),
    detail=Words("{app} is registered as {kind}.", "{app} 注册的类型是 {kind}。"),
    hint=Words(
        "Mini programs use POST /v1/{{app}}/login, official accounts GET /v1/{{app}}/oauth/start, websites "
        "GET /v1/{{app}}/oauth/qr.",
        "小程序用 POST /v1/{{app}}/login，公众号用 GET /v1/{{app}}/oauth/start，网站应用用 GET /v1/{{app}}/oauth/qr。",
    ),
    why=Words(
        "A code of wx.login exists for mini programs only; a code of an authorization page counts only behind the "
        "one-time state that this server made for it.",
        "只有小程序才有 wx.login 的 code；授权页的 code 必须配合本服务器生成的一次性 state 才有效。",
    ),
)
CODE_INVALID: Final = ProblemKind(
    code="code_invalid",
    status=401,
    title=Words("WeChat does not accept this code", "微信不接受这个 code"),
    detail=Words(
        "WeChat answered 40029: the code is expired, malformed, or was made for another AppID.",
        "微信返回 40029：code 已过期、格式不对，或属于另一个 AppID。",
    ),
    hint=Words(
        "Call wx.login again and send the fresh code at once, once, unchanged.",
        "请重新调用 wx.login，立即把新的 code 原样发送一次。",
    ),
    why=Words(
        "A code lives five minutes, works once, is case-sensitive and belongs to the AppID that ran wx.login. "
        "Caching it, two pages sharing one, a proxy that repeats the POST, or a changed letter case all end here.",
        "code 有效期五分钟，只能用一次，区分大小写，且只属于调用 wx.login 的 AppID。"
        "缓存 code、两个页面共用一个 code、代理重放 POST、大小写被改动，都会走到这里。",
    ),
)
CODE_USED: Final = ProblemKind(
    code="code_used",
    status=409,
    title=Words("This code has been used", "这个 code 已被使用"),
    detail=Words(
        "A code starts one session, and this one has.", "一个 code 只能换取一次登录，它已经被用过了。"
    ),
    hint=Words(
        "Call wx.login again. To make a retry safe, send the same nonce with the same code.",
        "请重新调用 wx.login。若要安全重试，请随同一个 code 发送同一个 nonce。",
    ),
    why=Words(
        "The code was sent twice: by a second request, by a proxy that repeats, by another server with the same "
        "AppSecret (WeChat: 40163). The first answer stands; only the client that knows its nonce may ask for it again.",
        "code 被发送了两次：第二个请求、会重试的代理，或另一台持有同一 AppSecret 的服务器（微信：40163）。"
        "第一次的结果仍然有效，只有持有当时 nonce 的客户端才能再次取得。",
    ),
)
RESTART_LOGIN: Final = ProblemKind(
    code="restart_login",
    status=409,
    title=Words("Please begin the login again", "请重新开始登录"),
    detail=Words(
        "The code is spent, but no session came of it, or it has moved on since.",
        "code 已消耗，但没有生成会话，或会话此后已经更新。",
    ),
    hint=Words(
        "Call wx.login and send the new code with a new nonce; the user need not notice.",
        "请静默调用 wx.login，用新的 code 和新的 nonce 重试，用户不会察觉。",
    ),
    why=Words(
        "The server or the network failed after WeChat had consumed the code and before the session was durable. "
        "Nothing was half written; a code cannot be used twice, so the client starts over.",
        "微信消耗 code 之后、会话落盘之前，服务器或网络出了故障。没有留下半成品；code 不能用两次，因此客户端需重来。",
    ),
)
USER_BLOCKED: Final = ProblemKind(
    code="user_blocked",
    status=403,
    title=Words("WeChat refuses this user", "微信拒绝该用户登录"),
    detail=Words(
        "WeChat answered 40226: it rates the account as high-risk.",
        "微信返回 40226：该账号被判定为高风险用户。",
    ),
    hint=Words(
        "Offer the user to continue as a guest or through support; trying again does not help.",
        "可让用户以游客身份继续或联系客服；重试无效。",
    ),
    why=Words(
        "WeChat's own risk control decides this, for the user and not for your app.",
        "这是微信风控针对该用户的判断，与你的应用无关。",
    ),
)
DEVTOOLS_MOCK_CODE: Final = ProblemKind(
    code="devtools_mock_code",
    status=400,
    title=Words("This is the mock code of DevTools", "这是开发者工具的模拟 code"),
    detail=Words(
        "DevTools in tourist mode gives every program the same made-up code.",
        "开发者工具在游客模式下会给出固定的模拟 code。",
    ),
    hint=Words(
        "Set a real AppID in project.config.json, or run `lingpai dev` and use its phone.",
        "请在 project.config.json 中填写真实 AppID，或运行 `lingpai dev` 并使用其中的手机。",
    ),
    why=Words(
        "Without an AppID, wx.login answers the literal text “the code is a mock one”. WeChat never accepts it.",
        "没有 AppID 时，wx.login 返回固定文本 “the code is a mock one”，微信不会接受它。",
    ),
)
RATE_LIMITED: Final = ProblemKind(
    code="rate_limited",
    status=429,
    title=Words("Too often", "过于频繁"),
    detail=Words("{what}", "{what}"),
    hint=Words(
        "Wait for the seconds in Retry-After; ask once and keep the answer.",
        "请等待 Retry-After 指定的秒数；结果请保存，不要反复获取。",
    ),
    why=Words(
        "An address, a person, an app or a service key has asked more often in a minute than the settings `rate_limit_*` "
        "allow, or an operator's sign-in was tried too often. RateLimit-Policy names the limit. Calls that cost the "
        "operator money or strain WeChat's quota also have a daily budget for each user, address and app.",
        "某个 IP、用户、应用或服务密钥一分钟内的请求超过了 `rate_limit_*` 设置，或管理员登录尝试过多；响应头 RateLimit-Policy "
        "写明是哪一项限制。花运营者的钱或消耗微信额度的调用，另有每位用户、每个 IP、每个应用的每日预算。",
    ),
)
SESSION_INVALID: Final = ProblemKind(
    code="session_invalid",
    status=401,
    title=Words("Not signed in", "未登录"),
    detail=Words("{what}", "{what}"),
    hint=Words(
        "Refresh with the refresh token, or sign in again with wx.login.",
        "请用 refresh token 刷新，或重新 wx.login 登录。",
    ),
    why=Words(
        "The token is missing, malformed, expired, made by another issuer or for another app, or its session was "
        "ended: by signing out, by an operator, or because a refresh token was used twice.",
        "令牌缺失、格式不对、已过期、由其他签发者签发或属于其他应用，或者会话已结束："
        "用户退出、管理员终止，或 refresh token 被重复使用。",
    ),
)
CLIENT_INVALID: Final = ProblemKind(
    code="client_invalid",
    status=401,
    title=Words("The service key is not accepted", "服务密钥无效"),
    detail=Words("This endpoint is for backends with a service key.", "该接口仅供持有服务密钥的后端调用。"),
    hint=Words(
        "Send `Authorization: Bearer lps_…`; make a key with `lingpai clients add`.",
        "请发送 `Authorization: Bearer lps_…`；用 `lingpai clients add` 创建密钥。",
    ),
    why=Words(
        "The key is missing, unknown, revoked, or has no scope for this endpoint.",
        "密钥缺失、未知、已吊销，或没有该接口的权限。",
    ),
)
SCOPE_MISSING: Final = ProblemKind(
    code="scope_missing",
    status=403,
    title=Words("The service key is not for this", "服务密钥没有此项权限"),
    detail=Words("It would need the scope {scope}.", "需要权限 {scope}。"),
    hint=Words(
        "An operator makes a key that has it: `lingpai clients add NAME --scope {scope}`.",
        "请管理员创建带有该权限的密钥：`lingpai clients add NAME --scope {scope}`。",
    ),
    why=Words(
        "A service key is good for the actions and apps it was made for, and for nothing else.",
        "服务密钥只能用于创建时指定的操作和应用。",
    ),
)
PATH_NOT_FORWARDED: Final = ProblemKind(
    code="path_not_forwarded",
    status=403,
    title=Words("This path of WeChat is not forwarded", "不转发此微信路径"),
    detail=Words("{path} is not on the list of {app}.", "{path} 不在 {app} 的转发列表中。"),
    hint=Words(
        "An operator may add it to the app's setting `forward_paths`: `lingpai apps set {app} forward_paths=…`.",
        "管理员可将其加入该应用的 `forward_paths`：`lingpai apps set {app} forward_paths=…`。",
    ),
    why=Words(
        "A service key reaches only the interfaces of WeChat that an operator listed. Those that give credentials "
        "are never forwarded.",
        "服务密钥只能访问管理员列出的微信接口；返回凭据的接口一律不转发。",
    ),
)
STORAGE_UNAVAILABLE: Final = ProblemKind(
    code="storage_unavailable",
    status=503,
    title=Words("The database does not answer now", "数据库暂时不可用"),
    detail=Words("Nothing was written.", "没有写入任何数据。"),
    hint=Words("Try again after the seconds in Retry-After.", "请在 Retry-After 指定的秒数后重试。"),
    why=Words(
        "The database is down, full, read-only or overloaded. Nothing is acknowledged that is not durable.",
        "数据库宕机、磁盘已满、只读或过载。未落盘的数据绝不会被确认。",
    ),
)
SHUTTING_DOWN: Final = ProblemKind(
    code="shutting_down",
    status=503,
    title=Words("This server is being restarted", "服务器正在重启"),
    detail=Words("The request did not end before the server had to.", "请求没有在服务器停止之前完成。"),
    hint=Words("Send the same request again.", "请重新发送同一请求。"),
    why=Words(
        "The process was asked to stop, and the time that requests under way get to finish was over.",
        "进程收到停止信号，留给进行中请求的时间已到。",
    ),
)
INTERNAL: Final = ProblemKind(
    code="internal",
    status=500,
    title=Words("Something went wrong here", "服务器内部错误"),
    detail=Words(
        "The fault is ours; it is in the log under this request id.",
        "这是我们的错误，日志中可按请求编号查到。",
    ),
    hint=Words("Report the request id to the operator.", "请把请求编号告诉管理员。"),
    why=Words("A fault in lingpai itself.", "lingpai 自身的缺陷。"),
)

_PARTS: Final = (
    catalogue_accounts,
    catalogue_browser,
    catalogue_compat,
    catalogue_console,
    catalogue_open_data,
    catalogue_operators,
    catalogue_push,
    catalogue_wechat,
)
_ALL: Final = [*globals().values(), *(value for part in _PARTS for value in vars(part).values())]
CATALOGUE: Final = {kind.code: kind for kind in _ALL if isinstance(kind, ProblemKind)}
"""Every kind by its code; those of accounts, browsers, the console, open data and WeChat stand in files of their own."""
