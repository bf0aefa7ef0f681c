"""The page of WeChat's errcodes and of errors around it, from the one dictionary in errors/."""

from collections.abc import Iterable
from typing import Final

from docs.generator.markdown import page, pick, table
from lingpai.errors import ENTRIES, Entry, Words
from lingpai.web.language import Language

_TITLE: Final = Words("WeChat's errcodes", "微信错误码")
_INTRO: Final = Words(
    "What WeChat answers on the calls that lingpai makes, and what to do. `lingpai explain 40029` tells the same in "
    'a terminal, and finds every other spelling too: `lingpai explain "pad block corrupted"`.',
    "lingpai 调用微信接口时可能遇到的返回码及处理办法。终端里可用 `lingpai explain 40029` 查看同样的说明，"
    '其他写法也能查到：`lingpai explain "pad block corrupted"`。',
)
_HEADINGS: Final = Words("errcode|errmsg|means|do", "errcode|errmsg|含义|处理")
_AROUND: Final = Words("In the mini program, and in other people's code", "小程序端与其他代码中的错误")
_AROUND_HEADINGS: Final = Words("error|says|means|do", "错误|提示|含义|处理")
_SPELT: Final = Words("Other spellings", "其他写法")
_SPELT_HEADINGS: Final = Words("what you met|entry", "遇到的文字|条目")


def write(language: Language) -> str:
    """The page."""
    around = table(pick(_AROUND_HEADINGS, language).split("|"), _rows("client", language))
    spelt = table(pick(_SPELT_HEADINGS, language).split("|"), _spellings())
    return page(
        language,
        _TITLE,
        _INTRO,
        table(pick(_HEADINGS, language).split("|"), _rows("wechat", language)),
        f"## {pick(_AROUND, language)}\n\n{around}",
        f"## {pick(_SPELT, language)}\n\n{spelt}",
    )


def _rows(source: str, language: Language) -> list[tuple[str, ...]]:
    own = [entry for entry in ENTRIES.values() if entry.source == source]
    return [
        (f"`{entry.name}`", entry.title.en, entry.cause.say(language), entry.fix.say(language))
        for entry in own
    ]


def _spellings() -> Iterable[tuple[str, str]]:
    for entry in ENTRIES.values():
        for spelling in entry.spellings:
            yield spelling, _linked(entry)


def _linked(entry: Entry) -> str:
    return f"[`{entry.name}`](problems.md#{entry.name})" if entry.source == "problem" else f"`{entry.name}`"
