"""Errors that are met outside of this server: in the mini program, in sample code, in other languages' libraries."""

from typing import Final

from lingpai.errors.errcode_meaning import ErrcodeMeaning, row

_DECRYPTION: Final = (
    "Log in first, then get the data; send it to /v1/APP/decrypt unchanged, as JSON.",
    "先登录、后取数据，再以 JSON 原样发给 /v1/APP/decrypt。",
)

CLIENT_ERRORS: Final[dict[str, ErrcodeMeaning]] = {
    "600002": row(
        "url not in domain list",
        (
            "The host of wx.request is not among the request domains of the mini program; www and a port count.",
            "wx.request 的域名不在小程序的 request 合法域名里；www 和端口也算在内。",
        ),
        (
            "Add the host of public_url in WeChat's console, then empty DevTools' cache.",
            "在小程序后台添加 public_url 的域名，再清除开发者工具缓存。",
        ),
    ),
    "1400001": row(
        "",
        ("The quota of phone numbers is used up.", "手机号快速验证组件的额度已用完。"),
        ("Buy more in WeChat's console, and offer another way.", "在小程序后台购买额度，并提供其他方式。"),
    ),
    "privacy-scope": row(
        "api scope is not declared in the privacy agreement",
        (
            "The mini program calls an API whose data its privacy agreement does not name.",
            "调用的接口所涉及的信息没有写入《用户隐私保护指引》。",
        ),
        (
            "Name the data in the privacy agreement in WeChat's console; it holds after its review.",
            "在小程序后台的《用户隐私保护指引》中声明，审核通过后生效。",
        ),
    ),
    "privacy-permission": row(
        "privacy permission is not authorized",
        ("The person has not agreed to the privacy agreement yet.", "用户还没有同意隐私保护指引。"),
        (
            "Ask with wx.requirePrivacyAuthorize, or handle wx.onNeedPrivacyAuthorization.",
            "调用 wx.requirePrivacyAuthorize，或处理 wx.onNeedPrivacyAuthorization。",
        ),
    ),
    "-41001": row(
        "IllegalAesKey",
        ("The session_key is not 24 characters of base64.", "session_key 不是 24 个字符的 base64。"),
        (
            "Do not decrypt by yourself; no client needs a session_key.",
            "不要自行解密，客户端不需要 session_key。",
        ),
    ),
    "-41002": row(
        "IllegalIv",
        ("The iv is not 24 characters of base64.", "iv 不是 24 个字符的 base64。"),
        _DECRYPTION,
    ),
    "-41004": row(
        "DecodeBase64Error",
        (
            "encryptedData was damaged on its way: a form or a query turns + into a blank.",
            "encryptedData 在传输中损坏：表单或查询串会把 + 变成空格。",
        ),
        _DECRYPTION,
    ),
    "-41005": row(
        "IllegalBuffer of the result",
        (
            "What was decrypted is no JSON: encryptedData and iv are of two calls, or were encoded twice.",
            "解密结果不是 JSON：encryptedData 与 iv 不是同一次调用的，或被重复编码。",
        ),
        _DECRYPTION,
    ),
}
"""By number, or by a name of ours where there is none. -41003 is the problem session_key_stale."""

SPELLINGS: Final[dict[str, tuple[str, ...]]] = {
    "session_key_stale": (
        "-41003",
        "IllegalBuffer",
        "ILLEGAL_BUFFER",
        "pad block corrupted",
        "bad decrypt",
        "填充无效，无法被移除",
        "Padding is invalid and cannot be removed",
        "The given payload is invalid",
        "BadPaddingException",
        "Given final block not properly padded",
        "wrong final block length",
        "解密失败",
    ),
    "devtools_mock_code": ("the code is a mock one",),
    "600002": (
        "不在以下 request 合法域名列表中",
        "request:fail url not in domain list",
    ),
    "1400001": ("getPhoneNumber:fail 1400001", "手机号验证额度不足"),
    "privacy-permission": ("errno 104", "getUserProfile:fail privacy permission is not authorized"),
    "10003": ("redirect_uri 参数错误", "redirect_uri域名与后台配置不一致"),
    "10005": ("scope 参数错误", "Scope parameter error"),
    "wechat_busy": ("system busy", "系统繁忙", "ETIMEDOUT"),
}
"""How others call what has an entry already."""
