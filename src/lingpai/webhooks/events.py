"""What others can be told: the one table of events, behind the command, the checks and the documentation."""

from typing import Final, Literal

from lingpai.errors import Words

WebhookEvent = Literal[
    "user.signed_up",
    "user.merged",
    "user.erased",
    "authorization.revoked",
    "authorization.cancelled",
    "profile.modified",
    "wechat.event",
    "webhook.test",
]

EVENTS: Final[dict[WebhookEvent, Words]] = {
    "user.signed_up": Words(
        "Somebody signed in for the first time: `user_id`, `apps`. Told within seconds, not in the login itself.",
        "有新用户首次登录：`user_id`、`apps`。几秒内发出，不在登录请求之内。",
    ),
    "user.merged": Words(
        "Two users turned out to be one: `user_id` stays, `merged_user_id` means the same from now on.",
        "两个用户确认为同一人：保留 `user_id`，`merged_user_id` 今后指同一用户。",
    ),
    "user.erased": Words(
        "Somebody was erased here: `user_id`, `audit_id`, `by`. Erase what you keep of them.",
        "用户数据已删除：`user_id`、`audit_id`、`by`。请同样删除你保存的该用户数据。",
    ),
    "authorization.revoked": Words(
        "Somebody took something back at WeChat: `user_id`, `app`, `openid`, `revoked` (WeChat's numbers), "
        "`forgotten` (what was erased here), `event_digest`.",
        "用户在微信撤回了授权：`user_id`、`app`、`openid`、`revoked`（微信的编号）、`forgotten`（本服务已删除的内容）、`event_digest`。",
    ),
    "authorization.cancelled": Words(
        "Somebody closed their account at WeChat: `user_id`, `app`, `openid`, `erased`, `event_digest`.",
        "用户注销了微信账号：`user_id`、`app`、`openid`、`erased`、`event_digest`。",
    ),
    "profile.modified": Words(
        "WeChat cleaned up somebody's nickname or avatar; ask for it anew: `user_id`, `app`, `openid`, `event_digest`.",
        "微信清理了用户的昵称或头像，应重新获取：`user_id`、`app`、`openid`、`event_digest`。",
    ),
    "wechat.event": Words(
        "Any other event or message of WeChat: `app`, `event`, `fields` as WeChat sent them, without credentials.",
        "微信的其他事件或消息：`app`、`event`、`fields`（微信原样字段，去除凭据）。",
    ),
    "webhook.test": Words(
        "What `lingpai webhooks test` sends; always taken.",
        "`lingpai webhooks test` 发送的测试消息，无需订阅。",
    ),
}
ALL: Final = "*"
