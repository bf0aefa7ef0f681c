"""The problem of the tutorials' own routes; part of `catalogue.py`."""

from typing import Final

from lingpai.errors.problem import ProblemKind, Words

COMPAT_OFF: Final = ProblemKind(
    code="compat_off",
    status=404,
    title=Words("The tutorials' routes are closed", "教程接口未开放"),
    detail=Words(
        "No app that this request could mean has them open.", "本次请求所指的应用没有开放教程接口。"
    ),
    hint=Words(
        "An operator opens them for one app with `lingpai apps set APP compat=true`; new clients use /v1.",
        "由管理员为应用开放：`lingpai apps set APP compat=true`；新客户端请使用 /v1 接口。",
    ),
    why=Words(
        "Routes such as `/index/decodeUserInfo` or `/getOpenid` exist for clients that were written against a published "
        "tutorial. They serve only apps with `compat = true`, of the kind the tutorial is about: mini programs, or "
        "official accounts for `/getCode` and `/getopenid`. Without `?app=` or `appIdVersion` it is the one that was registered first.",
        "`/index/decodeUserInfo`、`/getOpenid` 这类接口是为照着教程写的客户端准备的，只服务于 `compat = true` 且类型相符的应用："
        "`/getCode` 和 `/getopenid` 对应公众号，其余对应小程序。不带 `?app=` 或 `appIdVersion` 时，取最早注册的那个应用。",
    ),
)
