"""A program as far as a check needs it: its functions, its assignments, its calls, and how far an expression goes."""

from collections.abc import Iterator
from functools import cached_property
from typing import Final

import msgspec

from lingpai.scan.functions import Function, functions_of
from lingpai.scan.source import Source
from lingpai.scan.tokens import Token

DOTS: Final = frozenset((".", "->", "?.", "::"))
_LONG: Final = 1_000
"""Tokens of an expression that are looked at. A file of a stranger may nest as deep as it likes."""
_READ: Final = 20_000
"""Characters of a function that are searched as text."""
_GOES_ON: Final = frozenset((
    ".", "->", "?.", "::", "+", "-", "*", "/", "%", "?", ":", "||", "&&", "??", "?:", "=", "==", "===", "=>", "{", "(",
    "[", ",", "and", "or", "not", "await", "new", "|", "return", "echo", "print",
))  # fmt: skip
_BEGINS_AGAIN: Final = frozenset(
    (".", "->", "?.", "::", "+", "?", ":", "||", "&&", "??", "?:", "and", "or", "if")
)


class Assignment(msgspec.Struct, frozen=True):
    """`names = value`; the value is the tokens from `start` up to, not with, `end`."""

    names: tuple[str, ...]
    at: int
    start: int
    end: int
    pattern: bool = False
    """Each name takes the part of the value that is called like it."""
    through: str = ""
    """`session` in `session["user"] = x`: what the name is a part of."""


class Call(msgspec.Struct, frozen=True):
    """`chain(arguments)`; `at` is the token of the callee's last name, `opened` its bracket."""

    name: str
    chain: str
    at: int
    opened: int
    closed: int


