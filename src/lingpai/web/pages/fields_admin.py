"""What the fields of `/v1/admin` mean, in both languages, with an example each."""

from typing import Any, Final

from lingpai.errors import Words

_APPID: Final = "wx00000000000000a1"
_FAKE: Final = "00000000000000000000000000000000"
_USER: Final = "usr_00000000000000000000000000"
_AT: Final = 1_767_225_600_000
_HASH: Final = "00" * 32
_APP_OF: Final = Words("the AppID", "AppID")
_NAME: Final = Words("its name", "名称")
_MADE: Final = Words("when it was made, in milliseconds since 1970", "创建时间，自 1970 年起的毫秒数")
_SCOPES: Final = Words(
    "`introspect`, `access_token`, `wechat`; for one app with `:` and its AppID behind",
    "`introspect`、`access_token`、`wechat`；后面加 `:` 和 AppID 表示只对该应用有效",
)
_LAST4: Final = Words("the last four characters", "后四位")
_KIND: Final = Words(
    "`miniprogram`, `official_account` or `website`", "`miniprogram`、`official_account` 或 `website`"
)
_PLATFORM: Final = Words("the open-platform account it is bound to", "所绑定的微信开放平台账号")
_SLUG: Final = Words("a short name for URLs", "用于 URL 的短名")
_APP_SECRET: Final = Words(
    "the AppSecret, 32 hex digits; never answered", "AppSecret，32 位十六进制，永不返回"
)

