"""The problems of operators: signing in at the console, setting oneself up, keys; part of `catalogue.py`."""

from typing import Final

from lingpai.errors.problem import ProblemKind, Words

CONSOLE_SIGN_IN_REFUSED: Final = ProblemKind(
    code="console_sign_in_refused",
    status=401,
    title=Words("That did not work", "登录失败"),
    detail=Words("Something of it is wrong, or there were too many failures.", "输入有误，或失败次数过多。"),
    hint=Words(
        "Try again; after five failures wait for a quarter of an hour.",
        "请重试；连续失败五次后需等待十五分钟。",
    ),
    why=Words(
        "The name, the password, the code or the passkey is wrong, the account is disabled, or five tries in a quarter of an "
        "hour failed for this name or from this address. The answer is always the same, so that nobody learns which. "
        "`lingpai operators list` says whether an account is locked; `lingpai operators reset` opens a new way in.",
        "用户名、密码、验证码或通行密钥不正确，账号已停用，或者该用户名、该 IP 在十五分钟内失败了五次。为了不泄露是哪一种，"
        "返回总是相同。`lingpai operators list` 会显示账号是否被锁定；`lingpai operators reset` 可重新开通。",
    ),
)
SIGN_IN_EXPIRED: Final = ProblemKind(
    code="sign_in_expired",
    status=401,
    title=Words("This took too long", "操作已过期"),
    detail=Words(
        "The step before is over, or was used in another tab.", "上一步已过期，或已在其他标签页中使用。"
    ),
    hint=Words("Begin again.", "请重新开始。"),
    why=Words(
        "Between the password and the second factor lie ten minutes at most, and each step works once.",
        "从输入密码到完成第二步最多十分钟，每一步只能用一次。",
    ),
)
SET_UP_LINK_INVALID: Final = ProblemKind(
    code="set_up_link_invalid",
    status=410,
    title=Words("This link no longer works", "链接已失效"),
    detail=Words(
        "It was used, is older than 24 hours, or was replaced by a newer one.",
        "链接已被使用、已超过 24 小时，或已被新的链接取代。",
    ),
    hint=Words(
        "Ask for a new one: `lingpai operators reset NAME`. If you did not use it, somebody else did: say so.",
        "请索取新的链接：`lingpai operators reset NAME`。如果不是你本人用掉的，说明被别人用了，请立即告知。",
    ),
    why=Words(
        "A set-up link works once, and only until it is opened; then half an hour is left in that browser.",
        "开通链接只能打开一次，打开后须在同一浏览器中于半小时内完成。",
    ),
)
PASSWORD_WEAK: Final = ProblemKind(
    code="password_weak",
    status=422,
    title=Words("Choose another password", "请换一个密码"),
    detail=Words("{what}", "{what}"),
    hint=Words(
        "Four words that do not belong together are long and easy to keep.",
        "用几个互不相关的词组成一句，既长又好记。",
    ),
    why=Words(
        "Twelve characters at least, and none of those that are tried first. There are no rules about digits or signs, and "
        "no password expires.",
        "至少十二个字符，且不能是最常被尝试的密码。不要求数字或符号，也不会强制定期更换。",
    ),
)
CODE_WRONG: Final = ProblemKind(
    code="code_wrong",
    status=422,
    title=Words("The code is another one", "验证码不正确"),
    detail=Words("The app shows a new one every 30 seconds.", "验证器应用每 30 秒更换一次验证码。"),
    hint=Words(
        "Compare the clock of the phone, then type the code that is shown now.",
        "请核对手机时间，然后输入当前显示的验证码。",
    ),
    why=Words(
        "The code of an authenticator app follows from the seed and the time; a clock that is a minute off gives others.",
        "验证码由密钥和时间算出，时钟偏差一分钟就会不一致。",
    ),
)
PASSKEY_REFUSED: Final = ProblemKind(
    code="passkey_refused",
    status=422,
    title=Words("The passkey was not accepted", "通行密钥未被接受"),
    detail=Words(
        "It was made for another request, another site, or is known already.",
        "它属于另一次请求、另一个网站，或者已经登记过。",
    ),
    hint=Words("Try once more, with another authenticator if need be.", "请再试一次，必要时换一个验证设备。"),
    why=Words(
        "The answer of the authenticator has to be for this server's address and for the challenge of five minutes ago at "
        "most, and the person must have been verified: by finger, face or PIN.",
        "验证设备的应答必须针对本服务器的地址和五分钟内的挑战值，并且必须验证过本人（指纹、面容或 PIN）。",
    ),
)
LAST_WAY_IN: Final = ProblemKind(
    code="last_way_in",
    status=409,
    title=Words("This is your only way in", "这是你唯一的登录方式"),
    detail=Words("Without it nobody could sign in to this account.", "删除后将无法再登录此账号。"),
    hint=Words("Add another passkey or a password first.", "请先添加另一个通行密钥或设置密码。"),
    why=Words(
        "An account keeps at least one passkey, or a password with an authenticator app.",
        "账号至少要保留一个通行密钥，或一个密码加验证器。",
    ),
)
STEP_UP_NEEDED: Final = ProblemKind(
    code="step_up_needed",
    status=403,
    title=Words("Show once more that it is you", "请再次验证身份"),
    detail=Words(
        "This changes by what people are let in; it needs a factor of the last five minutes.",
        "此操作会改变登录凭据，需要最近五分钟内验证过身份。",
    ),
    hint=Words(
        "Go to /console/sign-in/again, then repeat what you did.",
        "请前往 /console/sign-in/again 验证，然后重复刚才的操作。",
    ),
    why=Words(
        "Whoever finds a browser that somebody left open can look, but not change operators, keys and secrets.",
        "这样，拿到别人忘记锁屏的浏览器的人只能查看，不能更改管理员、密钥和凭据。",
    ),
)
OPERATOR_KEY_INVALID: Final = ProblemKind(
    code="operator_key_invalid",
    status=401,
    title=Words("An operator's key is needed", "需要管理员密钥"),
    detail=Words(
        "The request has none, or one that is unknown, revoked or expired.",
        "请求没有携带密钥，或密钥未知、已撤销、已过期。",
    ),
    hint=Words(
        "Send `Authorization: Bearer lpo_…`; `lingpai operators keys add` makes one.",
        "请发送 `Authorization: Bearer lpo_…`；可用 `lingpai operators keys add` 创建。",
    ),
    why=Words(
        "`/v1/admin` is for programs that act for an operator. Sessions of users, of the console, and service keys of "
        "backends count for nothing there. The key dies with its operator's account.",
        "`/v1/admin` 供代表管理员的程序使用，用户会话、控制台会话和后端服务密钥在此一律无效。管理员账号停用后，其密钥同时失效。",
    ),
)
RECORD_UNKNOWN: Final = ProblemKind(
    code="record_unknown",
    status=404,
    title=Words("There is nothing by this name", "找不到该对象"),
    detail=Words("No {what} has this id or name.", "没有这个 id 或名称的对象（{what}）。"),
    hint=Words("List what there is and compare.", "请先列出现有对象并核对。"),
    why=Words(
        "What was named was removed, was never there, or is called otherwise.",
        "所指的对象已被删除、从未存在，或名称有误。",
    ),
)
NAME_TAKEN: Final = ProblemKind(
    code="name_taken",
    status=409,
    title=Words("This is taken", "已被占用"),
    detail=Words("There is one with this {what} already.", "已存在相同的 {what}。"),
    hint=Words("Choose another, or change the one there is.", "请换一个，或修改已有的对象。"),
    why=Words(
        "Names, slugs and AppIDs are unique; a revoked key keeps its name.",
        "名称、slug 和 AppID 不能重复；已撤销的密钥仍占用其名称。",
    ),
)
