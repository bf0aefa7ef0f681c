"""The texts of the flight recorder's pages."""

from typing import Final

from lingpai.errors import Words

LOGIN_TEXTS: Final[dict[str, Words]] = {
    "flights.title": Words("Logins", "登录记录"),
    "flights.lead": Words(
        "Every login of every app, and every refused refresh, profile, phone number and decryption.",
        "所有应用的每一次登录，以及每一次被拒绝的刷新、资料、手机号和解密请求。",
    ),
    "flights.search": Words("Person or request", "用户或请求"),
    "flights.search.hint": Words(
        "User id, openid, unionid, nickname or request id", "用户 ID、openid、unionid、昵称或请求编号"
    ),
    "flights.app": Words("App", "应用"),
    "flights.app.all": Words("All apps", "全部应用"),
    "flights.kind": Words("Attempt", "类型"),
    "flights.kind.all": Words("All attempts", "全部类型"),
    "flights.result": Words("Result", "结果"),
    "flights.result.all": Words("All results", "全部结果"),
    "flights.result.refused": Words("Refused and failed", "被拒绝或失败"),
    "flights.result.signed_in": Words("Signed in", "已登录"),
    "flights.result.given_again": Words("Given again", "重复返回"),
    "flights.code": Words("Code or errcode", "错误码或 errcode"),
    "flights.code.hint": Words("For example `code_used` or `40029`", "例如 `code_used` 或 `40029`"),
    "flights.since": Words("Time", "时间"),
    "flights.since.all": Words("All that is kept", "全部"),
    "flights.since.hour": Words("Last hour", "最近一小时"),
    "flights.since.day": Words("Last 24 hours", "最近 24 小时"),
    "flights.since.week": Words("Last 7 days", "最近 7 天"),
    "flights.find": Words("Search", "查找"),
    "flights.clear": Words("Clear", "清除条件"),
    "flights.list": Words("Attempts", "记录"),
    "flights.none": Words(
        "No attempt yet. Open the phone and log in; it shows here within two seconds.",
        "还没有记录。打开手机登录一次，两秒内就会出现在这里。",
    ),
    "flights.no_match": Words(
        "No attempt fits. A refused attempt names a person only if they were signed in by then.",
        "没有符合条件的记录。被拒绝的登录不含用户，因为当时还不知道是谁。",
    ),
    "kind.login": Words("Login", "登录"),
    "kind.browser": Words("Browser login", "网页登录"),
    "kind.ticket": Words("Ticket", "票据"),
    "kind.refresh": Words("Refresh", "刷新"),
    "kind.profile": Words("Profile", "资料"),
    "kind.phone": Words("Phone number", "手机号"),
    "kind.decrypt": Words("Decryption", "解密"),
    "logins.again": Words("the same session again", "再次返回同一会话"),
    "flight.what": Words("What happened", "发生了什么"),
    "flight.good": Words("Nothing went wrong.", "一切正常。"),
    "flight.again": Words(
        "The client asked a second time with the same code and nonce, and got the same session.",
        "客户端用同一个 code 和 nonce 重试，得到了同一个会话。",
    ),
    "flight.cause": Words("Cause", "原因"),
    "flight.fix": Words("What to do", "处理办法"),
    "flight.says": Words("WeChat says", "微信返回"),
    "flight.app": Words("App in the console", "应用详情"),
    "flight.person": Words("Person in the console", "用户详情"),
    "flight.same": Words("The same result at this app", "该应用的同类记录"),
    "flight.timeline": Words("Timeline", "时间线"),
    "flight.timeline.none": Words(
        "No timeline is on record: `record_logins` is off, another node has not written it yet, or it was left out "
        "because there were too many.",
        "没有时间线：`record_logins` 已关闭，其他节点尚未写入，或当时请求过多而被略去。",
    ),
    "flight.total": Words("{ms} ms in all", "共 {ms} 毫秒"),
    "flight.facts": Words("About the attempt", "基本信息"),
    "flight.client": Words("Client", "客户端"),
    "flight.network": Words("Network", "网络"),
    "flight.sdk": Words("SDK", "SDK"),
    "flight.nonce": Words("Nonce", "nonce"),
    "flight.nonce.yes": Words("sent: a retry is safe", "已带：可安全重试"),
    "flight.nonce.no": Words(
        "missing: a lost answer costs a new wx.login", "未带：响应丢失后只能重新 wx.login"
    ),
    "flight.session": Words("Session", "会话"),
    "flight.user": Words("User", "用户"),
    "flight.nobody": Words(
        "nobody: refused before WeChat said who it is", "未知：在微信确认身份之前就被拒绝"
    ),
    "flight.report": Words("Report to share", "可分享的报告"),
    "flight.report.lead": Words(
        "Without ids of people, openids, addresses and secrets: fit for an issue or WeChat's community.",
        "不含用户 ID、openid、IP 和密钥，可直接贴到 issue 或微信开放社区。",
    ),
    "flight.report.open": Words("As plain text", "打开纯文本"),
    "flight.copy": Words("Copy the report", "复制报告"),
    "lane.client": Words("Client", "客户端"),
    "lane.server": Words("Server", "服务器"),
    "lane.wechat": Words("WeChat", "微信"),
    "lane.database": Words("Database", "数据库"),
    "step.read": Words("Request read", "读取请求"),
    "step.server": Words("lingpai at work", "lingpai 处理"),
    "step.wechat": Words("WeChat asked", "请求微信"),
    "step.commit": Words("Committed", "写入数据库"),
    "step.answered": Words("Answered", "返回响应"),
    "fact.waited": Words("waited {ms} ms", "排队 {ms} 毫秒"),
    "fact.batch": Words("together with {others} more", "与另外 {others} 次登录一起提交"),
    "fact.alone": Words("alone", "单独提交"),
}
