"""What `lingpai init` writes: a commented file with every setting, and a master key."""

import base64
import json

from lingpai.config.checks import MASTER_KEY_BYTES
from lingpai.config.settings import SETTINGS
from lingpai.secret import random_bytes


def config_template() -> str:
    """lingpai.toml with every default written out, in both languages."""
    lines = [
        "# lingpai 令牌",
        "# Every setting may also come from the environment, as LINGPAI_ and its name in capitals.",
        "# 所有设置也可以来自环境变量：LINGPAI_ 加大写的名称。",
    ]
    for setting in SETTINGS:
        if setting.secret:
            continue
        lines += ["", f"# {setting.words.en}", f"# {setting.words.zh}"]
        lines.append(f"#{setting.name} = {_toml(setting.default)}")
    return "\n".join(lines) + "\n"


def new_master_key() -> str:
    """32 random bytes in base64."""
    return base64.b64encode(random_bytes(MASTER_KEY_BYTES)).decode()


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
