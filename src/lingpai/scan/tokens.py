"""One file as tokens: names, texts, punctuation. Comments are set aside; what a text holds is known.

Nothing is run and nothing recurses, so no file can do more than be read wrongly. A string that does not end is
taken to end with its line, a comment with the file: each character is looked at a bounded number of times.
"""

import re
from typing import Final, Literal

import msgspec

Kind = Literal["name", "text", "mark"]
HOLE: Final = "\0"
"""Stands in a text for what is only known when the program runs."""
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}


class Token(msgspec.Struct, frozen=True, gc=False):
    """A word of a program; `at` and `end` count characters from the start of the file."""

    kind: Kind
    text: str
    """A name; a text without its quotes, escapes undone; a mark as it stands."""
    at: int
    end: int


class Tokens(msgspec.Struct, frozen=True):
    """The tokens of a file, with each bracket's partner."""

    all: list[Token]
    partner: dict[int, int]
    comments: list[tuple[int, int]]


def tokens_of(found: list[Token], comments: list[tuple[int, int]]) -> Tokens:
    """Pair the brackets; one without a partner has none."""
    partner: dict[int, int] = {}
    stack: list[int] = []
    for index, token in enumerate(found):
        if token.kind != "mark":
            continue
        if token.text in "([{" or token.text == "${":
            stack.append(index)
        elif token.text in _PAIRS:
            wanted = _PAIRS[token.text]
            # A closing bracket that fits an opening one further out closes what was forgotten in between.
            for depth in range(len(stack) - 1, max(len(stack) - 4, -1), -1):
                if found[stack[depth]].text[-1] == wanted:
                    partner[stack[depth]], partner[index] = index, stack[depth]
                    del stack[depth:]
                    break
    return Tokens(found, partner, comments)


_ESCAPE: Final = re.compile(r"\\(?:u\{?([0-9a-fA-F]{4})\}?|x([0-9a-fA-F]{2})|(\r?\n)|(.))", re.DOTALL)
_PLAIN: Final = {"n": "\n", "t": "\t", "r": "\r", "0": " ", "b": " ", "f": " "}


def unescape(text: str) -> str:
    r"""A text without its escapes; `\x61` and `\u0061` are how people hide a key."""
    if "\\" not in text:
        return text

    def plain(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code:
            return chr(int(code, 16))
        return "" if match[3] else _PLAIN.get(match[4], match[4])

    return _ESCAPE.sub(plain, text)
