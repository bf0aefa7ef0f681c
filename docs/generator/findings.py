"""The page of what `lingpai doctor` finds, from its two tables."""

from typing import Final

from docs.generator.markdown import page, pick, table
from lingpai.admin.doctor import FINDINGS
from lingpai.errors import Words
from lingpai.web.language import Language

_TITLE: Final = Words("What the doctor finds", "诊断结果")
_INTRO: Final = Words(
    "The findings of [`lingpai doctor`](commands.md#lingpai-doctor), by code. Words in braces are facts of the case. "
    "[How to use it](../how-to/find-what-is-wrong.md).",
    "[`lingpai doctor`](commands.md#lingpai-doctor) 的全部结果，按代码排列。花括号内是具体情况。"
    "[使用方法](../how-to/find-what-is-wrong.md)。",
)
_HEADINGS: Final = Words("code|level|what|why|do", "代码|级别|现象|原因|处理")
_LEVELS: Final = {
    "ok": Words("in order", "正常"),
    "warning": Words("warning", "警告"),
    "fault": Words("fault", "故障"),
}


def write(language: Language) -> str:
    """The page."""
    rows = [
        (
            f"`{kind.code}`",
            pick(_LEVELS[kind.level], language),
            *(pick(words, language) for words in (kind.title, kind.cause, kind.fix)),
        )
        for kind in FINDINGS.values()
    ]
    return page(language, _TITLE, _INTRO, table(pick(_HEADINGS, language).split("|"), rows))
