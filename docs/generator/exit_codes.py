"""The page of exit codes, from cli/main.py."""

from typing import Final

from docs.generator.markdown import page, pick, table
from docs.generator.words import hold, load
from lingpai.cli.main import EXIT_CODES
from lingpai.errors import Words
from lingpai.web.language import Language

_TITLE: Final = Words("Exit codes", "退出码")
_INTRO: Final = Words(
    "What a `lingpai` command ends with. Words for people go to stderr, data goes to stdout.",
    "`lingpai` 命令结束时的退出码。给人看的文字写到 stderr，数据写到 stdout。",
)
_HEADINGS: Final = Words("exit code|means", "退出码|含义")


def write(language: Language) -> str:
    """The page."""
    chinese: dict[str, str] = load("exit_codes")
    hold("exit codes", code=map(str, EXIT_CODES), words=chinese)
    rows = [
        (f"`{number}`", chinese[str(number)] if language == "zh" else words)
        for number, words in EXIT_CODES.items()
    ]
    return page(language, _TITLE, _INTRO, table(pick(_HEADINGS, language).split("|"), rows))
