"""Logins per minute as a drawing and as numbers: the server draws, so that no script has to."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from lingpai.clock import MINUTE
from lingpai.model import LOGIN_KINDS, Minute
from lingpai.web.console.seen import OUTCOMES, Outcome, outcome_of

MINUTES: Final = 60
_WIDTH: Final = 10
_GAP: Final = 1.5
_LEAST_TOP: Final = 4


class Bar(msgspec.Struct, frozen=True):
    """A rectangle of the drawing, in its units; `outcome` gives the colour."""

    x: float
    y: float
    width: float
    height: float
    outcome: Outcome


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A minute in numbers."""

    at: int
    counts: dict[Outcome, int]


class Plot(msgspec.Struct, frozen=True, kw_only=True):
    """An hour of logins, stacked by outcome."""

    bars: list[Bar]
    width: int
    height: int
    top: int
    """What the height stands for, in logins a minute."""
    rows: list[Row]
    """The minutes in which there was anything, newest first."""
    totals: dict[Outcome, int]
    began: int
    ended: int


def plot(minutes: Iterable[Minute], now: int, *, height: int = 100) -> Plot:
    """Logins of the last hour; what is no login (a refused refresh, say) is not in it."""
    began = _beginning(now)
    counts = [dict.fromkeys(OUTCOMES, 0) for _ in range(MINUTES)]
    for one in minutes:
        place = (one.minute - began) // MINUTE
        if one.kind in LOGIN_KINDS and 0 <= place < MINUTES:
            counts[place][outcome_of(one.result)] += one.count
    top = _top(max(sum(minute.values()) for minute in counts))
    rows = [
        Row(at=began + place * MINUTE, counts=minute)
        for place, minute in enumerate(counts)
        if any(minute.values())
    ]
    return Plot(
        bars=_bars(counts, top, height),
        width=MINUTES * _WIDTH,
        height=height,
        top=top,
        rows=rows[::-1],
        totals={outcome: sum(minute[outcome] for minute in counts) for outcome in OUTCOMES},
        began=began,
        ended=began + MINUTES * MINUTE,
    )


def since(now: int) -> int:
    """From where on the minutes are wanted."""
    return _beginning(now)


def _beginning(now: int) -> int:
    return (now // MINUTE - MINUTES + 1) * MINUTE


def _bars(counts: Sequence[dict[Outcome, int]], top: int, height: int) -> list[Bar]:
    bars: list[Bar] = []
    for place, minute in enumerate(counts):
        below = 0.0
        for outcome in OUTCOMES:
            tall = minute[outcome] * height / top
            if tall:
                left = place * _WIDTH + _GAP / 2
                bars.append(
                    Bar(left, round(height - below - tall, 2), _WIDTH - _GAP, round(tall, 2), outcome)
                )
            below += tall
    return bars


def _top(most: int) -> int:
    """A round number that is not below `most`."""
    top = _LEAST_TOP
    while top < most:
        # 4, 10, 20, 40, 100, …: halves are whole numbers, too.
        top = top * 5 // 2 if str(top).startswith("4") else top * 2
    return top
