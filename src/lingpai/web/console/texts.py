"""Every text of the console, in both languages: those of its layout here, those of a page in a file of its own.

A text in `backticks` is shown as code; `{name}` is filled by the template.
"""

from typing import Final

from lingpai.errors import Words
from lingpai.web.console.texts_apps import APPS_TEXTS
from lingpai.web.console.texts_keys import KEYS_TEXTS
from lingpai.web.console.texts_logins import LOGIN_TEXTS
from lingpai.web.console.texts_operators import OPERATOR_TEXTS
from lingpai.web.console.texts_people import PEOPLE_TEXTS
from lingpai.web.console.texts_today import TODAY_TEXTS
from lingpai.web.console.texts_webhooks import WEBHOOK_TEXTS

_LAYOUT: Final[dict[str, Words]] = {
    "skip": Words("Skip to the content", "跳到正文"),
    "nav.label": Words("Console", "控制台"),
    "nav.today": Words("Today", "今日"),
    "nav.logins": Words("Logins", "登录记录"),
    "nav.people": Words("People", "用户"),
    "nav.apps": Words("Apps", "应用"),
    "nav.service_keys": Words("Service keys", "服务密钥"),
    "nav.signing_keys": Words("Signing keys", "签名密钥"),
    "nav.webhooks": Words("Webhooks", "Webhook"),
    "nav.operators": Words("Operators", "管理员"),
    "nav.audit": Words("Audit log", "审计日志"),
    "nav.settings": Words("Settings", "设置"),
    "nav.docs": Words("Interface", "接口文档"),
    "nav.problems": Words("Problems", "错误说明"),
    "nav.account": Words("My account", "我的账号"),
    "nav.language": Words("Language", "语言"),
    "nav.theme": Words("Theme", "主题"),
    "nav.sign_out": Words("Sign out", "退出"),
    "theme.auto": Words("System", "跟随系统"),
    "theme.light": Words("Light", "浅色"),
    "theme.dark": Words("Dark", "深色"),
    "footer.independent": Words(
        "For WeChat mini programs and official accounts. Not affiliated with Tencent.",
        "面向微信小程序与公众号，与腾讯公司无关联。",
    ),
    "footer.version": Words("lingpai {version}", "lingpai {version}"),
    "dev.open": Words(
        "Open without sign-in, to this machine only: this server runs for development.",
        "开发模式：控制台无需登录，仅限本机访问。",
    ),
    "nothing": Words("–", "–"),
    "fresh": Words("Refresh", "刷新"),
    "live": Words("Live", "实时更新"),
    "lost": Words("The server does not answer", "服务器没有响应"),
    "copy": Words("Copy", "复制"),
    "copied": Words("Copied", "已复制"),
    "save": Words("Save", "保存"),
    "cancel": Words("Cancel", "取消"),
    "required": Words("required", "必填"),
    "filter": Words("Filter", "筛选"),
    "paging": Words("Pages", "分页"),
    "paging.older": Words("Older", "更早"),
    "paging.newest": Words("Newest", "最新"),
    "errors": Words("Not done yet: please look at what is marked.", "尚未完成，请检查标出的内容。"),
    "sure.typed": Words("To confirm, type `{what}`", "请输入 `{what}` 以确认"),
    "sure.other": Words("That is not what was asked for.", "输入的内容不一致。"),
    "kind.miniprogram": Words("mini program", "小程序"),
    "kind.official_account": Words("official account", "公众号"),
    "kind.website": Words("website", "网站应用"),
    "refused.request": Words("Request id", "请求编号"),
    "refused.back": Words("To Today", "回到今日"),
    "refused.page": Words("No page has this address.", "没有与此地址对应的页面。"),
}

TEXTS: Final[dict[str, Words]] = {
    **_LAYOUT,
    **TODAY_TEXTS,
    **LOGIN_TEXTS,
    **PEOPLE_TEXTS,
    **APPS_TEXTS,
    **KEYS_TEXTS,
    **WEBHOOK_TEXTS,
    **OPERATOR_TEXTS,
}
