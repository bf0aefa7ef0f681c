"""The flight recorder: what is known of attempts, kept in memory for a moment and written many at once.

Bounded on every side, for whoever floods a server with refusals must not flood its database: so many lines a
second for one app and one result, so many that wait. What is left out is counted, and the count is kept.
"""

import asyncio
from collections import Counter
from typing import Any, Final

import msgspec

from lingpai.clock import MINUTE, Clock
from lingpai.ids import new_id
from lingpai.model import LoginEvent, Minute, TimelinePage
from lingpai.observe import Flight, Metrics, logger
from lingpai.secret import random_bytes
from lingpai.storage.port import StorageError, StorageUnavailableError, Store, TakenError

_LINES_A_SECOND: Final = 50
"""For one app and one result."""
_MOST_LINES: Final = 2_000
_MOST_FLIGHTS: Final = 10_000
_TOGETHER: Final = 200
"""Lines that are handed to the store at once; they share its commits with logins."""
_PAUSE: Final = 0.2
_FULL: Final = 100
"""Timelines that are worth a commit by themselves."""
_OLD: Final = 4.0
"""Seconds that fewer of them wait for company."""
_PAGE_BYTES: Final = 48_000
"""A BLOB of MySQL holds 65,535."""
_PAGE_SPAN: Final = MINUTE

_encode: Final = msgspec.msgpack.Encoder().encode
_Place = tuple[int, str, str, str]


class Recorder:
    """Keeps lines of refusals, timelines and counts until they are written. Belongs to one event loop."""

    def __init__(self, store: Store, clock: Clock, metrics: Metrics, *, timelines: bool = True) -> None:
        """Without `timelines` only lines are written."""
        self._store: Final = store
        self._clock: Final = clock
        self._metrics: Final = metrics
        self._timelines: Final = timelines
        self._lines: list[LoginEvent] = []
        self._flights: list[tuple[str, int, Flight]] = []
        self._counts: dict[_Place, list[int]] = {}
        self._this_second: Counter[tuple[str, str]] = Counter()
        self._second = 0
        self._oldest = 0.0
        self._writing: asyncio.Task[None] | None = None
        self._one_at_a_time: Final = asyncio.Lock()

    def granted(self, at: int, flight: Flight | None, place: tuple[str, str, str]) -> None:
        """An attempt whose line stands in its own commit. `place`: AppID, kind, result."""
        if self._timelines:
            self._count(at, place, 0)
            if flight is not None and flight.event_id is not None:
                self._keep(flight.event_id, flight.event_at, flight)

    def line(self, event: LoginEvent, flight: Flight | None) -> None:
        """An attempt that has no commit of its own. It may be left out, and is counted all the same."""
        second = int(self._clock.monotonic())
        if second != self._second:
            self._second = second
            self._this_second.clear()
        kind = (event.appid, event.result)
        self._this_second[kind] += 1
        recorded = self._this_second[kind] <= _LINES_A_SECOND and len(self._lines) < _MOST_LINES
        if self._timelines:
            self._count(event.at, (event.appid, event.kind, event.result), 0 if recorded else 1)
        if not recorded:
            self._lost("too_many")
            return
        self._lines.append(event)
        if self._timelines and flight is not None:
            self._keep(event.id, event.at, flight)
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write_soon())

    async def follow(self) -> None:
        """Write what is due; for a timer. Raises StorageUnavailableError, after which it is tried again."""
        waiting = len(self._flights)
        due = waiting >= _FULL or self._clock.monotonic() - self._oldest >= _OLD
        if self._lines or ((waiting or self._counts) and due):
            await self.flush()

    async def flush(self) -> None:
        """Write all there is. Raises StorageUnavailableError; what was not written waits."""
        async with self._one_at_a_time:
            await self._write_lines()
            flights, self._flights = self._flights, []
            counts, self._counts = self._counts, {}
            self._oldest = self._clock.monotonic()
            if not flights and not counts:
                return
            minutes = [
                Minute(minute=p[0], appid=p[1], kind=p[2], result=p[3], count=n, unrecorded=left)
                for p, (n, left) in counts.items()
            ]
            try:
                await self._store.flights.keep(_pages(flights), minutes)
            except StorageUnavailableError:
                self._flights = [*flights, *self._flights][-_MOST_FLIGHTS:]
                for place, (count, unrecorded) in counts.items():
                    self._add(place, count, unrecorded)
                raise
            except StorageError as error:
                self._lost("unfit", len(flights), str(error))

    async def drain(self) -> None:
        """Write what waits, if the store takes it."""
        try:
            await self.flush()
        except StorageError as error:
            self._lost("storage", len(self._lines), str(error))

    def _count(self, at: int, place: tuple[str, str, str], unrecorded: int) -> None:
        self._add((at - at % MINUTE, *place), 1, unrecorded)

    def _add(self, place: _Place, count: int, unrecorded: int) -> None:
        known = self._counts.get(place)
        if known is None:
            if not self._counts and not self._flights:
                self._oldest = self._clock.monotonic()
            self._counts[place] = [count, unrecorded]
        else:
            known[0] += count
            known[1] += unrecorded

    def _keep(self, event_id: str, at: int, flight: Flight) -> None:
        if len(self._flights) < _MOST_FLIGHTS:
            self._flights.append((event_id, at, flight))
        else:
            self._lost("too_many")

    async def _write_soon(self) -> None:
        """The first line at once; those that come while it is written, together."""
        try:
            while self._lines:
                async with self._one_at_a_time:
                    await self._write_lines(_TOGETHER)
                await asyncio.sleep(_PAUSE)
        except StorageUnavailableError as error:
            logger().warning("login_lines_wait", lines=len(self._lines), reason=str(error))
        finally:
            self._writing = None

    async def _write_lines(self, most: int = _MOST_LINES) -> None:
        lines, self._lines = self._lines[:most], self._lines[most:]
        results = await asyncio.gather(
            *(self._store.logins.record(line) for line in lines), return_exceptions=True
        )
        trouble: StorageUnavailableError | None = None
        again: list[LoginEvent] = []
        for line, result in zip(lines, results, strict=True):
            if isinstance(result, StorageUnavailableError):
                # Whether a broken commit happened is not known; a line that is there already is refused.
                trouble = result
                again.append(line)
            elif isinstance(result, BaseException) and not isinstance(result, TakenError):
                self._lost("unfit", 1, str(result), line.request_id)
        self._lines = [*again, *self._lines][:_MOST_LINES]
        if trouble is not None:
            raise trouble

    def _lost(self, reason: str, lines: int = 1, why: str = "", request_id: str | None = None) -> None:
        self._metrics.lines_lost.labels(reason).inc(lines)
        if why and lines:
            logger().warning("login_event_lost", request_id=request_id, lines=lines, reason=why)


