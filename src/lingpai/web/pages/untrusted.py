"""Text that a stranger chose, made fit to stand on a page."""

import unicodedata
from typing import Final

_JOINERS: Final = "\u200c\u200d"  # emoji families and Persian words need them
_MOST_MARKS: Final = 3  # as many as Devanagari and Thai need
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def calm(text: str, longest: int = 40) -> str:
    """At most `longest` characters, without controls, direction overrides and towers of accents.

    Escaping is the template's; it also puts the result into `<bdi>`.
    """
    kept: list[str] = []
    marks = 0
    for letter in text[: longest * 8]:
        category = unicodedata.category(letter)
        if category in _HIDDEN and letter not in _JOINERS:
            continue
        marks = marks + 1 if category.startswith("M") else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    shown = "".join(kept).strip()
    cut = len(shown) > longest or len(text) > longest * 8
    return f"{shown[:longest].rstrip()}…" if cut else shown
