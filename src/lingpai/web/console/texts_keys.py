"""The texts of service keys, signing keys, the audit log and the settings."""

from typing import Final

from lingpai.errors import Words

KEYS_TEXTS: Final[dict[str, Words]] = {
    "keys.title": Words("Service keys", "服务密钥"),
    "keys.lead": Words(
        "What backends show when they call this server. Stored as SHA-256; a lost key is replaced, never read.",
        "后端调用本服务时出示的密钥。仅保存 SHA-256，遗失只能换新，无法找回。",
    ),
    "keys.none": Words("No key yet.", "还没有密钥。"),
    "keys.add": Words("Make a key", "新建密钥"),
    "key.name": Words("Name", "名称"),
    "key.name.hint": Words("The backend it is for, such as `orders`.", "填写使用它的后端，例如 `orders`。"),
    "key.name.wrong": Words(
        "1 to 64 letters, digits, dots, hyphens, underscores.", "1 到 64 个字母、数字、点、连字符或下划线。"
    ),
    "key.name.taken": Words(
        "A key had this name already; names are not used twice.", "该名称已用过，不能重复使用。"
    ),
    "key.scope": Words("It may", "权限"),
    "key.scope.wrong": Words("Choose at least one.", "请至少选择一项。"),
    "key.app": Words("At which app", "适用应用"),
    "key.app.all": Words("all apps", "全部应用"),
    "key.last4": Words("Ends in", "末四位"),
    "key.created": Words("Made", "创建时间"),
    "key.used": Words("Last used", "最近使用"),
    "key.never": Words("never", "从未使用"),
    "key.state": Words("State", "状态"),
    "key.state.good": Words("good", "有效"),
    "key.state.revoked": Words("revoked", "已吊销"),
    "key.once": Words(
        "This is the key `{name}`. It is shown this once; copy it now.",
        "这是密钥 `{name}`，仅显示这一次，请立即复制。",
    ),
    "key.revoke": Words("Revoke…", "吊销…"),
    "key.uses": Words("What it was used for", "使用情况"),
    "key.uses.none": Words("Not used yet.", "尚未使用。"),
    "key.uses.app": Words("App", "应用"),
    "key.uses.action": Words("Action", "操作"),
    "key.uses.count": Words("Times", "次数"),
    "key.uses.first": Words("First", "首次"),
    "key.uses.last": Words("Last", "最近"),
    "key.acts": Words("Do", "操作"),
    "said.key_revoked": Words("The key is revoked.", "密钥已吊销。"),
    "signing.title": Words("Signing keys", "签名密钥"),
    "signing.lead": Words(
        "The private keys stay sealed in the database; what verifiers read is at `/oauth2/jwks`.",
        "私钥加密保存在数据库中；验证方读取的公钥见 `/oauth2/jwks`。",
    ),
    "signing.kid": Words("Key id", "密钥 ID"),
    "signing.state": Words("State", "状态"),
    "signing.state.signs": Words("signs now", "正在签名"),
    "signing.state.ahead": Words("published, signs later", "已公布，稍后启用"),
    "signing.state.published": Words("still published", "仍在公布"),
    "signing.state.withdrawn": Words("withdrawn", "已撤下"),
    "signing.created": Words("Made", "创建时间"),
    "signing.from": Words("Signs from", "启用时间"),
    "signing.until": Words("Published until", "公布至"),
    "signing.rotate": Words("Make a new key", "新建密钥"),
    "signing.rotate.lead": Words(
        "It is published now and signs from a day on, when every verifier has seen it. Nobody is signed out.",
        "立即公布，一天后待所有验证方都看到时启用。不会有人被登出。",
    ),
    "signing.at_once": Words("A key has leaked…", "密钥已泄露…"),
    "said.key_ahead": Words(
        "The new key is published; it signs from a day on.", "新密钥已公布，一天后启用。"
    ),
    "said.key_at_once": Words(
        "The new key signs now, the others are withdrawn.", "新密钥已启用，其余已撤下。"
    ),
    "audit.title": Words("Audit log", "审计日志"),
    "audit.lead": Words(
        "Noted before it is done; each row holds the hash of the one before.",
        "先记录，后执行；每一行都包含上一行的哈希。",
    ),
    "audit.none": Words("Nothing has been done yet.", "还没有任何操作。"),
    "audit.none.fits": Words("Among {looked} rows none fits.", "查看了 {looked} 行，没有符合条件的。"),
    "audit.who": Words("Who", "操作者"),
    "audit.action": Words("What", "操作"),
    "audit.action.hint": Words("The beginning, such as `app.`", "操作名的开头，例如 `app.`"),
    "audit.about": Words("About", "对象"),
    "audit.details": Words("Details", "详情"),
    "audit.position": Words("Row", "序号"),
    "audit.time": Words("Time", "时间"),
    "audit.verify": Words("Check the chain", "校验哈希链"),
    "audit.export": Words("Export as NDJSON", "导出 NDJSON"),
    "audit.good": Words("{rows} rows, all as they were written.", "共 {rows} 行，均与写入时一致。"),
    "audit.head": Words(
        "The head. Kept elsewhere, it shows later whether the end was cut off:",
        "链尾。另行保存后，可用来发现末尾是否被截断：",
    ),
    "audit.bad": Words("The audit log is not as it was written.", "审计日志与写入时不一致。"),
    "audit.bad.row": Words("Rows {position} to {through}:", "第 {position} 至 {through} 行："),
    "damage.altered": Words("changed, or put here by somebody else", "被修改，或由他人写入"),
    "damage.missing": Words("missing", "缺失"),
    "damage.unlinked": Words("does not follow the row before it", "与上一行不衔接"),
    "damage.cut": Words("missing at the end", "末尾缺失"),
    "damage.not_the_head": Words("not the row that was the last one", "不是原来的最后一行"),
    "actor.cli": Words("command line", "命令行"),
    "actor.operator": Words("operator", "管理员"),
    "actor.service_key": Words("key", "密钥"),
    "actor.server": Words("this server", "本服务器"),
    "actor.dev": Words("development", "开发模式"),
    "settings.title": Words("Settings", "设置"),
    "settings.lead": Words(
        "As they are in force on the node that answered. They are changed in `lingpai.toml` or the environment, "
        "and count from the next start.",
        "当前应答节点上生效的设置。修改方式为 `lingpai.toml` 或环境变量，重启后生效。",
    ),
    "settings.name": Words("Setting", "设置项"),
    "settings.value": Words("Value", "值"),
    "settings.source": Words("From", "来源"),
    "settings.meaning": Words("Meaning", "说明"),
    "settings.set": Words("set", "已设置"),
    "settings.unset": Words("not set", "未设置"),
    "settings.empty": Words("empty", "空"),
    "source.default": Words("default", "默认值"),
    "source.file": Words("file", "配置文件"),
    "source.environment": Words("environment", "环境变量"),
    "source.command": Words("command", "命令行"),
}

REVOKE_TITLE: Final = Words("Revoke this key?", "吊销此密钥？")
REVOKE_LEAD: Final = Words(
    "Backends that show `{name}` are refused within a second. The name stays taken.",
    "出示 `{name}` 的后端将在一秒内被拒绝。该名称不会再开放使用。",
)
REVOKE_BUTTON: Final = Words("Revoke the key", "吊销密钥")
AT_ONCE_TITLE: Final = Words("Withdraw every key now?", "立即撤下全部密钥？")
AT_ONCE_LEAD: Final = Words(
    "For a key that leaked. A new one signs at once, the others are withdrawn at once.",
    "用于密钥泄露。新密钥立即启用，其余立即撤下。",
)
AT_ONCE_POINTS: Final = (
    Words(
        "Every access token that is out becomes worthless; clients refresh once and go on.",
        "所有已发出的访问令牌立即失效，客户端刷新一次即可继续。",
    ),
    Words(
        "Verifiers that have not read the new key yet refuse good tokens for as long as they keep the old set.",
        "尚未读到新公钥的验证方，在其缓存期内会拒绝有效令牌。",
    ),
)
AT_ONCE_BUTTON: Final = Words("Withdraw them now", "立即撤下")
