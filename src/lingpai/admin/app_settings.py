"""The settings of one app: their words, and how a value is read from text."""

import difflib
from collections.abc import Mapping
from typing import Any, Final, get_origin

import msgspec

from lingpai.admin.invalid import AppInvalidError
from lingpai.errors import Words
from lingpai.logins.oauth import origin_of
from lingpai.model import AppSettings

APP_SETTINGS: Final = {
    "phone_by_encrypted_data": Words(
        "Whether the old way to a phone number is open: `encryptedData` and `iv` instead of a code. It stands and "
        "falls with the session_key, so leave it off unless old clients need it.",
        "是否允许用旧方式（`encryptedData` 和 `iv`，而不是 code）获取手机号。其安全性完全取决于 session_key，"
        "除非旧客户端需要，请保持关闭。",
    ),
    "token_kind": Words(
        "Which access_token is kept: `stable` (`cgi-bin/stable_token`) or `legacy` (`cgi-bin/token`). A legacy token "
        "is taken away by every other program that fetches one; choose it only while such programs still run.",
        "维护哪种 access_token：`stable`（`cgi-bin/stable_token`）或 `legacy`（`cgi-bin/token`）。"
        "legacy 会被其他程序的获取操作顶掉，仅在仍有这类程序时选用。",
    ),
    "origins": Words(
        "The origins of the app's own pages, such as `https://shop.example.com`: where a browser may be sent back to, "
        "whose scripts may call this server, for which the JS-SDK is signed. Compared exactly; no wildcard.",
        "应用自己的页面的 origin，例如 `https://shop.example.com`：登录后只跳回这些地址，只有这些页面的脚本可以调用本服务器，"
        "JS-SDK 也只为它们签名。逐字比较，不支持通配符。",
    ),
    "profile_days": Words(
        "How many days nickname and avatar from WeChat count as fresh; older ones are read anew at the next login "
        "that asks for them.",
        "从微信取得的昵称和头像在多少天内算新；过期后，下一次要求资料的登录会重新读取。",
    ),
    "compat": Words(
        "Whether the routes of the published tutorials (`/index/decodeUserInfo`, `/getOpenid`, `/wx/wxLogin` and the "
        "others) serve this app, for clients that were written against them. Turn it off when the last of them is gone.",
        "是否为该应用开放各篇教程的接口（`/index/decodeUserInfo`、`/getOpenid`、`/wx/wxLogin` 等），供照着教程写的旧客户端使用。"
        "最后一个旧客户端下线后请关闭。",
    ),
    "look_alike": Words(
        "Whether `/cgi-bin/token` and `/cgi-bin/stable_token` answer for this app here as WeChat does, to SDKs "
        "that send a service key as `secret`.",
        "是否在本服务上以微信的形式提供该应用的 `/cgi-bin/token` 和 `/cgi-bin/stable_token`，"
        "供以服务密钥作为 `secret` 的 SDK 使用。",
    ),
    "push_mode": Words(
        "Which events of WeChat are taken: `safe`, encrypted ones only (the safe or the compatible mode in WeChat's console), or `plain`, "
        "also those whose content nothing proves.",
        "接收哪些微信推送：`safe` 只接收加密消息（微信后台选安全模式或兼容模式）；`plain` 也接收明文消息（明文模式），其内容没有签名保护。",
    ),
    "on_cancellation": Words(
        "What happens when somebody closes their WeChat account: `erase` erases the user here, `mark` only records it and "
        "tells webhooks.",
        "用户注销微信账号时如何处理：`erase` 删除本服务中的该用户；`mark` 只记录并通知 webhook。",
    ),
    "logins_per_minute": Words(
        "How many logins the app may have in a minute, on all nodes together, a third of them at once; 0 is no limit. "
        "Beyond that people get 429, and WeChat is not asked.",
        "该应用每分钟最多登录次数（所有节点合计，其中三分之一可以同时到达）；0 表示不限。超出后返回 429，也不再询问微信。",
    ),
    "forward_paths": Words(
        "The paths of WeChat that backends may call through `/wechat/{app}`; `/*` at the end stands for all below. "
        "Paths that give credentials are never forwarded.",
        "后端可经由 `/wechat/{app}` 调用的微信路径；以 `/*` 结尾表示其下全部路径。返回凭据的路径一律不转发。",
    ),
}
"""By the name of the field in `AppSettings`."""

_MOST_DAYS: Final = 3650
_MOST_LOGINS: Final = 1_000_000
_TYPES: Final = {field.name: field.type for field in msgspec.structs.fields(AppSettings)}


def changed(settings: AppSettings, given: Mapping[str, str]) -> AppSettings:
    """`settings` with what is given in place; a list is given with commas.

    Raises AppInvalidError.
    """
    new = msgspec.structs.replace(settings, **{name: _value(name, text) for name, text in given.items()})
    for origin in new.origins:
        if origin_of(origin) is None:
            raise AppInvalidError(
                f"origins: {origin!r} is no origin; write https://host or https://host:port, in lower case, "
                "without a path or a slash at the end (http only for localhost and 127.0.0.1)",
                field="origins",
                zh=f"origins：{origin!r} 不是 origin；请写 https://主机名 或 https://主机名:端口，小写，"
                "不带路径，结尾不带斜杠（http 仅限 localhost 和 127.0.0.1）",
            )
    if not 1 <= new.profile_days <= _MOST_DAYS:
        raise AppInvalidError(
            f"profile_days: a number of days from 1 to {_MOST_DAYS}",
            field="profile_days",
            zh=f"profile_days：1 到 {_MOST_DAYS} 之间的天数",
        )
    if not 0 <= new.logins_per_minute <= _MOST_LOGINS:
        raise AppInvalidError(
            f"logins_per_minute: a number from 0 to {_MOST_LOGINS}",
            field="logins_per_minute",
            zh=f"logins_per_minute：0 到 {_MOST_LOGINS} 之间的数字",
        )
    return new


def _value(name: str, text: str) -> Any:
    kind = _TYPES.get(name)
    if kind is None:
        close = difflib.get_close_matches(name, _TYPES, n=1)
        meant = f"; did you mean {close[0]}?" if close else f"; there are: {', '.join(_TYPES)}"
        raise AppInvalidError(f"{name}: no such setting of an app{meant}")
    parts: object = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return msgspec.convert(parts if get_origin(kind) is tuple else text, kind, strict=False)
    except msgspec.ValidationError as error:
        raise AppInvalidError(f"{name}: {error}", field=name, zh=f"{name}：值不符合要求（{error}）") from None