ADMIN_FIELDS: Final[dict[str, tuple[Words, Any]]] = {
    "apps": (Words("every app, by its slug", "全部应用，按 slug 排序"), None),
    "AddAppRequest.appid": (_APP_OF, _APPID),
    "AddAppRequest.app_secret": (_APP_SECRET, _FAKE),
    "AddAppRequest.slug": (_SLUG, "shop"),
    "AddAppRequest.kind": (_KIND, "miniprogram"),
    "AddAppRequest.name": (Words("a name for people", "给人看的名称"), "The shop"),
    "AddAppRequest.open_platform": (_PLATFORM, "main"),
    "AppSecretRequest.app_secret": (_APP_SECRET, _FAKE),
    "ChangeAppRequest.settings": (
        Words(
            "settings by name, each value as text; a list with commas",
            "按名称给出的设置，值为文本；列表用逗号分隔",
        ),
        {"profile_days": "30"},
    ),
    "AdminApp.appid": (_APP_OF, _APPID),
    "AdminApp.slug": (_SLUG, "shop"),
    "AdminApp.kind": (_KIND, "miniprogram"),
    "AdminApp.name": (Words("a name for people", "给人看的名称"), "The shop"),
    "AdminApp.open_platform": (_PLATFORM, "main"),
    "AdminApp.secret_version": (Words("the version of the AppSecret in force", "当前 AppSecret 的版本号"), 2),
    "AdminApp.secret_last4": (_LAST4, "cdef"),
    "AdminApp.created_at": (_MADE, _AT),
    "AdminApp.settings": (
        Words("every setting, also those at their default", "全部设置，含默认值"),
        {"profile_days": 30},
    ),
    "users": (Words("newest first", "新的在前"), None),
    "AdminUser.id": (Words("the user's id", "用户 ID"), _USER),
    "AdminUser.created_at": (
        Words(
            "when the person first signed in, in milliseconds since 1970",
            "首次登录时间，自 1970 年起的毫秒数",
        ),
        _AT,
    ),
    "AdminUser.nickname": (
        Words("as the person has it; anything may stand there", "昵称，内容不可信"),
        "小明",
    ),
    "AdminUser.avatar_url": (Words("the picture", "头像地址"), "/avatars/fake.jpg"),
    "AdminIdentity.appid": (_APP_OF, _APPID),
    "AdminSession.id": (Words("the session's id", "会话 ID"), "ses_00000000000000000000000000"),
    "AdminSession.appid": (_APP_OF, _APPID),
    "AdminSession.created_at": (_MADE, _AT),
    "AdminSession.expires_at": (
        Words("when it ends at the latest, in milliseconds since 1970", "最晚结束时间，自 1970 年起的毫秒数"),
        _AT,
    ),
    "AdminSession.ended_at": (
        Words("when it was ended, in milliseconds since 1970", "被结束的时间，自 1970 年起的毫秒数"),
        _AT,
    ),
    "MergeRequest.other": (Words("the id of the same person's other user", "同一个人的另一个用户 ID"), _USER),
    "MergeAnswer.winner": (Words("the user that stays", "保留的用户"), _USER),
    "MergeAnswer.loser": (
        Words(
            "the id that finds the other one, or is a user of its own again", "指向前者的 ID；撤销后重新独立"
        ),
        _USER,
    ),
    "ErasedUserAnswer.erased_at": (
        Words("when, in milliseconds since 1970", "时间，自 1970 年起的毫秒数"),
        _AT,
    ),
    "ended": (Words("how many sessions were ended", "结束了多少个会话"), 2),
    "service_keys": (Words("oldest first, with the revoked ones", "旧的在前，含已撤销的"), None),
    "ShownClient.name": (_NAME, "backend"),
    "ShownClient.last4": (_LAST4, "cdef"),
    "ShownClient.scopes": (_SCOPES, ["introspect"]),
    "ShownClient.created_at": (_MADE, _AT),
    "ShownClient.revoked_at": (
        Words("since when it is refused, in milliseconds since 1970", "撤销时间，自 1970 年起的毫秒数"),
        _AT,
    ),
    "ShownClient.last_used_at": (
        Words("the last use, in milliseconds since 1970", "最近一次使用，自 1970 年起的毫秒数"),
        _AT,
    ),
    "AddServiceKeyRequest.name": (_NAME, "backend"),
    "AddServiceKeyRequest.scopes": (_SCOPES, ["introspect"]),
    "NewServiceKeyAnswer.name": (_NAME, "backend"),
    "NewServiceKeyAnswer.scopes": (_SCOPES, ["introspect"]),
    "service_key": (Words("the key; it is answered this once", "密钥，只返回这一次"), "lps_fake-service-key"),
    "at_once": (
        Words(
            "the old key leaked: withdraw it now, its tokens die; without it the new key signs from a day on",
            "旧密钥已泄露，立即撤下，其签发的令牌全部失效；否则新密钥一天后开始签名",
        ),
        False,
    ),
    "signing_keys": (Words("newest first", "新的在前"), None),
    "ShownKey.kid": (Words("the key's id, as in the JWKS", "密钥 ID，与 JWKS 中一致"), "fake-kid"),
    "ShownKey.created_at": (_MADE, _AT),
    "ShownKey.active_at": (
        Words("from when it signs, in milliseconds since 1970", "开始签名的时间，自 1970 年起的毫秒数"),
        _AT,
    ),
    "ShownKey.retired_at": (
        Words(
            "until when it is published, in milliseconds since 1970", "停止公布的时间，自 1970 年起的毫秒数"
        ),
        _AT,
    ),
    "entries": (Words("newest first", "新的在前"), None),
    "ShownEntry.position": (Words("its place in the chain, from 1", "在链中的序号，从 1 开始"), 42),
    "ShownEntry.at": (Words("when, in milliseconds since 1970", "时间，自 1970 年起的毫秒数"), _AT),
    "ShownEntry.time": (
        Words("the same in RFC 3339, UTC", "同一时间，RFC 3339 格式，UTC"),
        "2026-01-01T00:00:00Z",
    ),
    "ShownEntry.actor_kind": (
        Words(
            "`cli`, `operator`, `service_key`, `server` or `dev`",
            "`cli`、`operator`、`service_key`、`server` 或 `dev`",
        ),
        "operator",
    ),
    "ShownEntry.actor_id": (Words("who did it, by id", "操作者 ID"), "opr_00000000000000000000000000"),
    "ShownEntry.actor_name": (Words("who did it, by name", "操作者名称"), "xiaohong"),
    "ShownEntry.action": (Words("what was done", "操作"), "app.added"),
    "ShownEntry.about": (Words("to what", "操作对象"), _APPID),
    "ShownEntry.details": (
        Words("more about it; never a secret", "其他细节，不含任何机密"),
        {"slug": "shop"},
    ),
    "ShownEntry.previous": (Words("the hash of the entry before, in hex", "前一条的哈希，十六进制"), _HASH),
    "ShownEntry.hash": (
        Words(
            "SHA-256 over the hash before, the position and the entry, in hex",
            "对前一条哈希、序号与内容计算的 SHA-256，十六进制",
        ),
        _HASH,
    ),
    "session": (Words("the session's id", "会话 ID"), "ses_00000000000000000000000000"),
}
"""By `Struct.field`, or by the field's name alone."""
