"""How a generated page is put together: headings, tables, code."""

from collections.abc import Iterable, Sequence
from typing import Final

from lingpai.errors import Words
from lingpai.web.language import Language

NOTE: Final = Words(
    "<!-- Written by docs/generate.py from the code. Change the code, or docs/words. -->",
    "<!-- 由 docs/generate.py 根据代码生成。要改内容，请改代码或 docs/words。 -->",
)


def pick(words: Words, language: Language) -> str:
    """The text as it stands, without filling in facts."""
    return words.zh if language == "zh" else words.en


def page(language: Language, title: Words, intro: Words, *parts: str) -> str:
    """A whole page."""
    head = [f"# {pick(title, language)}", pick(NOTE, language), pick(intro, language)]
    return "\n\n".join([*head, *(part for part in parts if part)]) + "\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; nothing when there are no rows."""
    lines = ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    if not lines:
        return ""
    rule = "|" + "---|" * len(headings)
    return "\n".join(["| " + " | ".join(headings) + " |", rule, *lines])


def code(text: str, kind: str) -> str:
    """A fenced block; nothing when there is no text."""
    return f"```{kind}\n{text}\n```" if text else ""


def ticked(words: Iterable[str]) -> str:
    """`a`, `b`; a dash for none."""
    return ", ".join(f"`{word}`" for word in words) or "–"


def _cell(value: str) -> str:
    return value.replace("|", "\\|").replace("\n", " ") or "–"
