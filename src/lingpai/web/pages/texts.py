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
    "docs.group.admin": Words("For operators' programs", "供管理员的程序调用"),
    "docs.group.operation": Words("Operation", "运维"),
    "docs.auth": Words("Authorisation", "鉴权"),
    "docs.auth.none": Words("none", "无需鉴权"),
    "docs.auth.access_token": Words(
        "the user's access token: `Authorization: Bearer …`", "用户的访问令牌：`Authorization: Bearer …`"
    ),
    "docs.auth.operator_key": Words("an operator's key as `Bearer`", "管理员密钥，以 `Bearer` 发送"),
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
    # Signing in by a browser
    **SIGN_IN_TEXTS,
}
