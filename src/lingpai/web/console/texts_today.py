"""The texts of Today, and of logins wherever they are listed."""

from typing import Final

from lingpai.errors import Words

TODAY_TEXTS: Final[dict[str, Words]] = {
    "today.title": Words("Today", "今日"),
    "today.users": Words("Users", "用户"),
    "today.running": Words("Running sessions", "进行中的会话"),
    "today.apps": Words("Apps", "应用"),
    "today.logins": Words("Latest logins", "最近的登录"),
    "today.logins.none": Words(
        "No login yet. Open the phone and log in; it shows here within two seconds.",
        "还没有登录记录。打开手机登录一次，两秒内就会出现在这里。",
    ),
    "today.alarms": Words("Alarms", "告警"),
    "alarm.secret_in_client": Words("The AppSecret is in a client", "AppSecret 已出现在客户端"),
    "alarm.secret_in_client.fix": Words(
        "A client sent this AppSecret. Reset it at WeChat, then `lingpai apps rotate-secret`.",
        "有客户端发来了这个 AppSecret。请在微信后台重置，再执行 `lingpai apps rotate-secret`。",
    ),
    "newest": Words("newest {rows}", "最新 {rows} 条"),
    "logins.time": Words("Time", "时间"),
    "logins.app": Words("App", "应用"),
    "logins.result": Words("Result", "结果"),
    "logins.reason": Words("Reason", "原因"),
    "logins.user": Words("User", "用户"),
    "logins.took": Words("Took", "耗时"),
    "logins.request": Words("Request id", "请求编号"),
    "logins.new": Words("new user", "新用户"),
    "result.signed_in": Words("Signed in", "已登录"),
    "result.refused": Words("Refused", "被拒绝"),
    "result.failed": Words("Failed", "失败"),
    "note.unionid_of_another_user": Words(
        "this unionid belonged to another user; the two are joined, unless the log says why not",
        "该 unionid 原属另一位用户；两者已合并，未合并时原因见日志",
    ),
    "note.openid_with_another_unionid": Words(
        "this openid came with another unionid than before; nothing was changed",
        "该 openid 带来的 unionid 与记录不一致，未做改动",
    ),
}
