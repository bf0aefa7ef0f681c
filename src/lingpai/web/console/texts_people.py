"""The texts about people: finding them, one person, joining, telling apart, handing over, erasing."""

from typing import Final

from lingpai.errors import Words

PEOPLE_TEXTS: Final[dict[str, Words]] = {
    "people.title": Words("People", "用户"),
    "people.search": Words("Find a person", "查找用户"),
    "people.search.hint": Words(
        "User id, openid, unionid, or the beginning of a nickname", "用户 ID、openid、unionid，或昵称的开头"
    ),
    "people.search.go": Words("Find", "查找"),
    "people.search.found": Words("Found: {count}", "找到 {count} 位"),
    "people.search.most": Words("The newest {count} are shown.", "仅显示最新的 {count} 位。"),
    "people.search.none": Words(
        "Nobody has this id, openid, unionid or nickname. Case counts.",
        "没有用户匹配该 ID、openid、unionid 或昵称，注意区分大小写。",
    ),
    "people.none": Words("Nobody has signed in yet.", "还没有用户登录过。"),
    "people.newest": Words("Newest people", "最新用户"),
    "people.phone": Words("By phone number", "按手机号查找"),
    "people.phone.number": Words("The whole number", "完整号码"),
    "people.phone.hint": Words(
        "As `13800138000`, or with a country code as `+4915112345678`. Numbers are sealed; only a whole one can be found.",
        "例如 `13800138000`，境外号码加国家码，如 `+4915112345678`。号码加密存储，只能按完整号码查找。",
    ),
    "people.phone.wrong": Words("This is no phone number.", "这不是手机号。"),
    "people.phone.none": Words("Nobody has this number.", "没有用户使用该号码。"),
    "purpose": Words("Purpose", "用途"),
    "purpose.hint": Words(
        "Why it is needed, say a ticket number. It is noted in the audit log before anything is read.",
        "说明为什么需要，例如工单号。读取之前会先写入审计日志。",
    ),
    "purpose.wrong": Words("Say in 4 to 200 characters what it is for.", "请用 4 到 200 个字符说明用途。"),
    "person.title": Words("Person", "用户详情"),
    "person.id": Words("User id", "用户 ID"),
    "person.nickname": Words("Nickname", "昵称"),
    "person.since": Words("Since", "加入时间"),
    "person.alias": Words(
        "`{id}` was joined to this person: this is who it means now.",
        "`{id}` 已并入此用户，现在指的就是此人。",
    ),
    "person.identities": Words("WeChat identities", "微信身份"),
    "person.identities.none": Words("No identity on record.", "没有身份记录。"),
    "person.sessions": Words("Sessions", "会话"),
    "person.sessions.none": Words("No session yet.", "还没有会话。"),
    "person.logins": Words("Logins", "登录记录"),
    "person.logins.none": Words("No login on record.", "没有登录记录。"),
    "person.app": Words("App", "应用"),
    "person.seen": Words("First seen", "首次出现"),
    "person.began": Words("Began", "开始"),
    "person.ends": Words("Ends", "结束"),
    "person.state": Words("State", "状态"),
    "person.client": Words("Client", "客户端"),
    "person.end": Words("End", "终止"),
    "person.end.one": Words("End the session that began at {at} UTC", "终止 {at}（UTC）开始的会话"),
    "person.end_all": Words("End all sessions", "终止全部会话"),
    "consents.title": Words("Consents", "授权"),
    "consents.none": Words("Nothing on record that WeChat asked for.", "没有需要微信授权才能得到的记录。"),
    "consents.what": Words("What", "内容"),
    "consents.given": Words("Given", "授权时间"),
    "consents.until": Words("Ends", "失效时间"),
    "consents.everywhere": Words("all apps", "全部应用"),
    "consents.profile": Words("nickname and avatar", "昵称和头像"),
    "consents.phone": Words("phone number", "手机号"),
    "consents.snsapi_userinfo": Words("reading the profile again", "再次读取资料"),
    "consents.hint": Words(
        "A withdrawal at WeChat arrives as an event and erases what it was about.",
        "用户在微信里撤回授权时，会收到推送并删除相应数据。",
    ),
    "person.actions": Words("What can be done", "可执行的操作"),
    "person.only_look": Words("Your role allows you to look, not to change.", "当前角色只能查看，不能更改。"),
    "state.running": Words("running", "进行中"),
    "state.expired": Words("expired", "已过期"),
    "state.ended": Words("ended", "已结束"),
    "ended.signed_out": Words("signed out", "用户退出"),
    "ended.signed_out_everywhere": Words("signed out everywhere", "用户退出全部会话"),
    "ended.refresh_reuse": Words("a refresh token was used twice", "refresh token 被重复使用"),
    "ended.operator": Words("by an operator", "管理员终止"),
    "ended.restored": Words("a backup was restored", "数据库从备份恢复"),
    "phone.title": Words("Phone number", "手机号"),
    "phone.none": Words("None on record.", "没有记录。"),
    "phone.sealed": Words("On record, sealed; verified", "已记录（加密存储），验证于"),
    "phone.show": Words("Show the number", "显示号码"),
    "merge.title": Words("Join with another user", "与另一用户合并"),
    "merge.other": Words("User id of the same person", "同一个人的另一个用户 ID"),
    "merge.look": Words("Look at what would happen", "预览结果"),
    "merge.winner": Words("Stays", "保留"),
    "merge.loser": Words("Becomes an alias", "成为别名"),
    "merge.identities": Words("Identities", "身份"),
    "merge.sessions": Words("Sessions", "会话"),
    "merge.phone": Words("Phone number", "手机号"),
    "merge.yes": Words("yes", "有"),
    "merge.no": Words("no", "无"),
    "merge.lead": Words(
        "The older id stays. Identities and sessions of the other go over to it, and the other id means this person "
        "from then on. For 30 days it can be undone.",
        "保留较早的 ID，另一方的身份和会话都归到它名下；此后另一个 ID 也指向此人。30 天内可以撤销。",
    ),
    "merge.takes_nickname": Words("The nickname is taken over.", "昵称会一并带过去。"),
    "merge.takes_avatar": Words("The avatar is taken over.", "头像会一并带过去。"),
    "merge.do": Words("Join the two", "确认合并"),
    "merge.unknown": Words("One of the two users does not exist.", "其中一个用户不存在。"),
    "merge.same": Words("They are one user already.", "两者已经是同一个用户。"),
    "merge.phones_conflict": Words(
        "Both have a verified phone number, and not the same one. Two people, most likely.",
        "两者都有已验证的手机号，且号码不同，很可能是两个人。",
    ),
    "merge.were_split": Words("They were told apart before.", "两者曾被拆分过。"),
    "merge.too_late": Words("The merge is older than 30 days.", "合并已超过 30 天。"),
    "merges.title": Words("Joined users", "合并记录"),
    "merges.alias": Words("Alias", "别名"),
    "merges.reason": Words("Why", "原因"),
    "merges.at": Words("When", "时间"),
    "merges.undone": Words("undone", "已撤销"),
    "merges.split": Words("Undo", "撤销"),
    "merge_reason.unionid": Words("same unionid", "unionid 相同"),
    "merge_reason.operator": Words("by an operator", "管理员操作"),
    "export.do": Words("Export as JSON", "导出 JSON"),
    "export.hint": Words(
        "Everything about this person, phone number and picture included: for the person who asked.",
        "此人的全部数据，含手机号和头像，供本人索取。",
    ),
    "erase.link": Words("Erase…", "删除…"),
    "said.sessions_ended": Words("The sessions have ended.", "会话已终止。"),
    "said.one_session_ended": Words("The session has ended.", "会话已终止。"),
    "said.merged": Words("The two are one user now.", "两个用户已合并。"),
    "said.split": Words("They are two users again.", "已恢复为两个用户。"),
    "said.erased": Words(
        "The person was erased. What stays is a line in the list of erasures.",
        "用户已删除，仅在删除记录中保留一行。",
    ),
}