def _pages(flights: list[tuple[str, int, Flight]]) -> list[TimelinePage]:
    """In the order in which attempts ended, cut where a page gets too large or too long."""
    pages: list[TimelinePage] = []
    parts: list[bytes] = []
    size, first, last = 0, 0, 0
    for event_id, at, flight in sorted(flights, key=lambda kept: kept[1]):
        part = _encode(_timeline(event_id, flight))
        if parts and (size + len(part) > _PAGE_BYTES or at - first > _PAGE_SPAN):
            pages.append(_page(parts, first, last))
            parts, size = [], 0
        if not parts:
            first = at
        parts.append(part)
        size += len(part)
        last = at
    return [*pages, _page(parts, first, last)] if parts else pages


def _page(parts: list[bytes], first: int, last: int) -> TimelinePage:
    # The head of a MessagePack array of up to 65,535; each part is complete in itself.
    body = b"\xdc" + len(parts).to_bytes(2, "big") + b"".join(parts)
    return TimelinePage(id=new_id("pge", last, random_bytes(10)), first_at=first, last_at=last, body=body)


def _timeline(event_id: str, flight: Flight) -> tuple[Any, ...]:
    began = flight.began
    steps = [
        (name, round((start - began) * 1e6), round((end - began) * 1e6), facts)
        for name, start, end, facts in flight.steps
    ]
    return event_id, (flight.agent, flight.network, flight.sdk, flight.nonce), steps
