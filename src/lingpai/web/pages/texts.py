"""Every text of the pages, in both languages.

A text in `backticks` is shown as code; `{name}` is filled by the template.
"""

from typing import Final

from lingpai.errors import Words
from lingpai.web.pages.texts_sign_in import SIGN_IN_TEXTS

TEXTS: Final[dict[str, Words]] = {
    # On every page
    "skip": Words("Skip to the content", "跳到正文"),
    "nav.label": Words("Main", "主导航"),
    "nav.docs": Words("Interface", "接口文档"),
    "nav.problems": Words("Problems", "错误说明"),
    "nav.console": Words("Console", "控制台"),
    "nav.language": Words("Language", "语言"),
    "footer.independent": Words(
        "For WeChat mini programs and official accounts. Not affiliated with Tencent.",
        "面向微信小程序与公众号，与腾讯公司无关联。",
    ),
    "footer.version": Words("lingpai {version}", "lingpai {version}"),
    "nothing": Words("–", "–"),
    # The start page
    "start.title": Words("Sign in with WeChat, in your own house", "把微信登录放在自己手里"),
    "start.lead": Words(
        "A mini program sends the code of `wx.login` here and gets standard tokens back. "
        "The AppSecret and the session_key stay on this server.",
        "小程序把 `wx.login` 得到的 code 发到这里，换回标准令牌。AppSecret 和 session_key 始终只留在这台服务器上。",
    ),
    "start.code": Words("The first request", "第一个请求"),
    "start.code.lead": Words(
        "In a mini program; `demo-mp` stands for the slug or the AppID of your app.",
        "写在小程序里；`demo-mp` 处填应用的 slug 或 AppID。",
    ),
    "start.docs": Words(
        "Every endpoint with its fields, its problems and a request to copy.",
        "每个接口的字段、可能的错误，以及可直接复制的请求。",
    ),
    "start.problems": Words(
        "What each refusal means, where it comes from and what to do next.",
        "每种错误的含义、成因和下一步该怎么做。",
    ),
    "start.console": Words(
        "Users, sessions and the latest logins. Open on this machine without sign-in.",
        "用户、会话和最近的登录。本机可直接打开，无需登录。",
    ),
    "start.health": Words("Health", "运行状态"),
    "start.health.lead": Words(
        "Whether it is ready for requests, and which check fails when it is not.",
        "是否可以接收请求；不可以时，是哪一项检查没有通过。",
    ),
    "start.openapi": Words("OpenAPI document", "OpenAPI 文档"),
    "start.openapi.lead": Words(
        "The same interface for generators and tools.", "同一套接口，供代码生成器和工具读取。"
    ),
    "start.phone": Words("The phone in the browser", "浏览器里的手机"),
    "start.phone.lead": Words(
        "This server runs for development. To sign in as one of the demo people, open the phone: "
        "`lingpai dev` printed its address in the terminal it was started in.",
        "当前是开发模式。想用演示用户登录，请打开浏览器里的手机：它的地址由 `lingpai dev` 打印在启动它的终端里。",
    ),
    # The interface
    "docs.title": Words("The interface", "接口文档"),
    "docs.lead": Words(
        "JSON in and out, UTF-8. Unknown fields are refused. Times are in UTC, lifetimes in seconds.",
        "请求和响应都是 UTF-8 编码的 JSON，出现未定义的字段会被拒绝。时间均为 UTC，有效期以秒为单位。",
    ),
    "docs.machine": Words("For programs:", "供程序读取："),
    "docs.contents": Words("Endpoints", "接口列表"),
    "docs.group.login": Words("Signing in", "登录"),
    "docs.group.session": Words("Sessions", "会话"),
    "docs.group.open_data": Words("What WeChat tells of a user", "微信提供的用户数据"),
    "docs.group.me": Words("One's own account", "本人账号"),
    "docs.group.oauth2": Words("For backends", "供后端调用"),
    "docs.group.operation": Words("Operation", "运维"),
    "docs.auth": Words("Authorisation", "鉴权"),
    "docs.auth.none": Words("none", "无需鉴权"),
    "docs.auth.access_token": Words(
        "the user's access token: `Authorization: Bearer …`", "用户的访问令牌：`Authorization: Bearer …`"
    ),
    "docs.auth.service_key": Words(
        "a service key: `Authorization: Bearer lps_…`", "服务密钥：`Authorization: Bearer lps_…`"
    ),
    "docs.parameters": Words("Parameters", "参数"),
    "docs.body": Words("Request body", "请求体"),
    "docs.answer": Words("Answer", "响应"),
    "docs.answer.empty": Words("No body.", "没有响应体。"),
    "docs.answer.text": Words("Not described field by field.", "内容不按字段描述。"),
    "docs.problems": Words("Problems", "可能的错误"),
    "docs.problems.none": Words("None of its own.", "没有特有的错误。"),
    "docs.example": Words("Example", "示例"),
    "docs.example.answer": Words("Its answer", "对应的响应"),
    "docs.field": Words("Field", "字段"),
    "docs.meaning": Words("Meaning", "说明"),
    "docs.required": Words("required", "必填"),
    "docs.optional": Words("optional", "可选"),
    "docs.sometimes": Words("may be absent", "可能没有"),
    "docs.in.path": Words("in the path", "路径参数"),
    "docs.in.query": Words("in the query", "查询参数"),
    "docs.length": Words("{least}–{most} characters", "{least}–{most} 个字符"),
    "docs.length.most": Words("at most {most} characters", "最多 {most} 个字符"),
    "docs.length.least": Words("at least {least} characters", "至少 {least} 个字符"),
    "docs.copy": Words("Copy", "复制"),
    "docs.copied": Words("Copied", "已复制"),
    # Problems
    "problems.title": Words("Problems", "错误说明"),
    "problems.lead": Words(
        "A refused request is answered with `application/problem+json` (RFC 9457). "
        "Programs decide by `code`; people read on here.",
        "被拒绝的请求会得到 `application/problem+json`（RFC 9457）。程序根据 `code` 判断，人可以在这里读到解释。",
    ),
    "problem.meaning": Words("What it means", "含义"),
    "problem.why": Words("Where it comes from", "成因"),
    "problem.hint": Words("What to do next", "下一步"),
    "problem.endpoints": Words("Answered by", "哪些接口会返回"),
    "problem.endpoints.any": Words("Any endpoint may answer this.", "任何接口都可能返回。"),
    "problem.sample": Words("What it looks like", "响应样例"),
    "problem.all": Words("All problems", "全部错误"),
    # A refused page
    "refused.request": Words("Request id", "请求编号"),
    "refused.start": Words("To the start page", "回到首页"),
    "refused.page": Words("No page has this address.", "没有与此地址对应的页面。"),
    # The console
    "console.title": Words("Console", "控制台"),
    "console.open": Words(
        "Open without sign-in, to this machine only: this server runs for development.",
        "开发模式：控制台无需登录，仅限本机访问。",
    ),
    "console.users": Words("Users", "用户"),
    "console.running": Words("Running sessions", "进行中的会话"),
    "console.apps": Words("Apps", "应用"),
    "console.logins": Words("Latest logins", "最近的登录"),
    "console.sessions": Words("Sessions", "会话"),
    "console.identities": Words("WeChat identities", "微信身份"),
    "console.newest": Words("newest {rows}", "最新 {rows} 条"),
    "console.search": Words("Find a person", "查找用户"),
    "console.search.hint": Words(
        "User id, openid, unionid, or the beginning of a nickname",
        "用户 ID、openid、unionid，或昵称的开头",
    ),
    "console.search.results": Words("Search results", "查找结果"),
    "console.search.go": Words("Find", "查找"),
    "console.search.found": Words("Found: {count}", "找到 {count} 位"),
    "console.search.none": Words(
        "Nobody has this id, openid, unionid or nickname. Case counts.",
        "没有用户匹配该 ID、openid、unionid 或昵称，注意区分大小写。",
    ),
    "console.search.leave": Words("Back to the overview", "返回概览"),
    "console.fresh": Words("Refresh", "刷新"),
    "console.live": Words("Live", "实时更新"),
    "console.lost": Words("The server does not answer", "服务器没有响应"),
    "console.time": Words("Time", "时间"),
    "console.app": Words("App", "应用"),
    "console.result": Words("Result", "结果"),
    "console.reason": Words("Reason", "原因"),
    "console.took": Words("Took", "耗时"),
    "console.request": Words("Request id", "请求编号"),
    "console.user": Words("User", "用户"),
    "console.nickname": Words("Nickname", "昵称"),
    "console.since": Words("Since", "加入时间"),
    "console.began": Words("Began", "开始"),
    "console.ends": Words("Ends", "结束"),
    "console.state": Words("State", "状态"),
    "console.client": Words("Client", "客户端"),
    "console.kind": Words("Kind", "类型"),
    "console.secret.version": Words("version {version}", "第 {version} 版"),
    "console.secret.leaked": Words("In a client", "已出现在客户端"),
    "console.secret.rotate": Words(
        "A client sent this AppSecret. Reset it at WeChat, then `lingpai apps rotate-secret`.",
        "有客户端发来了这个 AppSecret。请在微信后台重置，再执行 `lingpai apps rotate-secret`。",
    ),
    "console.seen": Words("First seen", "首次出现"),
    "console.new": Words("new user", "新用户"),
    "console.logins.none": Words(
        "No login yet. Open the phone and log in; it shows here within two seconds.",
        "还没有登录记录。打开手机登录一次，两秒内就会出现在这里。",
    ),
    "console.users.none": Words("No user yet.", "还没有用户。"),
    "console.sessions.none": Words("No session yet.", "还没有会话。"),
    "console.apps.none": Words(
        "No app is registered. Add one with `lingpai apps add`.",
        "还没有注册应用，用 `lingpai apps add` 添加。",
    ),
    "console.identities.none": Words("No identity on record.", "没有身份记录。"),
    "console.person": Words("Person", "用户详情"),
    "console.back": Words("Console", "控制台"),
    "result.signed_in": Words("Signed in", "已登录"),
    "result.refused": Words("Refused", "被拒绝"),
    "result.failed": Words("Failed", "失败"),
    "state.running": Words("running", "进行中"),
    "state.expired": Words("expired", "已过期"),
    "state.ended": Words("ended", "已结束"),
    "ended.signed_out": Words("signed out", "用户退出"),
    "ended.signed_out_everywhere": Words("signed out everywhere", "用户退出全部会话"),
    "ended.refresh_reuse": Words("a refresh token was used twice", "refresh token 被重复使用"),
    "ended.operator": Words("by an operator", "管理员终止"),
    "ended.restored": Words("a backup was restored", "数据库从备份恢复"),
    "note.unionid_of_another_user": Words(
        "this unionid belonged to another user; the two are joined, unless the log says why not",
        "该 unionid 原属另一位用户；两者已合并，未合并时原因见日志",
    ),
    "note.openid_with_another_unionid": Words(
        "this openid came with another unionid than before; nothing was changed",
        "该 openid 带来的 unionid 与记录不一致，未做改动",
    ),
    "kind.miniprogram": Words("mini program", "小程序"),
    "kind.official_account": Words("official account", "公众号"),
    "kind.website": Words("website", "网站应用"),
    # Signing in by a browser
    **SIGN_IN_TEXTS,
}
