"""WeChat's errcodes in both languages: what each means here, and what to do."""

from typing import Final

from lingpai.errors.errcode_meaning import ErrcodeMeaning, row
from lingpai.errors.errcodes_tokens import TOKEN_ERRCODES

_LOGIN_ERRCODES: Final[dict[str, ErrcodeMeaning]] = {
    "-1": row(
        "system error",
        ("WeChat is busy.", "微信系统繁忙。"),
        ("Wait a second and try again.", "稍等片刻再试。"),
    ),
    "10003": row(
        "redirect_uri 域名与后台配置不一致",
        (
            "The host of redirect_uri is not the one set for web authorization.",
            "redirect_uri 的域名与网页授权域名不一致。",
        ),
        (
            "Set the host of public_url as it is: no scheme, no port, no path, no parent domain.",
            "在公众号后台填写 public_url 的完整域名：不带协议、端口、路径，也不能只填上级域名。",
        ),
    ),
    "10004": row(
        "",
        ("The official account was banned.", "公众号被封禁。"),
        ("Look at the account's notices in WeChat's console.", "查看公众号后台的通知。"),
    ),
    "10005": row(
        "Scope 参数错误或没有 Scope 权限",
        (
            "The account may not ask for this scope, or the parameters stand in another order.",
            "公众号没有该 scope 的权限，或参数顺序不对。",
        ),
        (
            "Only verified service accounts may; check that the yearly verification has not lapsed.",
            "只有已认证的服务号可用；检查年审是否过期。",
        ),
    ),
    "10006": row(
        "",
        ("A test account is visited by somebody who does not follow it.", "访问测试号网页的人还没有关注它。"),
        ("Follow the test account first.", "先关注该测试号。"),
    ),
    "10009": row(
        "",
        ("Too many authorizations in a short time.", "操作太频繁。"),
        ("Wait; look for a page that sends its visitors round.", "稍后再试；检查是否有页面在循环跳转。"),
    ),
    "10010": row(
        "",
        ("No scope arrived.", "scope 为空。"),
        (
            "Start at /v1/APP/oauth/start, which writes the address.",
            "从 /v1/APP/oauth/start 开始，由它拼地址。",
        ),
    ),
    "10011": row(
        "",
        ("No redirect_uri arrived.", "redirect_uri 为空。"),
        (
            "Start at /v1/APP/oauth/start, which writes the address.",
            "从 /v1/APP/oauth/start 开始，由它拼地址。",
        ),
    ),
    "10012": row(
        "",
        ("No appid arrived.", "appid 为空。"),
        (
            "Start at /v1/APP/oauth/start, which writes the address.",
            "从 /v1/APP/oauth/start 开始，由它拼地址。",
        ),
    ),
    "10013": row(
        "",
        ("No state arrived.", "state 为空。"),
        (
            "Start at /v1/APP/oauth/start, which writes the address.",
            "从 /v1/APP/oauth/start 开始，由它拼地址。",
        ),
    ),
    "10015": row(
        "",
        ("The account has not authorised the third-party platform.", "公众号没有授权给该第三方平台。"),
        ("Authorise it in WeChat's console.", "在公众号后台完成授权。"),
    ),
    "10016": row(
        "",
        (
            "The AppID is one of the Open Platform, not of an official account.",
            "填的是开放平台的 AppID，不是公众号的。",
        ),
        ("Register the official account's AppID.", "请注册公众号的 AppID。"),
    ),
    "40001": row(
        "invalid credential, access_token is invalid or not latest",
        (
            "An access_token that is wrong, or that another program has replaced; on fetching one, a wrong AppSecret.",
            "access_token 无效，或已被别的程序刷新替换；获取 token 时表示 AppSecret 错误。",
        ),
        (
            "Let one place fetch tokens. Two programs with one AppSecret take them from each other.",
            "只让一个地方获取 token。两个程序共用一个 AppSecret 会互相顶掉。",
        ),
    ),
    "40002": row(
        "invalid grant_type",
        ("The grant_type is wrong or missing.", "grant_type 错误或缺失。"),
        (
            "authorization_code for a code, client_credential for a token.",
            "换 code 用 authorization_code，取 token 用 client_credential。",
        ),
    ),
    "40003": row(
        "invalid openid",
        ("The openid does not belong to this app.", "openid 不属于该应用。"),
        ("Use the openid that this AppID was given.", "请使用该 AppID 下获得的 openid。"),
    ),
    "40013": row(
        "invalid appid",
        ("WeChat does not know the AppID.", "微信不认识该 AppID。"),
        (
            "Look for a typing error or a blank; an AppID is wx and 16 hex digits.",
            "检查拼写和空格；AppID 为 wx 加 16 位十六进制。",
        ),
    ),
    "40029": row(
        "invalid code",
        (
            "The code is expired, malformed, used long ago, or was made for another AppID.",
            "code 已过期、格式错误、早已用过，或属于另一个 AppID。",
        ),
        (
            "Call wx.login again and send the code at once, once, unchanged; compare the AppIDs of client and server.",
            "重新 wx.login，立即原样发送一次；核对前后端的 AppID 是否一致。",
        ),
    ),
    "40030": row(
        "invalid refresh_token",
        ("The person's refresh_token is not valid.", "用户的 refresh_token 无效。"),
        ("Ask for the consent again; lingpai does so by itself.", "重新请求授权；lingpai 会自动处理。"),
    ),
    "40090": row(
        "invalid request source (bad client ip)",
        ("WeChat does not accept the server's address.", "微信不接受服务器的 IP。"),
        ("Add it to the IP allow-list.", "把它加入 IP 白名单。"),
    ),
    "40125": row(
        "invalid appsecret",
        ("The AppSecret is wrong, or was reset.", "AppSecret 错误，或已被重置。"),
        (
            "Put the present one in with `lingpai apps rotate-secret`.",
            "用 `lingpai apps rotate-secret` 更新。",
        ),
    ),
    "40163": row(
        "code been used",
        ("The code was exchanged before.", "code 已被使用过。"),
        (
            "Call wx.login again. Look for a client, a proxy or a second server that sends it twice.",
            "重新 wx.login。检查是否有客户端、代理或另一台服务器重复发送。",
        ),
    ),
    "40164": row(
        "invalid ip, not in whitelist",
        ("The server's address is not on the app's allow-list.", "服务器 IP 不在白名单。"),
        (
            "Add the address from the message in WeChat's console; it takes about five minutes.",
            "在微信后台添加消息中的 IP，约五分钟生效。",
        ),
    ),
    "40226": row(
        "code blocked",
        ("WeChat rates the user as high-risk and refuses the login.", "用户被判定为高风险，微信拒绝登录。"),
        ("Trying again does not help; offer guest mode or support.", "重试无效；可提供游客模式或人工支持。"),
    ),
    "40243": row(
        "AppSecret frozen",
        ("The AppSecret is frozen.", "AppSecret 已被冻结。"),
        ("Unfreeze it in WeChat's console; that takes ten minutes.", "在微信后台解冻，十分钟后生效。"),
    ),
    "41002": row(
        "appid missing",
        (
            "No appid arrived, typically because a JSON POST was sent instead of a query.",
            "没有收到 appid，常见于用 JSON POST 代替查询参数。",
        ),
        ("Send a GET with the parameters in the query.", "请用 GET，并把参数放在查询串里。"),
    ),
    "41004": row(
        "appsecret missing",
        ("No secret arrived; the parameter is called secret.", "没有收到 secret，参数名是 secret。"),
        ("Rename the parameter.", "修正参数名。"),
    ),
    "41008": row(
        "missing code",
        (
            "No code arrived; for a mini program the parameter is called js_code.",
            "没有收到 code；小程序的参数名是 js_code。",
        ),
        ("Rename the parameter.", "修正参数名。"),
    ),
    "42002": row(
        "refresh_token expired",
        ("The consent is older than thirty days.", "授权已超过三十天。"),
        ("Ask for the consent again; lingpai does so by itself.", "重新请求授权；lingpai 会自动处理。"),
    ),
    "42007": row(
        "",
        ("The person changed the password, which ended all consents.", "用户修改了密码，所有授权随之失效。"),
        ("Ask for the consent again; lingpai does so by itself.", "重新请求授权；lingpai 会自动处理。"),
    ),
    "45009": row(
        "reach max api daily quota limit",
        ("The daily quota of this call is used up.", "该接口当日额度已用尽。"),
        (
            "Wait for midnight in Shanghai, or clear the quota in WeChat's console.",
            "等到北京时间零点，或在微信后台清零。",
        ),
    ),
    "45011": row(
        "api minute-quota reach limit  mustslower  retry next minute",
        ("Too many calls this minute; a login counts per user.", "本分钟调用过多；登录按用户计数。"),
        ("Wait a minute; look for a client that signs in in a loop.", "等一分钟；检查是否有客户端循环登录。"),
    ),
    "48001": row(
        "api unauthorized",
        (
            "The account, or this kind of consent, does not cover the call; sns/userinfo after snsapi_base answers so.",
            "公众号或这种授权不包含该接口；用 snsapi_base 的 token 调 sns/userinfo 就会这样。",
        ),
        ("Ask with scope=userinfo.", "请使用 scope=userinfo。"),
    ),
    "50002": row(
        "user limited",
        ("The app's account is frozen, migrated or closed.", "账号被冻结、迁移或注销。"),
        ("Look at the account's notices in WeChat's console.", "查看微信后台的账号通知。"),
    ),
    "61004": row(
        "access clientip is not registered",
        ("The server's address is not on the app's allow-list.", "服务器 IP 未登记。"),
        ("Add it in WeChat's console.", "在微信后台添加。"),
    ),
}
ERRCODES: Final[dict[str, ErrcodeMeaning]] = dict(
    sorted({**_LOGIN_ERRCODES, **TOKEN_ERRCODES}.items(), key=lambda entry: int(entry[0]))
)
"""By errcode as text, in the order of the numbers."""
