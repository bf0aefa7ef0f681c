"""The page of settings, from config/settings.py."""

import json
import re
from typing import Any, Final, get_args

import msgspec

from docs.generator.markdown import page, pick, table
from docs.generator.words import WordsMissingError, hold, load
from lingpai.admin.app_settings import APP_SETTINGS
from lingpai.config import SETTINGS, Setting
from lingpai.errors import Words
from lingpai.model import AppSettings
from lingpai.web.language import Language

_TITLE: Final = Words("Settings", "设置项")
_INTRO: Final = Words(
    "A setting comes from `lingpai.toml`, or from the environment as `LINGPAI_` and its name in capitals. The "
    "environment wins over the file; an option of a command wins over both. `LINGPAI_CONFIG` names another file. "
    "Everything that is wrong is said at once, with exit code 3.",
    "设置项写在 `lingpai.toml` 中，或用环境变量 `LINGPAI_` 加大写名称给出。环境变量优先于文件，命令行选项优先于两者。"
    "`LINGPAI_CONFIG` 可指定其他文件。所有错误会一次性列出，退出码为 3。",
)
_OF_AN_APP: Final = Words("Settings of one app", "单个应用的设置")
_HOW: Final = Words(
    "Changed with `lingpai apps set APP NAME=VALUE`; a list is given with commas. Running servers have them within "
    "seconds.",
    "用 `lingpai apps set APP 名称=值` 修改，列表用逗号分隔。运行中的服务器几秒内生效。",
)
_HEADINGS: Final = Words("setting|default|allowed|what it is", "设置项|默认值|取值|说明")
_SECRET: Final = Words("environment or `{name}_file` only", "只能来自环境变量或 `{name}_file`")
_RANGE: Final = re.compile(r"(\d+)–(\d+)")


def write(language: Language) -> str:
    """The page."""
    allowed: dict[str, str] = load("settings")["allowed"]
    _probe(allowed)
    rows = [
        (
            f"`{setting.name}`",
            pick(_SECRET, language).format(name=setting.name) if setting.secret else _default(setting),
            allowed.get(setting.name, ""),
            pick(setting.words, language),
        )
        for setting in SETTINGS
    ]
    of_an_app = f"## {pick(_OF_AN_APP, language)}\n\n{pick(_HOW, language)}"
    headings = pick(_HEADINGS, language).split("|")
    return page(
        language, _TITLE, _INTRO, table(headings, rows), of_an_app, table(headings, _app_rows(language))
    )


def _app_rows(language: Language) -> list[tuple[str, str, str, str]]:
    fields = {field.name: field for field in msgspec.structs.fields(AppSettings)}
    hold("settings of an app", code=fields, words=APP_SETTINGS)
    return [
        (
            f"`{name}`",
            f"`{msgspec.json.encode(field.default).decode()}`",
            _values(field.type),
            pick(APP_SETTINGS[name], language),
        )
        for name, field in fields.items()
    ]


def _values(kind: Any) -> str:
    return ", ".join(f"`{value}`" for value in get_args(kind) if isinstance(value, str))


def _default(setting: Setting) -> str:
    return f"`{json.dumps(setting.default)}`"


def _probe(allowed: dict[str, str]) -> None:
    """The ranges told are those that the checks accept. Raises WordsMissingError."""
    known = {setting.name: setting for setting in SETTINGS}
    for name, text in allowed.items():
        bounds = _RANGE.fullmatch(text)
        if name not in known or bounds is None:
            raise WordsMissingError(f"settings: no range of a setting: {name} = {text}")
        least, most = int(bounds[1]), int(bounds[2])
        check = known[name].check
        told = [check(value) is None for value in (least - 1, least, most, most + 1)]
        if told != [False, True, True, False]:
            raise WordsMissingError(f"settings: {name} does not go from {least} to {most}")
