"""What waits in front of a database: a value, what to do with it, and who wants the answer."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple


class Item(NamedTuple):
    """A value, what to do with it, and who waits for the answer."""

    verb: Callable[..., Any]
    value: Any
    answer: asyncio.Future[Any]


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
