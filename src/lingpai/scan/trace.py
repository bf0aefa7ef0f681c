"""Following values: what a name stands for where it is used, by the last assignment before it."""

import bisect
from collections.abc import Callable
from typing import Final

from lingpai.scan.program import DOTS, Program

Labels = frozenset[str]
NOTHING: Final[Labels] = frozenset()
WRAPPERS: Final = frozenset((
    "str", "string", "trim", "strip", "tostring", "json_encode", "dumps", "stringify", "dict", "array", "compact",
    "list", "h", "m", "map", "of", "array_merge", "assign", "valueof", "encode", "jsonify", "await", "parse", "loads",
    "json_decode", "readall", "parseobject", "tojsonstring", "tojson", "return", "echo", "object", "hashmap", "if",
))  # fmt: skip
"""Calls that hand on what they are given."""

Reader = Callable[["Trace", int], Labels]
Taker = Callable[[str, Labels], Labels]
_LOOKED_AT: Final = 64
"""How many assignments of one name are looked back over."""


class Trace:
    """The labels of every name of a program.

    `reader` says what a single token brings, `taker` what a part of a labelled value is, by its key (`...` for the
    rest of it).
    """

    def __init__(self, program: Program, reader: Reader, taker: Taker) -> None:
        self.program: Final = program
        self._reader: Final = reader
        self._taker: Final = taker
        self._known: Final[dict[str, list[tuple[int, Labels]]]] = {}

    def learn(self, name: str, at: int, labels: Labels) -> None:
        """From token `at` on, `name` stands for this."""
        bisect.insort_right(self._known.setdefault(name, []), (at, labels), key=lambda known: known[0])

    def follow(self) -> None:
        """Go through all assignments in order."""
        for assignment in self.program.assignments:
            labels = self.of(assignment.start, assignment.end)
            for name in assignment.names:
                key, _, given = name.partition(":")
                taken = self._taker(key, labels) if assignment.pattern else labels
                self.learn(given or key, assignment.at, taken)
            base = assignment.through.partition(".")[0]
            if base and base not in {"this", "self"} and labels:
                self.learn(base, assignment.at, labels | self.at(base, assignment.at))

    def at(self, name: str, index: int) -> Labels:
        """What a name stands for at a token."""
        known = self._known.get(name, [])
        before = bisect.bisect_left(known, index, key=lambda entry: entry[0])
        for assigned, labels in reversed(known[max(before - _LOOKED_AT, 0) : before]):
            if self.program.sees(index, assigned):
                return labels
        return NOTHING

    def of(self, start: int, end: int) -> Labels:
        """What an expression brings."""
        found: set[str] = set()
        for index in self.program.direct(start, end, WRAPPERS):
            found |= self._reader(self, index)
        return frozenset(found)

    def name(self, index: int) -> Labels:
        """What the name at a token stands for; nothing for an attribute or for the key of a pair."""
        tokens = self.program.tokens
        token = tokens[index]
        if token.kind != "name" or (index and tokens[index - 1].text in DOTS):
            return NOTHING
        after = tokens[index + 1].text if index + 1 < len(tokens) else ""
        if after in {":", "="} and (not index or tokens[index - 1].text in {"{", ",", "("}):
            return NOTHING
        return self.at(token.text, index)

    def path(self, index: int) -> tuple[list[str], int]:
        """What is taken from the name at a token: `.data.openid` → [data, openid]; and the token after it."""
        tokens, partner = self.program.tokens, self.program.partner
        taken: list[str] = []
        index += 1
        while index + 1 < len(tokens):
            mark = tokens[index]
            if mark.text in DOTS and tokens[index + 1].kind == "name":
                taken.append(tokens[index + 1].text)
                index += 2
            elif mark.text == "[" and index in partner and tokens[index + 1].kind == "text":
                taken.append(tokens[index + 1].text)
                index = partner[index] + 1
            elif mark.text == "(" and index in partner and taken:
                if tokens[index + 1].kind == "text" and taken[-1].lower() in {
                    "get",
                    "getstring",
                    "opt",
                    "optstring",
                }:
                    taken[-1] = tokens[index + 1].text
                index = partner[index] + 1
            else:
                break
        return taken, index
