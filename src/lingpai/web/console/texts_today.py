"""The texts of Today, and of logins wherever they are listed."""

from typing import Final

from lingpai.errors import Words

TODAY_TEXTS: Final[dict[str, Words]] = {
    "today.title": Words("Today", "今日"),
    "today.users": Words("Users", "用户"),
    "today.running": Words("Running sessions", "进行中的会话"),
    "today.logins": Words("Latest logins", "最近的登录"),
    "today.logins.none": Words(
        "No login yet. Open the phone and log in; it shows here within two seconds.",
        "还没有登录记录。打开手机登录一次，两秒内就会出现在这里。",
    ),
    "today.hour": Words("Logins, last hour", "登录（最近一小时）"),
    "today.last_hour": Words("Last hour", "近一小时"),
    "today.trouble": Words("Refused or failed", "被拒绝或失败"),
    "today.per_minute": Words("Logins per minute", "每分钟登录数"),
    "today.plot": Words(
        "Logins per minute of the last hour: {signed_in} signed in, {refused} refused, {failed} failed; the scale ends at {top} a minute.",
        "最近一小时每分钟的登录数：成功 {signed_in}，被拒绝 {refused}，失败 {failed}；纵轴上限为每分钟 {top}。",
    ),
    "today.spark": Words("{app}: {count} logins in the last hour", "{app}：最近一小时 {count} 次登录"),
    "today.top": Words("{top} a minute", "{top} 次/分钟"),
    "today.numbers": Words("In numbers", "查看数据"),
    "today.numbers.none": Words("No login in the last hour.", "最近一小时没有登录。"),
    "today.minute": Words("Minute", "时刻"),
    "today.keeper": Words("Apps and their tokens", "应用与凭据"),
    "today.apps.none": Words("No app is registered.", "还没有注册应用。"),
    "today.phones": Words("Phone numbers today", "今日手机号"),
    "today.untold": Words("not asked for", "未获取"),
    "today.alarms": Words("Alarms", "告警"),
    "alarm.secret_in_client": Words("in a client", "已出现在客户端"),
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
