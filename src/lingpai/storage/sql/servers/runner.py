"""Running a batch as one unit of work: again when somebody else was quicker, value by value when one is bad.

A unit of work is never continued after an error, only begun anew: what it read may no longer be true.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from lingpai.secret import random_fraction
from lingpai.storage.port import (
    ContendedError,
    StorageError,
    StorageUnavailableError,
    TakenError,
    UnfitError,
)
from lingpai.storage.sql.items import Item, by_verb
from lingpai.storage.sql.servers.port import Driver, Fault, Kind

_RETRIES: Final = 3
_RETRIES_ALONE: Final = 12
"""Of a value by itself: what it asks is settled here or not at all, and the fewer rows the likelier it wins."""
_OF_THE_DATABASE: Final = (Kind.TROUBLE, Kind.LOST, Kind.READ_ONLY)
"""What fails every value alike."""
_PAUSE: Final = 0.02
"""Seconds, at most, before the first retry; doubled with each, up to `_LONGEST_PAUSE`."""
_LONGEST_PAUSE: Final = 0.32
UNIT_SECONDS: Final = 5.0
"""How long a unit of work may take before its callers are told that the database does not answer."""


class Attempt:
    """One try of a unit of work."""

    __slots__ = ("committing",)

    def __init__(self) -> None:
        self.committing = False
        """When the connection breaks from then on, only the database knows whether it happened."""

    def commits(self) -> None:
        """To be called before the statement that makes it durable."""
        self.committing = True


Run = Callable[[Callable[..., Any], list[Any], Attempt], Awaitable[list[Any]]]
"""Runs a verb over values as one unit of work, or leaves nothing behind and raises."""


class Runner:
    """The work of a lane whose verbs are units of work."""

    def __init__(
        self,
        driver: Driver,
        run: Run,
        lost: Callable[[], Awaitable[None]],
        *,
        contested: frozenset[str] = frozenset(),
        looks_first: bool = False,
    ) -> None:
        """`contested` are the tables where a key that is taken means: decide anew. With `looks_first`, a unit
        of work that found a key free and then taken looks once more: another node was quicker. `lost` is called
        when the server is gone.
        """
        self._driver: Final = driver
        self._run: Final = run
        self._lost: Final = lost
        self._contested: Final = contested
        self._looks_first: Final = looks_first

    async def work(self, batch: list[Item]) -> list[Any]:
        """The answers to a batch, committed. An answer that is an exception is for its caller alone."""
        answers: list[Any] = [None] * len(batch)
        for verb, places in by_verb(batch).items():
            given = await self._together(verb, [batch[place].value for place in places])
            for place, answer in zip(places, given, strict=True):
                answers[place] = answer
        return answers

    async def _together(self, verb: Callable[..., Any], values: list[Any]) -> list[Any]:
        answers, error, fault = await self._tried(verb, values)
        if answers is not None:
            return answers
        if fault.kind in _OF_THE_DATABASE:
            return [_again(error) for _ in values]
        if len(values) == 1:
            return [error]
        return await self._one_by_one(verb, values)

    async def _one_by_one(self, verb: Callable[..., Any], values: list[Any]) -> list[Any]:
        """So that one bad value fails alone; what concerns the database as a whole fails the rest."""
        given: list[Any] = []
        for value in values:
            answers, error, fault = await self._tried(verb, [value])
            given.append(answers[0] if answers is not None else error)
            if answers is None and fault.kind in _OF_THE_DATABASE:
                rest = len(values) - len(given)
                return given + [StorageUnavailableError(fault.reason) for _ in range(rest)]
        return given

    async def _tried(
        self, verb: Callable[..., Any], values: list[Any]
    ) -> tuple[list[Any] | None, BaseException, Fault]:
        """The answers; or what to tell the callers, and why."""
        fault = Fault(Kind.OURS, "")
        error: BaseException = StorageUnavailableError("")
        for turn in range(1 + (_RETRIES if len(values) > 1 else _RETRIES_ALONE)):
            attempt = Attempt()
            try:
                async with asyncio.timeout(UNIT_SECONDS):
                    return await self._run(verb, values, attempt), error, fault
            except Exception as raised:  # noqa: BLE001 - told to the callers
                fault = self._understood(raised)
                error = _told(raised, fault, unknown=attempt.committing and fault.kind is Kind.LOST)
            if fault.kind in (Kind.LOST, Kind.READ_ONLY):
                await self._lost()
                # A connection that went stale while nobody used it has written nothing.
                if turn > 0 or (attempt.committing and fault.kind is Kind.LOST):
                    break
            elif self._looks_first and turn == 0 and fault.kind in (Kind.TAKEN, Kind.ORPHAN):
                continue
            elif fault.kind is Kind.MOVED:
                await asyncio.sleep(min(_PAUSE * 2**turn, _LONGEST_PAUSE) * random_fraction())
            else:
                break
        return None, error, fault

    def _understood(self, raised: Exception) -> Fault:
        fault = self._driver.fault(raised)
        contested = fault.kind is Kind.ORPHAN or (fault.kind is Kind.TAKEN and fault.table in self._contested)
        return fault._replace(kind=Kind.MOVED) if self._contested and contested else fault


def _told(raised: BaseException, fault: Fault, *, unknown: bool) -> BaseException:
    """The exception of the port."""
    if isinstance(raised, StorageError):
        return raised
    match fault.kind:
        case Kind.TAKEN:
            return TakenError(fault.field or "a key")
        case Kind.VALUE | Kind.ORPHAN:
            return UnfitError(fault.reason)
        case Kind.OURS:
            return raised
        case Kind.MOVED:
            return ContendedError(fault.reason)
        case _:
            return StorageUnavailableError(fault.reason, unknown=unknown)


def _again(error: BaseException) -> BaseException:
    """The same trouble, once for each caller."""
    if isinstance(error, StorageUnavailableError):
        return StorageUnavailableError(str(error), error.retry_after, unknown=error.unknown)
    return error
