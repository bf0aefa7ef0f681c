"""The texts of the pages a visitor may meet while signing in by a browser."""

from typing import Final

from lingpai.errors import Words

SIGN_IN_TEXTS: Final[dict[str, Words]] = {
    "sign_in.name": Words("Sign in with WeChat", "微信登录"),
    "sign_in.again": Words("Sign in", "重新登录"),
    "sign_in.anyway": Words("Sign in once more", "再登录一次"),
    "sign_in.proceed": Words("Go on without nickname and avatar", "不提供昵称和头像，继续"),
    "sign_in.reload": Words("Try again", "重试"),
    "sign_in.trouble": Words("Signing in does not work at the moment", "暂时无法登录"),
    "sign_in.trouble.detail": Words(
        "Nothing is wrong with your WeChat account, and nothing was stored. Please try again in a moment.",
        "你的微信账号没有问题，也没有保存任何信息。请稍后再试。",
    ),
    "sign_in.trouble.hint": Words(
        "If it stays like this, tell the operator of this page what stands below.",
        "如果一直这样，请把下面的信息告诉网站管理员。",
    ),
    "sign_in.refused": Words("WeChat refused this account", "微信拒绝了此账号登录"),
    "sign_in.code": Words("Problem", "错误"),
    "sign_in.request": Words("Request", "请求编号"),
}
