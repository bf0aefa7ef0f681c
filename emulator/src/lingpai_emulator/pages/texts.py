"""The words on the pages: WeChat's own on its error pages, and ours in two languages around them."""

from typing import Final

# WeChat shows its error pages in Chinese only (page on web authorization of official accounts).
WORDS: Final = {
    10003: "redirect_uri域名与后台配置不一致",
    10004: "此公众号被封禁",
    10005: "此公众号并没有这些scope的权限",
    10006: "必须关注此测试号",
    10009: "操作太频繁了，请稍后重试",
    10010: "scope不能为空",
    10011: "redirect_uri不能为空",
    10012: "appid不能为空",
    10013: "state不能为空",
    10015: "公众号未授权第三方平台，请检查授权状态",
    10016: "不支持微信开放平台的Appid，请使用公众号Appid",
}

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "emulator": ("WeChat emulator", "微信模拟器"),
    "affiliation": ("Not affiliated with Tencent.", "与腾讯公司无关。"),
    "trouble": ("This link does not work", "这个链接打不开"),
    "trouble_why": ("What the emulator found", "模拟器发现的原因"),
    "number": ("Error", "错误码"),
    "outside": ("Open this link in WeChat", "请在微信客户端打开链接"),
    "outside_why": (
        "This browser does not say MicroMessenger in its User-Agent, and the switch only_in_wechat is on.",
        "当前浏览器的 User-Agent 里没有 MicroMessenger，而开关 only_in_wechat 已打开。",
    ),
    "over": ("This page is over", "页面已失效"),
    "over_why": (
        "It was answered already, or it took too long. Go back to the app and start again.",
        "它已经处理过，或者已经超时。请回到应用重新开始。",
    ),
    "refused": ("You declined", "你已拒绝授权"),
    "refused_why": (
        "WeChat sends nobody back after that. You may close this page.",
        "拒绝后微信不会跳转回应用，可以关闭此页。",
    ),
    "asks_userinfo": ("would like to see your nickname and picture", "申请获取你的昵称和头像"),
    "asks_login": ("would like you to sign in on the computer", "请求在电脑上登录"),
    "sheet_title": ("Authorize", "授权"),
    "who": ("Who is holding the phone?", "现在拿着手机的是谁？"),
    "allow": ("Allow", "允许"),
    "deny": ("Decline", "拒绝"),
    "no_fragment": (
        "This link does not end in #wechat_redirect. WeChat asks for it.",
        "链接末尾缺少 #wechat_redirect，微信要求带上它。",
    ),
    "qr_title": ("Sign in with WeChat", "微信登录"),
    "qr_hint": ("Scan the code with the phone", "请用手机扫描二维码"),
    "qr_to": ("for", "登录"),
    "qr_here": ("No second device? Be the phone here", "没有第二台设备？在这里充当手机"),
    "qr_alt": ("QR code that leads to the confirmation page", "通往确认页的二维码"),
    "qr_scanned": ("Scanned. Confirm on the phone.", "扫描成功，请在手机上确认。"),
    "qr_expired": ("This code has expired.", "二维码已过期。"),
    "qr_denied": ("The login was declined on the phone.", "已在手机上拒绝登录。"),
    "qr_lost": ("The emulator does not answer.", "模拟器没有响应。"),
    "qr_again": ("Get a new code", "刷新二维码"),
    "allowed_there": ("Confirmed", "已确认"),
    "allowed_there_why": (
        "The computer is signing in. You may close this page.",
        "电脑正在登录，可以关闭此页。",
    ),
    "denied_there": ("Declined", "已拒绝"),
    "denied_there_why": ("Nobody is signed in. You may close this page.", "没有登录。可以关闭此页。"),
    "twice": ("Going back to the app", "正在返回应用"),
    "twice_why": (
        "The callback is requested twice, as some Android phones do.",
        "回调地址会被请求两次，与部分安卓手机的行为一致。",
    ),
    "go_on": ("Continue", "继续"),
}
