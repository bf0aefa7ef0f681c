"""What the texts of a file come to when they are joined: `"ab" + "cd"`, `${HOST}/x`, names of constants."""

from typing import Final

import msgspec

from lingpai.scan.dialects import Dialect
from lingpai.scan.tokens import HOLE, Token, Tokens

_ASSIGN: Final = frozenset(("=", ":=", ":", "=>"))
_OPEN: Final = frozenset("([{")
_CLOSE: Final = frozenset(")]}")


class Value(msgspec.Struct, frozen=True):
    """A text as the program will have it; `\\0` stands for what is not known before it runs."""

    text: str
    first: int
    """Index of its first token."""
    last: int
    pieces: tuple[tuple[int, int], ...]
    """Where its literal parts stand, as spans of characters."""


def values_of(parsed: Tokens, dialect: Dialect) -> list[Value]:
    """Every joined text, in the order of the file. Lists of nothing but texts are joined, too."""
    constants = _constants(parsed, dialect)
    found: list[Value] = []
    index = 0
    while index < len(parsed.all):
        token = parsed.all[index]
        if token.kind == "text" or (token.text in constants and _joined_after(parsed, dialect, index)):
            chain = _Chain(parsed, dialect, constants)
            chain.take(index)
            if chain.literal:
                found.append(chain.value(index))
            index = chain.at
        else:
            index += 1
    return found


def _joined_after(parsed: Tokens, dialect: Dialect, index: int) -> bool:
    before = parsed.all[index - 1].text if index else ""
    after = parsed.all[index + 1].text if index + 1 < len(parsed.all) else ""
    return after == dialect.join and before not in {".", "->", "?."}


def _constants(parsed: Tokens, dialect: Dialect) -> dict[str, tuple[str, tuple[int, int]]]:
    """Names that are given one text, once."""
    found: dict[str, tuple[str, tuple[int, int]]] = {}
    spoiled: set[str] = set()
    tokens = parsed.all
    for index in range(len(tokens) - 1):
        if tokens[index].text not in {"=", ":="} or tokens[index].kind != "mark":
            continue
        name = assigned_name(tokens, index)
        if name is None or name in spoiled:
            continue
        value = tokens[index + 1]
        alone = index + 2 >= len(tokens) or _ends(tokens, index + 2, dialect)
        if value.kind == "text" and alone and HOLE not in value.text and name not in found:
            found[name] = (value.text, (value.at, value.end))
        else:
            found.pop(name, None)
            spoiled.add(name)
    return found


def _ends(tokens: list[Token], index: int, dialect: Dialect) -> bool:
    token = tokens[index]
    if token.kind == "mark":
        return token.text not in {dialect.join, "[", "(", ".", "->", "?", "%"}
    return not (dialect.adjacent and token.kind == "text")


def assigned_name(tokens: list[Token], equals: int) -> str | None:
    """What the `=` at `equals` gives a value to: `a`, `a: string`, `a string`, `x.a`; none for a pattern."""
    name = tokens[equals - 1] if equals else None
    if name is None or name.kind != "name":
        return None
    before = tokens[equals - 2] if equals > 1 else None
    typed = tokens[max(equals - 3, 0)]
    if before is not None and before.text == ":" and typed.kind == "name":
        return typed.text
    if before is not None and before.kind == "name" and name.text == "string":
        return before.text
    return name.text


class _Chain:
    """One text being put together, operand by operand."""

    def __init__(
        self, parsed: Tokens, dialect: Dialect, constants: dict[str, tuple[str, tuple[int, int]]]
    ) -> None:
        self._parsed = parsed
        self._dialect = dialect
        self._constants = constants
        self._text: list[str] = []
        self._pieces: list[tuple[int, int]] = []
        self.at = 0
        self.literal = False

    def value(self, first: int) -> Value:
        return Value("".join(self._text), first, self.at - 1, tuple(self._pieces))

    def take(self, index: int) -> None:
        tokens = self._parsed.all
        self.at = index
        self._operand()
        while self.at < len(tokens):
            token = tokens[self.at]
            if token.text == self._dialect.join and token.kind == "mark" and self.at + 1 < len(tokens):
                self.at += 1
                self._operand()
            elif not (self._dialect.adjacent and token.kind == "text"):
                break
            else:
                self._operand()

    def _operand(self) -> None:
        tokens, token = self._parsed.all, self._parsed.all[self.at]
        self.literal |= token.kind == "text"
        if token.kind == "text":
            self._literal(token)
            return
        after = tokens[self.at + 1].text if self.at + 1 < len(tokens) else ""
        known = self._constants.get(token.text) if token.kind == "name" else None
        if known and after not in {"(", "[", ".", "->", "?."}:
            self._text.append(known[0])
            self._pieces.append(known[1])
            self.literal = True
            self.at += 1
            return
        self._text.append(HOLE)
        self._skip()

    def _literal(self, token: Token) -> None:
        tokens, partner = self._parsed.all, self._parsed.partner
        self._text.append(token.text)
        self._pieces.append((token.at, token.end))
        self.at += 1
        while self.at < len(tokens) and tokens[self.at].text == "${" and self.at in partner:
            opened, closed = self.at, partner[self.at]
            self.at = closed + 1
            following = tokens[self.at] if self.at < len(tokens) else None
            if following is None or following.at != tokens[closed].at or following.kind != "text":
                continue
            known = self._constants.get(tokens[opened + 1].text) if closed == opened + 2 else None
            if known and self._text[-1].endswith(HOLE):
                self._text[-1] = self._text[-1][:-1] + known[0]
                self._pieces.append(known[1])
            self._text.append(following.text)
            self._pieces.append((following.at, following.end))
            self.at += 1

    def _skip(self) -> None:
        """Past a name, a number, a call or a bracket whose value is not known."""
        tokens, partner = self._parsed.all, self._parsed.partner
        while self.at < len(tokens):
            token = tokens[self.at]
            if token.kind == "mark" and token.text in _CLOSE | {",", ";", ":", "="}:
                return
            self.at = partner.get(self.at, self.at) + 1
            after = tokens[self.at].text if self.at < len(tokens) else ""
            if after not in {".", "->", "?.", "::", "(", "["} and token.text not in {".", "->", "?.", "::"}:
                return
