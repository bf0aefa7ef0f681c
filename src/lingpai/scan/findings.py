"""What a scan finds, as values: a rule, a finding, a report."""

from typing import Literal

import msgspec

from lingpai.errors import Words


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of finding."""

    id: str
    """The stable string that allow comments and baselines name."""
    where: Literal["client", "backend", "anywhere"]
    title: Words
    risk: Words
    fix: Words


class Hit(msgspec.Struct, frozen=True):
    """What a check saw in a file: a rule, and where."""

    rule: Rule
    at: int
    """The character it begins with."""
    secret: str = ""
    """The whole secret; never leaves the room."""
    pieces: tuple[tuple[int, int], ...] = ()
    """Where the secret's parts stand."""

    def __repr__(self) -> str:
        return f"Hit({self.rule.id}, {self.at})"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A hit as it is told."""

    file: str
    """Relative to the scanned folder, with `/`."""
    line: int
    column: int
    rule: str
    text: str
    """The line, without secrets: of an AppSecret the last four characters stay."""
    risk: Words
    fix: Words


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One scan."""

    findings: tuple[Finding, ...]
    """By file, line and column."""
    files: int
    """How many were looked at."""
    too_large: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    allowed: int = 0
    """Findings that a comment allows."""
    known: int = 0
    """Findings that stand in the baseline."""
