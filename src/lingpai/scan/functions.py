"""Where functions begin and end, with their decorators and parameters."""

from typing import Final

import msgspec

from lingpai.scan.source import Source
from lingpai.scan.tokens import Token

_CONTROL: Final = frozenset((
    "if", "for", "foreach", "while", "switch", "catch", "synchronized", "with", "elseif", "match", "try", "new",
))  # fmt: skip
_KEYWORD: Final = {"go": frozenset(("func",)), "php": frozenset(("function", "fn"))}
_HEADER: Final = 120
"""How many tokens a header may have."""


class Function(msgspec.Struct, frozen=True):
    """Token numbers: `start` with the header and what decorates it, `parameters`, `end` after its last token."""

    start: int
    parameters: tuple[int, int]
    body: int
    end: int


def functions_of(source: Source) -> list[Function]:
    """Outer functions before inner ones; the first is the file itself."""
    found = [Function(0, (0, 0), 0, len(source.tokens))]
    if source.dialect.indented:
        found += _indented(source)
    else:
        found += _braced(source)
    return sorted(found, key=lambda function: (function.start, -function.end))


def _braced(source: Source) -> list[Function]:
    tokens, partner = source.tokens, source.parsed.partner
    found = []
    for index, token in enumerate(tokens):
        if token.text != "{" or token.kind != "mark" or partner.get(index, -1) <= index:
            continue
        parameters = _parameters(source, index)
        if parameters is not None:
            start = _header_start(source, parameters[0])
            found.append(Function(start, parameters, index, partner[index] + 1))
    return found


def _parameters(source: Source, brace: int) -> tuple[int, int] | None:
    """The brackets of the parameters of the function whose body opens at `brace`; none for any other block."""
    tokens, partner = source.tokens, source.parsed.partner
    index = brace - 1
    if index >= 0 and tokens[index].text in {"=>", "->"}:
        index -= 1
        if index >= 0 and tokens[index].kind == "name":
            return index, index
    for _ in range(16):
        if index < 0:
            return None
        token = tokens[index]
        if token.text == ")" and index in partner:
            opened = partner[index]
            if _is_function(source, opened, brace):
                return opened, index
            if not opened or tokens[opened - 1].text != ")":
                return None
            index = opened
        elif token.kind == "text" or token.text in {";", "{", "}", "=", "(", "return", "else"}:
            return None
        index -= 1
    return None


def _is_function(source: Source, opened: int, brace: int) -> bool:
    tokens = source.tokens
    before = tokens[opened - 1].text if opened else ""
    keywords = _KEYWORD.get(source.dialect.name)
    if keywords:
        start = max(opened - 12, 0)
        near = [token.text for token in tokens[start:opened]]
        for mark in (";", "{", "}"):
            if mark in near:
                near = near[len(near) - near[::-1].index(mark) :]
        return bool(keywords & set(near)) and before not in _CONTROL
    if before in _CONTROL:
        return False
    if tokens[brace - 1].text in {"=>", "->"}:
        return True
    return not (opened > 1 and tokens[opened - 2].text == "new")


def _header_start(source: Source, opened: int) -> int:
    """Back over the name, modifiers, annotations, and the arguments before it when it is one itself."""
    tokens, partner = source.tokens, source.parsed.partner
    index = opened
    for _ in range(_HEADER):
        if index <= 0:
            return 0
        before = tokens[index - 1]
        if before.kind == "mark":
            if before.text in {")", "]"} and index - 1 in partner:
                index = partner[index - 1]
                continue
            if before.text in {";", "{", "}", "(", "["}:
                return index
        index -= 1
    return index


def _indented(source: Source) -> list[Function]:
    tokens, partner = source.tokens, source.parsed.partner
    found = []
    for index, token in enumerate(tokens[:-2]):
        if (
            token.text != "def"
            or token.kind != "name"
            or tokens[index + 2].text != "("
            or index + 2 not in partner
        ):
            continue
        first = index - 1 if index and tokens[index - 1].text == "async" else index
        column = source.column(tokens[first].at)
        closed = partner[index + 2]
        end = closed + 1
        while end < len(tokens) and not (
            _first_on_line(source, end) and source.column(tokens[end].at) <= column
        ):
            end = max(partner.get(end, end), end) + 1
        found.append(
            Function(
                _decorated(source, first, column), (index + 2, closed), closed + 1, min(end, len(tokens))
            )
        )
    return found


def _decorated(source: Source, first: int, column: int) -> int:
    start = first
    for index in range(first - 1, max(first - _HEADER, -1), -1):
        token = source.tokens[index]
        if not _first_on_line(source, index) or source.column(token.at) > column:
            continue
        if token.text == "@":
            start = index
        elif token.text not in {")", "]", "}"}:
            break
    return start


def _first_on_line(source: Source, index: int) -> bool:
    token: Token = source.tokens[index]
    return not index or "\n" in source.text[source.tokens[index - 1].end : token.at]
