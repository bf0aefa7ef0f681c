"""What a doctor finds: a row of the table of findings, with the facts of this case."""

from typing import Final, Literal

import msgspec

from lingpai.errors import Facts, Words

Level = Literal["ok", "warning", "fault"]


class FindingKind(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table: what it is called, how bad it is, why it happens, what to do about it."""

    code: str
    level: Level
    title: Words
    cause: Words
    fix: Words
    """What to do, and where to click; empty where there is nothing to do."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding. The words have blanks in braces, which the facts fill: `finding.title.say(language, finding.facts)`."""

    code: str
    level: Level
    title: Words
    cause: Words
    fix: Words
    facts: Facts


_NOTHING: Final = Words("", "")


def row(
    code: str,
    level: Level,
    title: tuple[str, str],
    cause: tuple[str, str],
    fix: tuple[str, str] | None = None,
) -> FindingKind:
    """A row of the table, its sentences as (English, 中文)."""
    return FindingKind(
        code=code,
        level=level,
        title=Words(*title),
        cause=Words(*cause),
        fix=Words(*fix) if fix else _NOTHING,
    )


def found(kind: FindingKind, /, **facts: str | Words) -> Finding:
    """A finding of this kind. Facts come from outside and are never part of a sentence's form."""
    return Finding(
        code=kind.code, level=kind.level, title=kind.title, cause=kind.cause, fix=kind.fix, facts=facts
    )
