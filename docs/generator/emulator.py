"""The page of the emulator's controls, from the list that an emulator gives of itself."""

import contextlib
import io
import json
import re
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from docs.generator.markdown import page, pick, table, ticked
from docs.generator.words import both, hold, load
from lingpai.errors import Words
from lingpai.web.language import Language
from lingpai_emulator.__main__ import main
from lingpai_emulator.background import emulator_thread
from lingpai_emulator.faults import Fault
from lingpai_emulator.switches import Switches

_PREFIX: Final = "/__emulator__/"
_TITLE: Final = Words("The emulator's controls", "模拟器控制接口")
_INTRO: Final = Words(
    "All under `/__emulator__/` on the emulator's port, JSON in and out; an unknown field is refused. A mistake is a "
    '4xx with `{"error": "a sentence"}`. `appid` may be a slug. The controls answer to this machine only, unless '
    "the emulator was started with `--allow-remote`. Every answer of WeChat's own paths says why in "
    "`X-Emulator-Hint` and carries its rid in `X-Emulator-Rid`.",
    "全部位于模拟器端口的 `/__emulator__/` 下，收发 JSON，未知字段会被拒绝。出错时返回 4xx 和 "
    '`{"error": "一句话"}`。`appid` 可以写 slug。除非启动时加了 `--allow-remote`，控制接口只响应本机。'
    "微信接口的每个响应都在 `X-Emulator-Hint` 中说明原因，在 `X-Emulator-Rid` 中给出 rid。",
)
_CONTROLS: Final = Words("control|body|does", "接口|请求体|作用")
_SWITCHES: Final = Words("switch|default|decides", "开关|默认值|决定什么")
_FAULT: Final = Words("field|spoils how", "字段|效果")
_OPTIONS: Final = Words("option|does", "选项|作用")
_TITLES: Final = {
    "controls": Words("Controls", "接口"),
    "fault": Words("A fault", "故障"),
    "switches": Words("Switches", "开关"),
    "options": Words("Options of `lingpai-emulator`", "`lingpai-emulator` 的选项"),
    "conformance": Words(
        "Options of `lingpai-emulator conformance`", "`lingpai-emulator conformance` 的选项"
    ),
}


def write(language: Language) -> str:
    """The page."""
    words = load("emulator")
    hold("controls", code=controls(), words=words["controls"])
    hold("faults", code=Fault.__struct_fields__, words=words["fault"])
    hold("switches", code=Switches.__struct_fields__, words=words["switches"])
    hold("options", code=options(), words=words["options"])
    hold("conformance options", code=options("conformance"), words=words["conformance"])
    return page(
        language,
        _TITLE,
        _INTRO,
        _section("controls", _CONTROLS, language, _control_rows(words["controls"], language)),
        _section("fault", _FAULT, language, _plain_rows(words["fault"], language)),
        _section("switches", _SWITCHES, language, _switch_rows(words["switches"], language)),
        _section("options", _OPTIONS, language, _plain_rows(words["options"], language)),
        _section("conformance", _OPTIONS, language, _plain_rows(words["conformance"], language)),
    )


@cache
def controls() -> tuple[str, ...]:
    """`POST reset`, …, as a running emulator lists them; one for each method."""
    with (
        emulator_thread() as wechat,
        closing(HTTPConnection(urlsplit(wechat.url).netloc, timeout=10)) as http,
    ):
        http.request("GET", _PREFIX)
        listed: list[str] = json.load(http.getresponse())["controls"]
    split = [line.partition(f" {_PREFIX}") for line in listed]
    return tuple(f"{method} {path}" for methods, _, path in split for method in methods.split())


@cache
def options(*command: str) -> tuple[str, ...]:
    """The options that the `--help` of `lingpai-emulator`, or of a command of it, names."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.suppress(SystemExit):
        main([*command, "--help"])
    return tuple(sorted(set(re.findall(r"--[a-z-]+", told.getvalue())) - {"--help"}))


def _section(name: str, headings: Words, language: Language, rows: Iterable[tuple[str, ...]]) -> str:
    return f"## {pick(_TITLES[name], language)}\n\n{table(pick(headings, language).split('|'), list(rows))}"


def _control_rows(words: dict[str, Any], language: Language) -> list[tuple[str, ...]]:
    return [
        (f"`{name}`", ticked([row["body"]]) if "body" in row else "", pick(both(row), language))
        for name, row in words.items()
    ]


def _plain_rows(words: dict[str, Any], language: Language) -> list[tuple[str, ...]]:
    return [(f"`{name}`", pick(both(row), language)) for name, row in words.items()]


def _switch_rows(words: dict[str, Any], language: Language) -> list[tuple[str, ...]]:
    defaults = msgspec.structs.asdict(Switches())
    return [
        (f"`{name}`", f"`{json.dumps(defaults[name])}`", pick(both(row), language))
        for name, row in words.items()
    ]