SPLIT_TITLE: Final = Words("Undo a merge?", "撤销合并？")
SPLIT_LEAD: Final = Words(
    "`{alias}` and `{id}` become two users again.", "`{alias}` 与 `{id}` 将恢复为两个用户。"
)
SPLIT_POINTS: Final = (
    Words("Identities that came with the alias go back to it.", "随别名并入的身份归还给它。"),
    Words("Sessions of these identities end.", "这些身份的会话会被终止。"),
    Words("What came since stays with the older user.", "合并之后产生的数据仍归较早的用户。"),
)
SPLIT_BUTTON: Final = Words("Make them two again", "恢复为两个用户")
ERASE_TITLE: Final = Words("Erase this person for good?", "永久删除此用户？")
ERASE_LEAD: Final = Words("`{id}` will be erased. There is no way back.", "将删除 `{id}`，此操作无法撤销。")
ERASE_POINTS: Final = (
    Words(
        "Profile, phone number, picture, identities, session_keys and sessions go.",
        "个人资料、手机号、头像、身份、session_key 和会话全部删除。",
    ),
    Words("The login history keeps its lines without the person.", "登录记录保留，但不再指向此人。"),
    Words(
        "Who signs in again is a new user. Backups made before still hold the person: replay the erasures after a restore.",
        "此人再次登录将成为新用户。此前的备份仍含其数据，恢复后需重放删除记录。",
    ),
)
ERASE_BUTTON: Final = Words("Erase for good", "永久删除")
