"""The page of log events, from every call of the logger in src/lingpai."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from docs.generator.markdown import page, pick, table, ticked
from docs.generator.words import FOLDER, both, hold
from docs.generator.words import load as load_words
from lingpai.errors import Words
from lingpai.web.language import Language

SOURCE: Final = FOLDER.parents[1] / "src" / "lingpai"
_LEVELS: Final = ("debug", "info", "warning", "error", "critical", "exception")
_TITLE: Final = Words("Log events", "日志事件")
_INTRO: Final = Words(
    "Each line on stderr is one JSON object with `at` (ISO 8601, UTC), `level`, `event` and the fields of the event. "
    '`log_format = "console"` writes the same for people. No event holds a token, a code, a key or a secret.',
    "stderr 的每一行是一个 JSON 对象，包含 `at`（ISO 8601，UTC）、`level`、`event` 以及该事件的字段。"
    '设置 `log_format = "console"` 后改为便于人阅读的格式。任何事件都不含令牌、code、密钥或 AppSecret。',
)
_EVENTS: Final = Words("event|level|fields|means|do", "事件|级别|字段|含义|处理")
_FIELDS: Final = Words("field|means", "字段|含义")
_FIELDS_TITLE: Final = Words("Fields", "字段")
_EVENTS_TITLE: Final = Words("Events", "事件")


class Event(NamedTuple):
    """An event as the code logs it, all its places taken together."""

    levels: list[str]
    fields: list[str]


def write(language: Language) -> str:
    """The page."""
    found = events()
    words = load_words("log_events")
    hold("log events", code=found, words=words["events"])
    hold("log fields", code={f for event in found.values() for f in event.fields}, words=words["fields"])
    rows = [
        (
            f"`{name}`",
            ticked(found[name].levels),
            ticked(found[name].fields),
            pick(both(row["means"]), language),
            pick(both(row["do"]), language) if "do" in row else "",
        )
        for name, row in words["events"].items()
    ]
    fields = [(f"`{name}`", pick(both(row), language)) for name, row in words["fields"].items()]
    return page(
        language,
        _TITLE,
        _INTRO,
        f"## {pick(_EVENTS_TITLE, language)}",
        table(pick(_EVENTS, language).split("|"), rows),
        f"## {pick(_FIELDS_TITLE, language)}",
        table(pick(_FIELDS, language).split("|"), fields),
    )


def events() -> dict[str, Event]:
    """Every event that the source logs."""
    found: dict[str, Event] = {}
    for file in sorted(SOURCE.rglob("*.py")):
        for name, level, fields in _calls(file):
            event = found.setdefault(name, Event([], []))
            event.levels.extend({level} - set(event.levels))
            event.fields.extend(field for field in fields if field not in event.fields)
    return found


def _calls(file: Path) -> Iterator[tuple[str, str, list[str]]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Call(func=ast.Name(id="logger")), attr=level),
                args=[ast.Constant(value=str(name)), *_],
                keywords=keywords,
            ) if level in _LEVELS:
                yield name, level, [_field(keyword) for keyword in keywords]


def _field(keyword: ast.keyword) -> str:
    # structlog writes the trace of `exc_info` as `exception`.
    return "exception" if keyword.arg == "exc_info" else str(keyword.arg)