class Program:
    """One source, with the answers that several checks want."""

    def __init__(self, source: Source) -> None:
        self.source: Final = source
        self.tokens: Final = source.tokens
        self.partner: Final = source.parsed.partner

    @cached_property
    def functions(self) -> list[Function]:
        """The outermost is the file itself."""
        return functions_of(self.source)

    @cached_property
    def _innermost(self) -> list[int]:
        inside, stack, number = [], [0], 1
        for index in range(len(self.tokens) + 1):
            while len(stack) > 1 and self.functions[stack[-1]].end <= index:
                stack.pop()
            while number < len(self.functions) and self.functions[number].start <= index:
                stack.append(number)
                number += 1
            inside.append(stack[-1])
        return inside

    @cached_property
    def _bodies(self) -> frozenset[int]:
        return frozenset(function.body for function in self.functions[1:])

    def function_at(self, index: int) -> Function:
        """The innermost function around a token."""
        return self.functions[self._innermost[index]]

    def sees(self, from_index: int, at: int) -> bool:
        """Whether what is assigned at `at` is known at `from_index`: it comes before, in the same or an outer function."""
        function = self.function_at(at)
        return at < from_index and function.start <= from_index < max(function.end, 1)

    def text_of(self, function: Function) -> str:
        """A function with its header, as it is written; of a very long one the beginning."""
        if not self.tokens:
            return ""
        start, last = self.tokens[function.start].at, self.tokens[min(function.end, len(self.tokens)) - 1]
        return self.source.text[start : min(last.end, start + _READ)]

    @cached_property
    def calls(self) -> list[Call]:
        """Every call, in order."""
        found = []
        for index, token in enumerate(self.tokens[:-1]):
            if token.kind != "name" or self.tokens[index + 1].text != "(" or index + 1 not in self.partner:
                continue
            if index and self.tokens[index - 1].text in {"function", "def", "func", "fn", "new"}:
                continue
            chain = ".".join([*self.chain_before(index), token.text])
            found.append(Call(token.text, chain, index, index + 1, self.partner[index + 1]))
        return found

    def chain_before(self, index: int) -> list[str]:
        """What a key is taken from: `request.args.get` for `"openid"` in `request.args.get("openid")`."""
        before = index - 1
        if before < 0:
            return []
        mark = self.tokens[before]
        if self.tokens[index].kind == "text":
            if mark.text not in {"(", "["}:
                return []
            before -= 1
        elif mark.text in DOTS:
            before -= 1
            if before >= 0 and self.tokens[before].text == "?":
                before -= 1
        else:
            return []
        return self._chain_to(before)

    def _chain_to(self, index: int) -> list[str]:
        parts: list[str] = []
        for _ in range(24):
            if index < 0:
                break
            token = self.tokens[index]
            if token.kind == "mark" and token.text in {")", "]"} and index in self.partner:
                opened = self.partner[index]
                attached = opened and (
                    self.tokens[opened - 1].kind == "name" or self.tokens[opened - 1].text in ")]"
                )
                if not attached:
                    # `(await request.json())["openid"]`: the chain goes on inside.
                    index -= 1
                    continue
                parts.insert(0, "()" if token.text == ")" else "[]")
                index = opened - 1
            elif token.kind == "name":
                parts.insert(0, token.text)
                if not index or self.tokens[index - 1].text not in DOTS:
                    break
                index -= 2
            else:
                break
        return parts

    @cached_property
    def assignments(self) -> list[Assignment]:
        """Every assignment, in order; not the named arguments of a call."""
        found = []
        for index, token in enumerate(self.tokens):
            if token.kind != "mark" or token.text not in {"=", ":="} or not index:
                continue
            if self.source.dialect.indented and self._in_call(index):
                continue
            names, through = self._left_of(index)
            if names or through:
                end = self.expression_end(index + 1)
                pattern = self.tokens[index - 1].text == "}"
                found.append(Assignment(tuple(names), index, index + 1, end, pattern, through))
        return found

    @cached_property
    def _parents(self) -> list[int]:
        """For each token, the bracket around it."""
        around, stack = [], [-1]
        for index in range(len(self.tokens)):
            if len(stack) > 1 and self.partner.get(stack[-1]) == index:
                stack.pop()
            around.append(stack[-1])
            if self.partner.get(index, -1) > index:
                stack.append(index)
        return around

    def around(self, index: int) -> int:
        """The bracket a token stands in; -1 for none."""
        return self._parents[index]

    def _in_call(self, index: int) -> bool:
        return self._parents[index] >= 0 and self.tokens[self._parents[index]].text == "("

    def _left_of(self, index: int) -> tuple[list[str], str]:
        last = self.tokens[index - 1]
        if last.text == "}" and index - 1 in self.partner:
            return self._pattern(self.partner[index - 1], index - 1), ""
        if last.text == "]" and index - 1 in self.partner:
            chain = self._chain_to(index - 1)
            return [], ".".join(part for part in chain if part not in {"[]", "()"})
        if last.kind != "name":
            return [], ""
        if index > 1 and self.tokens[index - 2].text in DOTS:
            return [], ".".join([*self._chain_to(index - 3), last.text])
        typed = self.tokens[max(index - 3, 0)]
        if self.tokens[index - 2].text == ":" and typed.kind == "name":
            return [typed.text], ""
        names, at = [last.text], index - 2
        while at > 0 and self.tokens[at].text == "," and self.tokens[at - 1].kind == "name":
            names.append(self.tokens[at - 1].text)
            at -= 2
        return names, ""

    def _pattern(self, opened: int, closed: int) -> list[str]:
        """`{ openid, unionid: other }`: `openid` and `unionid:other`."""
        names = []
        for part in self.split(opened + 1, closed):
            words = [token.text for token in part if token.kind == "name"]
            renamed = [token.text for token in part[1:2]] == [":"] and len(words) > 1
            rest = bool(part) and part[0].text == "..."
            if words:
                names.append(f"...:{words[0]}" if rest else ":".join(words[:2]) if renamed else words[0])
        return names

    def split(self, start: int, end: int) -> list[list[Token]]:
        """The parts of a list, between its commas."""
        parts: list[list[Token]] = [[]]
        index = start
        end = min(end, start + _LONG)
        while index < end:
            token = self.tokens[index]
            if token.text == "," and token.kind == "mark":
                parts.append([])
            else:
                after = max(self.partner.get(index, index), index) + 1
                parts[-1] += self.tokens[index:after]
                index = after
                continue
            index += 1
        return parts

    def expression_end(self, index: int) -> int:
        """The token after an expression that begins at `index`."""
        begun = index
        while index < min(len(self.tokens), begun + _LONG):
            token = self.tokens[index]
            if index > begun and self._new_statement(index):
                return index
            if token.kind == "mark":
                if token.text in {",", ";", ")", "]", "}", "=", ":="}:
                    return index
                index = self.partner.get(index, index) if self.partner.get(index, -1) > index else index
            index += 1
        return index

    def _new_statement(self, index: int) -> bool:
        before, token = self.tokens[index - 1], self.tokens[index]
        if "\n" not in self.source.text[before.end : token.at]:
            return False
        return before.text not in _GOES_ON and token.text not in _BEGINS_AGAIN

    def direct(self, start: int, end: int, wrappers: frozenset[str]) -> Iterator[int]:
        """The tokens of an expression that are its value: not what is given to a call, unless it hands it on."""
        index = start
        end = min(end, start + _LONG)
        while index < end:
            token = self.tokens[index]
            yield index
            if token.kind == "mark" and token.text == "(" and index in self.partner:
                callee = self.tokens[index - 1] if index else token
                if callee.kind == "name" and callee.text.lower() not in wrappers:
                    if self.tokens[index + 1].kind == "text":
                        # The key of `request.args.get("openid")`.
                        yield index + 1
                    index = max(self.partner[index], index)
            elif index in self._bodies:
                index = self.partner.get(index, index)
            index += 1
