"""The page of WeChat's errcodes, from errors/errcodes.py."""

from typing import Final

from docs.generator.markdown import page, pick, table
from lingpai.errors import ERRCODES, Words
from lingpai.web.language import Language

_TITLE: Final = Words("WeChat's errcodes", "微信错误码")
_INTRO: Final = Words(
    "What WeChat answers on the calls that lingpai makes, and what to do. `lingpai explain 40029` tells the same in "
    "a terminal.",
    "lingpai 调用微信接口时可能遇到的返回码及处理办法。终端里可用 `lingpai explain 40029` 查看同样的说明。",
)
_HEADINGS: Final = Words("errcode|errmsg|means|do", "errcode|errmsg|含义|处理")


def write(language: Language) -> str:
    """The page."""
    rows = [
        (f"`{code}`", row.errmsg, row.means.say(language), row.do.say(language))
        for code, row in ERRCODES.items()
    ]
    return page(language, _TITLE, _INTRO, table(pick(_HEADINGS, language).split("|"), rows))
