"""The texts about apps: what they are, what they may, their AppSecrets, their tokens, a try of all of it."""

from typing import Final

from lingpai.errors import Words

APPS_TEXTS: Final[dict[str, Words]] = {
    "apps.title": Words("Apps", "应用"),
    "apps.none": Words(
        "No app is registered. You find AppID and AppSecret in WeChat's console, under development settings.",
        "还没有注册应用。AppID 和 AppSecret 在微信后台的开发设置中查看。",
    ),
    "apps.add": Words("Add an app", "添加应用"),
    "app.name": Words("Name", "名称"),
    "app.kind": Words("Kind", "类型"),
    "app.slug": Words("Slug", "slug"),
    "app.slug.hint": Words(
        "The short name in URLs, as in `/v1/shop/login`.", "URL 里的短名称，如 `/v1/shop/login`。"
    ),
    "app.appid.hint": Words(
        "`wx` and 16 lower-case hex digits, from WeChat's console.",
        "`wx` 加 16 位小写十六进制数字，见微信后台。",
    ),
    "app.secret.hint": Words(
        "32 hex digits. It is sealed at once and never shown again.",
        "32 位十六进制数字。保存时立即加密，此后不再显示。",
    ),
    "app.name.hint": Words("For people; empty: the slug.", "供人阅读；留空则用 slug。"),
    "app.open_platform": Words("Open-platform account", "开放平台账号"),
    "app.open_platform.hint": Words(
        "Any name of yours for it; apps with the same name share their people by unionid. Empty: bound to none.",
        "自拟一个名称即可；名称相同的应用按 unionid 识别同一个人。留空表示未绑定。",
    ),
    "app.since": Words("Registered", "注册时间"),
    "app.facts": Words("What it is", "基本信息"),
    "app.appid.taken": Words("This AppID is registered already.", "该 AppID 已注册。"),
    "app.slug.taken": Words("This slug is taken.", "该 slug 已被使用。"),
    "secret.versions": Words("Versions", "版本"),
    "secret.version": Words("version {version}", "第 {version} 版"),
    "secret.state": Words("State", "状态"),
    "secret.fingerprint": Words("Fingerprint", "指纹"),
    "secret.current": Words("in force", "生效中"),
    "secret.candidate": Words("being tried", "验证中"),
    "secret.previous": Words("former", "上一版"),
    "secret.refused": Words("refused by WeChat", "被微信拒绝"),
    "secret.retired": Words("retired", "已停用"),
    "secret.new": Words("New AppSecret", "新的 AppSecret"),
    "secret.rotate": Words("Change the AppSecret", "更换 AppSecret"),
    "secret.rotate.lead": Words(
        "Reset it in WeChat's console, then put the new one here. Write-only: nobody can read it again.",
        "先在微信后台重置，再把新的填在这里。只能写入，之后无人可以查看。",
    ),
    "secret.raced": Words(
        "Somebody else changed it at the same moment. Look and try again.", "有人同时更改了它，请查看后重试。"
    ),
    "settings.of_app": Words("Settings", "设置"),
    "settings.list": Words("One a line.", "每行一个。"),
    "settings.only_look": Words(
        "Your role allows you to look, not to change.", "当前角色只能查看，不能更改。"
    ),
    "tokens.title": Words("Tokens of WeChat", "微信凭据"),
    "tokens.none": Words("Nothing has asked for a token of this app yet.", "还没有程序获取过该应用的凭据。"),
    "tokens.kind": Words("Kind", "类型"),
    "tokens.state": Words("State", "状态"),
    "tokens.state.ok": Words("good", "正常"),
    "tokens.state.retrying": Words("retrying", "重试中"),
    "tokens.state.blocked": Words("blocked", "已停止"),
    "tokens.expires": Words("Good until", "有效至"),
    "tokens.next": Words("Next renewal", "下次续期"),
    "tokens.calls": Words("Calls today", "今日调用"),
    "tokens.forced": Words("Forced today", "今日强制刷新"),
    "tokens.generation": Words("Generation", "代次"),
    "test.title": Words("Test", "测试"),
    "test.lead": Words(
        "Tries every credential at WeChat and explains what it finds. No token in use is ended.",
        "逐项向微信验证凭据并说明结果，不影响正在使用的 token。",
    ),
    "test.do": Words("Test now", "立即测试"),
    "test.level.ok": Words("good", "正常"),
    "test.level.warning": Words("look at it", "请留意"),
    "test.level.fault": Words("fault", "故障"),
    "capabilities.title": Words("What this kind of account can do", "此类账号的能力"),
    "can.yes": Words("yes", "支持"),
    "can.no": Words("no", "不支持"),
    "can.if": Words("with conditions", "有条件"),
    "remove.link": Words("Remove…", "移除…"),
    "said.app_added": Words("The app is registered. Test it now.", "应用已注册，请立即测试。"),
    "said.app_changed": Words("The settings are in force.", "设置已生效。"),
    "said.secret_stored": Words("The AppSecret is stored.", "AppSecret 已保存。"),
    "said.app_removed": Words("The app was removed.", "应用已移除。"),
}

REMOVE_TITLE: Final = Words("Remove this app?", "移除此应用？")
REMOVE_LEAD: Final = Words("`{slug}` can sign nobody in any more.", "`{slug}` 将无法再登录任何人。")
REMOVE_POINTS: Final = (
    Words("Its AppSecret and WeChat's tokens are forgotten.", "其 AppSecret 和微信凭据会被删除。"),
    Words("Its people and their history stay.", "用户及其历史保留。"),
)
REMOVE_BUTTON: Final = Words("Remove the app", "移除应用")
