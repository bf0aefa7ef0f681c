"""The problems of WeChat's pushes; part of `catalogue.py`."""

from typing import Final

from lingpai.errors.problem import ProblemKind, Words

PUSH_REFUSED: Final = ProblemKind(
    code="push_refused",
    status=403,
    title=Words("This is no event of WeChat for this app", "不是微信发给该应用的事件"),
    detail=Words("Nothing was stored and nothing was done.", "没有存储，也没有执行任何操作。"),
    hint=Words(
        "Compare Token, EncodingAESKey and the way of encryption in WeChat's console with `lingpai apps push`; the log event "
        "push_refused names the reason.",
        "请核对微信后台的 Token、EncodingAESKey 和“安全模式”是否与 `lingpai apps push` 一致；日志事件 push_refused 写明了原因。",
    ),
    why=Words(
        "The signature is wrong, the message is not encrypted, is for another app, is older than ten minutes, or its "
        "signature served another event before. The answer does not tell which, because it may have been forged.",
        "签名错误、未加密、发给其他应用、超过十分钟，或签名已用于另一个事件。响应不说明是哪一种，因为请求可能是伪造的。",
    ),
)
PUSH_NOT_SET_UP: Final = ProblemKind(
    code="push_not_set_up",
    status=404,
    title=Words("This app takes no pushed events", "该应用没有启用消息推送"),
    detail=Words(
        "{app} has no Token and EncodingAESKey here.", "{app} 在本服务没有 Token 和 EncodingAESKey。"
    ),
    hint=Words("An operator runs: lingpai apps push {app}", "请管理员执行：lingpai apps push {app}"),
    why=Words(
        "Events are taken only once the app has keys to prove them by.",
        "只有设置了用于验证的密钥，才会接收事件。",
    ),
)
