"""What waits in front of a database: a value, what to do with it, and who wants the answer."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from lingpai.observe import Trace, current_trace


class Wait:
    """A write that a trace follows: how long it waited for its commit, and with how many others."""

    __slots__ = ("_monotonic", "_queued_at", "_said", "_trace")

    def __init__(self, trace: Trace, lane: str, monotonic: Callable[[], float]) -> None:
        self._trace: Final = trace
        self._monotonic: Final = monotonic
        self._queued_at: Final = monotonic()
        self._said: Final[dict[str, str | int | float | bool]] = {"lane": lane}

    def taken(self, writes: int) -> None:
        """The commit begins, of so many writes. Called by whichever thread commits."""
        self._said["batch_size"] = writes
        self._said["wait_ms"] = round((self._monotonic() - self._queued_at) * 1000, 3)

    def settled(self, answer: asyncio.Future[Any]) -> None:
        """The answer is known."""
        failed = answer.cancelled() or answer.exception() is not None
        self._trace.committed(self._queued_at, self._monotonic(), self._said, failed=failed)


class Item(NamedTuple):
    """A value, what to do with it, and who waits for the answer."""

    verb: Callable[..., Any]
    value: Any
    answer: asyncio.Future[Any]
    wait: Wait | None = None


def waiting(lane: str, answer: asyncio.Future[Any], monotonic: Callable[[], float]) -> Wait | None:
    """What follows a write for the trace of this task; None without one."""
    trace = current_trace()
    if trace is None:
        return None
    wait = Wait(trace, lane, monotonic)
    answer.add_done_callback(wait.settled)
    return wait


def by_verb(batch: list[Item]) -> dict[Callable[..., Any], list[int]]:
    """Where in the batch the values of each verb stand."""
    places: dict[Callable[..., Any], list[int]] = {}
    for place, item in enumerate(batch):
        places.setdefault(item.verb, []).append(place)
    return places


def settle(batch: Iterable[Item], answers: Iterable[Any]) -> None:
    """Hand each answer to its caller, unless the caller has gone."""
    for item, answer in zip(batch, answers, strict=True):
        future = item.answer
        if future.done():
            continue
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)
