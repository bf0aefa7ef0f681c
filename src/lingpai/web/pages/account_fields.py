"""What the fields of an account and of its export mean; the rows of `fields.py` that only they have."""

from typing import Final

from lingpai.errors import Words
from lingpai.web.pages.field import Field

_WHEN: Final = "2026-01-01T08:00:00Z"
_USER: Final = "usr_00000000000000000000000000"
_APPID: Final = "wx00000000000000a1"
_PICTURE: Final = "http://127.0.0.1:8000/avatars/00000000000000000000000000000000.jpg"

ACCOUNT_FIELDS: Final[dict[str, Field]] = {
    "MeAnswer.id": Field(
        Words("our id of the person, the same in all your apps", "本服务的用户 ID，在你的各个应用间保持一致"),
        _USER,
    ),
    "ChangeRequest.nickname": Field(
        Words("1 to 64 visible characters; `null` takes it away", "1 到 64 个可见字符；`null` 表示清除"),
        "小明",
    ),
    "MeAnswer.nickname": Field(
        Words("`null` until there is one", "尚未填写时为 `null`"),
        "小明",
    ),
    "MeAnswer.avatar_url": Field(
        Words("ours or WeChat's; `null` until there is one", "本服务或微信的地址，没有时为 `null`"), _PICTURE
    ),
    "MeAnswer.profile_complete": Field(
        Words("nickname and avatar are both filled in", "昵称和头像是否都已填写"), True
    ),
    "MeAnswer.gender": Field(
        Words(
            "1 male, 2 female; WeChat tells it no more since 2021-10",
            "1 男，2 女；微信自 2021-10 起不再提供",
        ),
        1,
    ),
    "MeAnswer.language": Field(Words("as WeChat told it", "微信提供的值"), "zh_CN"),
    "MeAnswer.country": Field(Words("as WeChat told it", "微信提供的值"), "CN"),
    "MeAnswer.province": Field(Words("as WeChat told it", "微信提供的值"), "Guangdong"),
    "MeAnswer.city": Field(Words("as WeChat told it", "微信提供的值"), "Shenzhen"),
    "MeAnswer.source": Field(
        Words(
            "whose word the last change is: `wechat` or `person`; absent: nothing was told yet",
            "最近一次更改的来源：`wechat` 或 `person`；没有该字段表示还没有资料",
        ),
        "person",
    ),
    "phone": Field(Words("the phone number WeChat vouched for", "经微信验证的手机号"), None),
    "OwnPhoneAnswer.phone_number": Field(
        Words("in full; with the country code for foreign numbers only", "完整号码；只有境外号码带国家码"),
        "13800000001",
    ),
    "OwnPhoneAnswer.pure_phone_number": Field(Words("without the country code", "不含国家码"), "13800000001"),
    "OwnPhoneAnswer.country_code": Field(Words("without a plus", "不带加号"), "86"),
    "verified_at": Field(Words("when WeChat told it", "微信提供该号码的时间"), _WHEN),
    "identities": Field(Words("what WeChat calls the person at each app", "用户在各应用下的身份"), None),
    "IdentityAnswer.app": Field(Words("the AppID", "AppID"), _APPID),
    "created_at": Field(Words("when the person first signed in", "首次登录的时间"), _WHEN),
    "audit_id": Field(
        Words("proves that it was done; leads to nobody", "删除凭证，无法由它找到本人"),
        "era_00000000000000000000000000",
    ),
    "erased_at": Field(Words("when it was done", "删除时间"), _WHEN),
    "PersonExport.user": Field(Words("our id of the person", "本服务的用户 ID"), _USER),
    "since": Field(Words("when the person first signed in", "首次登录的时间"), _WHEN),
    "exported_at": Field(Words("when this was put together", "导出时间"), _WHEN),
    "PersonExport.profile": Field(
        Words("what the person told, or let WeChat tell", "用户填写或授权微信提供的资料"), None
    ),
    "ExportedProfile.nickname": Field(Words("as it is kept", "昵称"), "小明"),
    "ExportedProfile.avatar_url": Field(Words("as it is kept", "头像地址"), _PICTURE),
    "avatar_jpeg": Field(
        Words("the picture itself in base64, when it lies here", "头像图片（base64），仅当由本服务保存"),
        "/9j/fake",
    ),
    "details": Field(Words("what WeChat told beside", "微信提供的其他资料"), None),
    "ProfileDetails.gender": Field(Words("0 unknown, 1 male, 2 female", "0 未知，1 男，2 女"), 0),
    "ProfileDetails.language": Field(Words("as WeChat told it", "微信提供的值"), "zh_CN"),
    "ProfileDetails.country": Field(Words("as WeChat told it", "微信提供的值"), "CN"),
    "ProfileDetails.province": Field(Words("as WeChat told it", "微信提供的值"), "Guangdong"),
    "ProfileDetails.city": Field(Words("as WeChat told it", "微信提供的值"), "Shenzhen"),
    "ExportedProfile.source": Field(
        Words("`wechat`, `person` or `null`", "`wechat`、`person` 或 `null`"), "person"
    ),
    "updated_at": Field(Words("when the profile last changed", "资料最近一次更改的时间"), _WHEN),
    "ExportedPhone.phone_number": Field(Words("in full", "完整号码"), "13800000001"),
    "ExportedPhone.pure_phone_number": Field(Words("without the country code", "不含国家码"), "13800000001"),
    "ExportedPhone.country_code": Field(Words("without a plus", "不带加号"), "86"),
    "ExportedIdentity.app": Field(Words("the AppID", "AppID"), _APPID),
    "first_seen_at": Field(Words("when it first signed in there", "首次在该应用登录的时间"), _WHEN),
    "sessions": Field(Words("newest first; 30 days after their end", "最新在前；结束后保留 30 天"), None),
    "ExportedSession.id": Field(Words("the session's id", "会话 ID"), "ses_00000000000000000000000000"),
    "ExportedSession.app": Field(Words("the AppID", "AppID"), _APPID),
    "began_at": Field(Words("when it began", "开始时间"), _WHEN),
    "expires_at": Field(Words("when it ends at the latest", "最迟的结束时间"), _WHEN),
    "ended_at": Field(Words("when it was ended before that", "提前结束的时间"), None),
    "end_reason": Field(Words("why it was ended", "结束原因"), None),
    "user_agent": Field(
        Words("what the client called itself", "客户端的 `User-Agent`"), "MicroMessenger/8.0"
    ),
    "logins": Field(Words("newest first", "最新在前"), None),
    "ExportedLogin.at": Field(Words("when", "时间"), _WHEN),
    "ExportedLogin.app": Field(Words("the AppID", "AppID"), _APPID),
    "result": Field(Words("`signed_in`, or the code of a problem", "`signed_in` 或错误码"), "signed_in"),
    "session": Field(Words("the session that began", "由此开始的会话"), "ses_00000000000000000000000000"),
    "request_id": Field(Words("the request's `X-Request-Id`", "请求的 `X-Request-Id`"), "fake-request-id"),
    "name": Field(
        Words("the last part of `avatar_url`", "`avatar_url` 的最后一段"),
        "00000000000000000000000000000000.jpg",
    ),
}
