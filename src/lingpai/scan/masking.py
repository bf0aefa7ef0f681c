"""A line as it may be shown: no secret in full, no control character, no line of a thousand columns."""

import bisect
import re
from collections.abc import Iterable
from typing import Final

_ELLIPSIS: Final = "…"
_LOOKS_SECRET: Final = re.compile(
    r"(?<!wx)(?<![0-9a-fA-F])[0-9a-fA-F]{8,}|[A-Za-z0-9+/_-]{40,}={0,2}|(?<=access_token=)[^&\s\"'`+$]{4,}"
    r"|(?<=session_key=)[^&\s\"'`+$]{4,}|(?<=secret=)[^&\s\"'`+$]{4,}"
)
_WORD_END: Final = re.compile(r"^[\w+/=-]*")
_NEAR: Final = 400
_BEFORE: Final = 60
_LENGTH: Final = 160

Hidden = tuple[int, int, str]
"""A span of a secret or of a part of it, and what is left of it to see."""


class Masks:
    """The secrets of one file."""

    def __init__(self, text: str, hidden: Iterable[Hidden]) -> None:
        self._text: Final = text
        self._hidden: Final = sorted(hidden)
        self._longest: Final = max((span[1] - span[0] for span in self._hidden), default=0)

    def shown(self, line: tuple[int, int], at: int) -> str:
        """The line with the span `line`, around `at`."""
        start, end = max(line[0], at - _NEAR), min(line[1], at + _NEAR)
        before = self._masked(start, at)
        if start > line[0]:
            # What the cut goes through might be the end of a secret.
            before = _WORD_END.sub("", before, count=1)
        if len(before) > _BEFORE:
            before = _ELLIPSIS + before[-_BEFORE:]
        said = (before + self._masked(at, end)).strip()
        if len(said) > _LENGTH:
            said = said[:_LENGTH] + _ELLIPSIS
        return "".join(c if c.isprintable() else " " for c in said)

    def _masked(self, start: int, end: int) -> str:
        parts: list[str] = []
        here = start
        nearby = bisect.bisect_left(self._hidden, (start - self._longest,))
        for opened, closed, left in self._hidden[nearby:]:
            if opened >= end:
                break
            first, last = max(opened, here), min(closed, end)
            if first < last:
                parts.append(_LOOKS_SECRET.sub(_ELLIPSIS, self._text[here:first]))
                parts.append(_ELLIPSIS + (left if last == closed else ""))
                here = last
        parts.append(_LOOKS_SECRET.sub(_ELLIPSIS, self._text[here:end]))
        return "".join(parts)
