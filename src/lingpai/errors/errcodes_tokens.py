"""WeChat's errcodes about tokens, rights, platforms and session_keys; part of `errcodes.py`."""

from typing import Final

from lingpai.errors.errcode_meaning import ErrcodeMeaning, row

_AGAIN: Final = (
    "Ask for a token anew; lingpai's keeper does so by itself.",
    "重新获取 token；lingpai 会自动处理。",
)
_CONSENT: Final = (
    "Ask for the consent again; lingpai does so by itself.",
    "重新请求授权；lingpai 会自动处理。",
)
_PLATFORM: Final = (
    "Use the app's own AppSecret, or renew the authorisation on the platform's side.",
    "改用应用自己的 AppSecret，或在第三方平台一侧重新授权。",
)
_FORWARDED: Final = (
    "Compare the call with WeChat's page of the endpoint.",
    "对照微信该接口的文档检查请求。",
)
_NOTICES: Final = ("Look at the account's notices in WeChat's console.", "查看微信后台的账号通知。")

TOKEN_ERRCODES: Final[dict[str, ErrcodeMeaning]] = {
    "40014": row(
        "invalid access_token",
        ("The access_token is malformed, or of another kind.", "access_token 格式错误，或种类不对。"),
        _AGAIN,
    ),
    "40066": row("invalid url", ("The path of the call is misspelt.", "接口路径写错了。"), _FORWARDED),
    "40094": row(
        "invalid component credential",
        ("The token of the third-party platform is not valid.", "第三方平台的 token 无效。"),
        _PLATFORM,
    ),
    "40097": row(
        "invalid args", ("A parameter is missing or malformed.", "参数缺失或格式错误。"), _FORWARDED
    ),
    "41001": row(
        "access_token missing",
        ("No access_token stood in the query.", "查询串里没有 access_token。"),
        (
            "Put it into the query, also of a POST; lingpai's forwarder does so.",
            "放进查询串，POST 也一样；lingpai 的转发会代为填写。",
        ),
    ),
    "41003": row(
        "missing refresh_token", ("No refresh_token arrived.", "没有收到 refresh_token。"), _FORWARDED
    ),
    "41009": row("missing openid", ("No openid arrived.", "没有收到 openid。"), _FORWARDED),
    "41018": row(
        "missing component_appid", ("No component_appid arrived.", "没有收到 component_appid。"), _PLATFORM
    ),
    "41021": row(
        "missing component_access_token",
        ("No component_access_token arrived.", "没有收到 component_access_token。"),
        _PLATFORM,
    ),
    "42001": row(
        "access_token expired", ("The access_token is past its time.", "access_token 已过期。"), _AGAIN
    ),
    "42003": row(
        "code expired",
        (
            "The code is older than five minutes. WeChat lists this errcode, and answers 40029.",
            "code 已超过五分钟。微信文档列出此码，实际返回 40029。",
        ),
        ("Call wx.login again and send the code at once.", "重新 wx.login，并立即发送 code。"),
    ),
    "42006": row(
        "component token expired",
        ("The token of the third-party platform is past its time.", "第三方平台的 token 已过期。"),
        _PLATFORM,
    ),
    "43001": row("require GET method", ("The call has to be a GET.", "该接口必须用 GET。"), _FORWARDED),
    "43002": row(
        "require POST method",
        ("The call has to be a POST with a JSON body.", "该接口必须用 POST，并带 JSON 请求体。"),
        _FORWARDED,
    ),
    "43003": row(
        "require https",
        ("The call has to go over HTTPS.", "该接口必须用 HTTPS。"),
        ("Begin the address with https://.", "地址请以 https:// 开头。"),
    ),
    "43104": row(
        "",
        ("The openid belongs to another app.", "openid 属于另一个应用。"),
        ("Use the openid that this AppID was given.", "请使用该 AppID 下获得的 openid。"),
    ),
    "44002": row(
        "empty post data",
        (
            "The body is empty, typically because a form was sent instead of JSON.",
            "请求体为空，常见于用表单代替 JSON。",
        ),
        ("Send the parameters as JSON.", "请用 JSON 发送参数。"),
    ),
    "47001": row(
        "data format error",
        ("The body is not the JSON that the call wants.", "请求体不是该接口要求的 JSON。"),
        (
            "Send UTF-8 JSON with the field names and types of WeChat's page.",
            "请发送 UTF-8 编码的 JSON，字段名和类型以微信文档为准。",
        ),
    ),
    "48004": row(
        "api forbidden for irregularities",
        ("WeChat took the call away as a penalty.", "接口因违规被封禁。"),
        _NOTICES,
    ),
    "48006": row(
        "forbid to clear quota because of reaching the limit",
        ("The quota was cleared ten times this month.", "本月清零次数已用完（十次）。"),
        ("Wait for midnight in Shanghai, and call less.", "等到北京时间零点，并减少调用。"),
    ),
    "50001": row(
        "user unauthorized",
        ("The person has not allowed this call.", "用户没有授权该接口。"),
        ("Ask for the consent first.", "请先取得用户授权。"),
    ),
    "50004": row(
        "user not allow to use accesstoken, maybe for punishment",
        ("The account may not use tokens, probably as a penalty.", "账号被禁止使用 token，可能因处罚。"),
        _NOTICES,
    ),
    "50007": row("", ("The account is frozen.", "账号已被冻结。"), _NOTICES),
    "61003": row(
        "component is not authorized by this account",
        ("The account has not authorised the third-party platform.", "账号没有授权给该第三方平台。"),
        _PLATFORM,
    ),
    "61005": row(
        "component ticket is expired",
        ("The platform's verify ticket is past its time.", "第三方平台的 verify ticket 已过期。"),
        _PLATFORM,
    ),
    "61006": row(
        "component ticket is invalid",
        ("The platform's verify ticket is not valid.", "第三方平台的 verify ticket 无效。"),
        _PLATFORM,
    ),
    "61007": row(
        "api is unauthorized to component",
        ("The account did not allow this call to the platform.", "账号没有把该接口授权给第三方平台。"),
        _PLATFORM,
    ),
    "61010": row(
        "code is expired",
        ("The person has not opened the mini program within 30 minutes.", "用户 30 分钟内没有打开过小程序。"),
        ("Call while the person uses the mini program.", "请在用户使用小程序期间调用。"),
    ),
    "61011": row(
        "invalid component", ("WeChat knows no such third-party platform.", "第三方平台不存在。"), _PLATFORM
    ),
    "61023": row(
        "refresh_token is invalid",
        (
            "The platform's refresh_token for this account is not valid.",
            "第三方平台持有的 refresh_token 无效。",
        ),
        _PLATFORM,
    ),
    "61024": row(
        "",
        (
            "The AppID is a platform's; it gets its token by api_component_token.",
            "这是第三方平台的 AppID，要用 api_component_token 获取 token。",
        ),
        ("Register the app's own AppID.", "请注册应用自己的 AppID。"),
    ),
    "87007": row(
        "session_key is not existd or expired",
        ("WeChat holds no live session_key of this person.", "微信一侧没有该用户有效的 session_key。"),
        ("Let the client log in again.", "让客户端重新登录。"),
    ),
    "87008": row(
        "invalid sig_method",
        ("WeChat knows hmac_sha256 only.", "微信只支持 hmac_sha256。"),
        ("Send sig_method=hmac_sha256.", "请使用 sig_method=hmac_sha256。"),
    ),
    "87009": row(
        "invalid signature",
        (
            "The session_key that was signed with is not WeChat's present one: a later wx.login has replaced it.",
            "签名所用的 session_key 不是微信当前的那个：后来的 wx.login 已将其更换。",
        ),
        ("Let the client log in again, and send that code here.", "让客户端重新登录，并把 code 发到这里。"),
    ),
    "89002": row(
        "open not exists",
        (
            "The app is bound to no Open Platform account, so there is no unionid.",
            "应用没有绑定开放平台账号，因此没有 unionid。",
        ),
        ("Bind it at open.weixin.qq.com.", "在 open.weixin.qq.com 绑定。"),
    ),
    "89300": row(
        "invalid trade",
        ("There is no such payment, or it is older than five minutes.", "没有这笔支付，或已超过五分钟。"),
        ("Ask right after the payment.", "请在支付后立即调用。"),
    ),
    "89501": row(
        "",
        ("An administrator is being asked about the server's address.", "正在等待管理员确认该 IP。"),
        ("Let the administrator answer in WeChat.", "请管理员在微信中确认。"),
    ),
    "89503": row(
        "",
        ("An administrator has to confirm the server's address.", "该 IP 需要管理员确认。"),
        ("Let the administrator answer in WeChat.", "请管理员在微信中确认。"),
    ),
    "89506": row(
        "",
        ("An administrator refused the server's address twice.", "管理员已两次拒绝该 IP。"),
        ("Wait 24 hours, or put the address on the allow-list.", "等待 24 小时，或把该 IP 加入白名单。"),
    ),
    "89507": row(
        "",
        ("An administrator refused the server's address.", "管理员拒绝了该 IP。"),
        ("Wait an hour, or put the address on the allow-list.", "等待 1 小时，或把该 IP 加入白名单。"),
    ),
}
"""By errcode as text."""
