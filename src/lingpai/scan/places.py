"""Where a text stands: the name it is bound to, and the texts beside it."""

from typing import Final

from lingpai.scan.source import Source
from lingpai.scan.tokens import Token

_COMPARISON: Final = frozenset(("==", "===", "!=", "!=="))
_BINDING: Final = frozenset(("=", ":=", ":", "=>"))
_CLOSING: Final = frozenset(")]}")
_CONTINUING: Final = frozenset((".", "->", "?.", "||", "??", "+", "?", ":", "?:"))
_HANDING_ON: Final = frozenset((
    "atob", "b64decode", "base64_decode", "decode", "decodestring", "from", "getenv", "env", "get", "getordefault",
    "string", "str", "bytes", "join", "strip", "trim", "secretstr", "secret", "return", "implode",
))  # fmt: skip
_STEPS: Final = 40
"""How far back a name is looked for."""


def bound_names(source: Source, first: int) -> list[str]:
    """Names that the text at token `first` is given to, the nearest first.

    `secret = "…"`, `{secret: x || "…"}`, `put("secret", "…")`, `setSecret("…")`, `conf["secret"] = "…"`,
    `secret = decode("…")`. Nothing for a text that is compared.
    """
    names: list[str] = []
    index = first - 1
    for _ in range(_STEPS):
        if index < 0 or _statement_ends(source, index):
            break
        if source.tokens[index].text in _COMPARISON:
            return []
        found, index = _step_back(source, index)
        names += found
    return names


def _step_back(source: Source, index: int) -> tuple[list[str], int]:
    """The names that a token brings, and where to look next; -1 when the search is over."""
    tokens, partner = source.tokens, source.parsed.partner
    token = tokens[index]
    if token.kind != "mark":
        return [], index - 1
    if token.text in _BINDING:
        return _before_binding(source, index), -1
    if token.text in ";{" and not _is_list(tokens, index):
        return [], -1
    if token.text == "(":
        return _callee(tokens, index), index - 1 if _hands_on(tokens, index) else -1
    if token.text == ",":
        key = [tokens[index - 1].text] if index and tokens[index - 1].kind == "text" else []
        return key, _opening(source, index)
    return [], min(partner.get(index, index), index) - 1


def _statement_ends(source: Source, index: int) -> bool:
    """Whether the token at `index` is the last of its statement, in a language that needs no semicolon."""
    tokens = source.tokens
    if index + 1 >= len(tokens) or (tokens[index].kind == "mark" and tokens[index].text not in _CLOSING):
        return False
    after = tokens[index + 1]
    return "\n" in source.text[tokens[index].end : after.at] and after.text not in _CONTINUING


def _hands_on(tokens: list[Token], index: int) -> bool:
    """Whether the call that opens at `index` gives its argument back: it decodes it, wraps it, or is a default."""
    if not index or tokens[index - 1].kind != "name":
        return True
    return tokens[index - 1].text.lower() in _HANDING_ON


def _opening(source: Source, index: int) -> int:
    """The bracket around a comma, or what ends the statement before it."""
    tokens, partner = source.tokens, source.parsed.partner
    for _ in range(4 * _STEPS):
        index -= 1
        if index < 0:
            return -1
        token = tokens[index]
        if token.kind == "mark":
            if token.text in ")]}" and index in partner:
                index = partner[index]
            elif token.text in "([" or _is_list(tokens, index):
                return index
            elif token.text in "{;":
                return -1
    return -1


def _is_list(tokens: list[Token], index: int) -> bool:
    """A brace that opens a list of values: `{"a", "b"}`, not a block and not `{a: 1}`."""
    following = tokens[index + 1 : index + 3]
    return (
        tokens[index].text == "{"
        and [t.kind for t in following] == ["text", "mark"]
        and following[1].text in ",}"
    )


def _before_binding(source: Source, index: int) -> list[str]:
    tokens, partner = source.tokens, source.parsed.partner
    token = tokens[index - 1] if index else None
    if token is None:
        return []
    if token.text == "]" and index - 1 in partner:
        inner = tokens[partner[index - 1] + 1]
        return [inner.text]
    names = [token.text]
    before, two_before = tokens[max(index - 2, 0)], tokens[max(index - 3, 0)]
    if tokens[index].text == "=" and before.text == ":" and two_before.kind == "name":
        names = [two_before.text]
    elif token.text in {"string", "String"} and before.kind == "name":
        names = [before.text]
    if before.text in {".", "->"}:
        names.append(two_before.text)
    return names


def _callee(tokens: list[Token], index: int) -> list[str]:
    if not index or tokens[index - 1].kind != "name":
        return []
    name = tokens[index - 1].text
    for prefix in ("set", "with"):
        if name.lower().startswith(prefix) and len(name) > len(prefix):
            return [name[len(prefix) :]]
    return [name]


def neighbours(source: Source, first: int, last: int) -> list[Token]:
    """The texts that stand right before and after in the same list, with nothing but a comma between."""
    tokens = source.tokens
    found = []
    if first > 1 and tokens[first - 1].text == ",":
        found.append(tokens[first - 2])
    if last + 2 < len(tokens) and tokens[last + 1].text == ",":
        found.append(tokens[last + 2])
    return found
