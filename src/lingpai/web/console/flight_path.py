"""A timeline as it is drawn: bars over one scale, and what lies between two steps is the server's own work."""

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from lingpai.errors import Words
from lingpai.model import Step, Timeline
from lingpai.web.console.texts_logins import LOGIN_TEXTS
from lingpai.web.pages.untrusted import calm

Lane = Literal["client", "server", "wechat", "database"]
SCALE: Final = 1_000
"""Units of the drawing from the request's arrival to its end."""
_LANES: Final[dict[str, Lane]] = {
    "read": "client",
    "wechat": "wechat",
    "commit": "database",
    "answered": "client",
}
_VISIBLE: Final = 3
_GAP: Final = 50
"""Microseconds between two steps that are not worth a bar."""
_LONGEST_FACT: Final = 120


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One step: when, how long, and what is known of it."""

    lane: Lane
    name: str
    at: str
    took: str
    """Milliseconds with a tenth."""
    x: int
    width: int
    waited: int
    """How much of the width was waiting, at its beginning."""
    facts: tuple[Words, ...]
    bad: bool


def milliseconds(us: int) -> str:
    """Microseconds as milliseconds with a tenth."""
    return f"{us / 1000:.1f}"


def total(timeline: Timeline) -> int:
    """Microseconds from the request's arrival to the end of the last step."""
    return max((step.ended for step in timeline.steps), default=0)


def bars(timeline: Timeline) -> list[Bar]:
    """The steps in order of their beginning, with the server's work in between."""
    whole = max(1, total(timeline))
    return [_bar(step, whole) for step in _filled(timeline.steps)]


def _filled(steps: tuple[Step, ...]) -> Iterator[Step]:
    end = 0
    for step in sorted(steps, key=lambda each: (each.began, each.ended)):
        if step.began - end >= _GAP:
            yield Step("server", end, step.began)
        yield step
        end = max(end, step.ended)


def _bar(step: Step, whole: int) -> Bar:
    took = max(0, step.ended - step.began)
    x = min(SCALE - _VISIBLE, step.began * SCALE // whole)
    width = max(_VISIBLE, took * SCALE // whole)
    waited = _number(step, "waited")
    return Bar(
        lane=_LANES.get(step.name, "server"),
        name=step.name if f"step.{step.name}" in LOGIN_TEXTS else "server",
        at=milliseconds(step.began),
        took=milliseconds(took),
        x=x,
        width=min(width, SCALE - x),
        waited=min(width, waited * SCALE // whole),
        facts=tuple(_facts(step)),
        bad="outcome" in step.facts,
    )


def _facts(step: Step) -> Iterator[Words]:
    for name in ("endpoint", "host", "outcome"):
        if step.facts.get(name):
            yield _as_it_is(str(step.facts[name]))
    for name in ("errcode", "rid"):
        if name in step.facts:
            yield _as_it_is(f"{name} {step.facts[name]}")
    if "status" in step.facts:
        yield _as_it_is(f"HTTP {step.facts['status']}")
    if _number(step, "waited") >= _GAP:
        yield _filled_in("fact.waited", ms=milliseconds(_number(step, "waited")))
    if "batch" in step.facts:
        others = _number(step, "batch") - 1
        yield _filled_in("fact.batch", others=str(others)) if others > 0 else LOGIN_TEXTS["fact.alone"]


def _number(step: Step, name: str) -> int:
    value = step.facts.get(name, 0)
    return value if isinstance(value, int) else 0


def _as_it_is(text: str) -> Words:
    # Braces would be filled in: what came from WeChat is no template.
    plain = calm(text, _LONGEST_FACT).replace("{", "(").replace("}", ")")
    return Words(plain, plain)


def _filled_in(key: str, **facts: str) -> Words:
    words = LOGIN_TEXTS[key]
    return Words(words.say("en", {**facts}), words.say("zh", {**facts}))
