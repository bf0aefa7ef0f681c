"""What the fields of open data and of kept tokens mean, in both languages, with an example each."""

from typing import Final

from lingpai.errors import Words
from lingpai.web.pages.field import Field

_AS_GIVEN: Final = Words(
    "as WeChat gave it: base64 of AES-128-CBC", "微信给出的原值：`base64`，`AES-128-CBC`"
)
_ENCRYPTED: Final = Field(_AS_GIVEN, "ZmFrZSBlbmNyeXB0ZWQgZGF0YSE=")
_IV: Final = Field(
    Words("as WeChat gave it: base64 of 16 bytes", "微信给出的原值：16 字节的 `base64`"),
    "AAAAAAAAAAAAAAAAAAAAAA==",
)
_GENERATION: Final = Field(
    Words("which token it is; grows with every new one", "token 的代次，每换一个新的就增大"), 7
)

OPEN_DATA_FIELDS: Final[dict[str, Field]] = {
    "rawData": Field(
        Words("the text itself, unchanged", "签名时的原文，一字不改"),
        '{"nickName":"Sam","avatarUrl":"https://example.com/a.jpg"}',
    ),
    "ProfileRequest.signature": Field(
        Words(
            "SHA-1 of `rawData` and session_key, made by WeChat",
            "微信对 `rawData` 与 session_key 所做的 `SHA-1`",
        ),
        "0" * 40,
    ),
    "ProfileRequest.encryptedData": _ENCRYPTED,
    "DecryptRequest.encryptedData": _ENCRYPTED,
    "PhoneRequest.encryptedData": Field(
        Words(
            "the old way, with `iv`; only where the app's settings allow it",
            "旧方式，需连同 `iv`；仅在应用设置允许时可用",
        ),
        None,
    ),
    "ProfileRequest.iv": _IV,
    "DecryptRequest.iv": _IV,
    "PhoneRequest.iv": Field(Words("with `encryptedData`", "与 `encryptedData` 一起发送"), None),
    "phone_number": Field(
        Words("with the country code for foreign numbers only", "仅境外号码带国家码"), "13800000000"
    ),
    "pure_phone_number": Field(Words("without the country code", "不带国家码"), "13800000000"),
    "country_code": Field(Words("digits only", "国家码，只有数字"), "86"),
    "ProfileAnswer.id": Field(
        Words("the user's id here", "用户在本服务中的 ID"), "usr_00000000000000000000000000"
    ),
    "ProfileAnswer.nickname": Field(Words("null until it is known", "未知时为 `null`"), "Sam"),
    "ProfileAnswer.avatar_url": Field(
        Words("null until it is known", "未知时为 `null`"), "https://example.com/a.jpg"
    ),
    "ProfileAnswer.gender": Field(
        Words(
            "1 male, 2 female; WeChat tells it no more since 2021-10", "1 男，2 女；2021-10 起微信不再提供"
        ),
        None,
    ),
    "ProfileAnswer.language": Field(Words("as WeChat told it", "微信给出的语言"), "zh_CN"),
    "ProfileAnswer.country": Field(
        Words("as WeChat told it until 2021-10", "2021-10 之前微信给出的国家"), None
    ),
    "ProfileAnswer.province": Field(
        Words("as WeChat told it until 2021-10", "2021-10 之前微信给出的省份"), None
    ),
    "ProfileAnswer.city": Field(Words("as WeChat told it until 2021-10", "2021-10 之前微信给出的城市"), None),
    "ProfileAnswer.source": Field(
        Words(
            "`wechat` or `person`: whose word the last change was", "`wechat` 或 `person`：最近一次修改出自谁"
        ),
        "wechat",
    ),
    "valid": Field(Words("whether fresh encrypted data can be read", "能否解密新产生的加密数据"), True),
    "AccessTokenAnswer.generation": _GENERATION,
    "ReportAnswer.generation": _GENERATION,
    "ReportRequest.generation": Field(Words("of the token that failed", "失败的 token 的代次"), 7),
    "ReportRequest.errcode": Field(
        Words("WeChat's errcode: 40001, 40014 or 42001", "微信返回的错误码：40001、40014 或 42001"), 40_001
    ),
    "ReportAnswer.outcome": Field(
        Words(
            "`replaced`: there was a newer one; `renewed`: it was dead; `good`: WeChat takes it, look at your call",
            "`replaced`：早有新的；`renewed`：已失效并换新；`good`：微信仍接受它，请检查你的调用",
        ),
        "renewed",
    ),
    "path": Field(
        Words("a path of WeChat that the app's settings allow", "应用设置允许的微信路径"), "cgi-bin/user/info"
    ),
}
"""By `Schema.field`, or by the field's name alone."""
