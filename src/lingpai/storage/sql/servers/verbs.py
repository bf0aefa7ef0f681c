"""The hot units of work: each takes a connection and the values of a batch, and answers in their order."""

from typing import Any

from lingpai.clock import Clock
from lingpai.model import (
    Attempt as LoginAttempt,
)
from lingpai.model import LoginEvent, NewLogin, NotRotated, Rotated, Rotation, SessionKey, SignedIn
from lingpai.storage.port import SchemaState
from lingpai.storage.sql.servers import logins as deciding_logins
from lingpai.storage.sql.servers import rotations as deciding_rotations
from lingpai.storage.sql.servers.port import Code, Connection, Driver, Ending, Ring
from lingpai.storage.sql.servers.runner import Attempt

_RING = 3


class Unit:
    """What a verb works with."""

    __slots__ = ("attempt", "connection", "driver", "taken_at")

    def __init__(
        self, driver: Driver, connection: Connection, attempt: Attempt, taken_at: float | None
    ) -> None:
        self.driver = driver
        self.connection = connection
        self.attempt = attempt
        self.taken_at = taken_at

    async def commit(self) -> None:
        self.attempt.commits()
        await self.driver.commit(self.connection)


async def commit(unit: Unit, logins: list[NewLogin]) -> list[deciding_logins.Answer]:
    """Write the logins; whose code is spent is told so."""
    found = await unit.driver.find_logins(unit.connection, logins)
    answers, rows = deciding_logins.decide(logins, found, unit.taken_at)
    if rows.sessions:
        await unit.driver.write_logins(unit.connection, rows, unit.attempt.commits)
    return answers


async def record(unit: Unit, events: list[LoginEvent]) -> list[None]:
    await unit.driver.record(unit.connection, events, unit.attempt.commits)
    return [None] * len(events)


async def rotate(unit: Unit, rotations: list[Rotation]) -> list[Rotated | NotRotated]:
    await unit.driver.begin(unit.connection)
    digests = sorted({rotation.old_digest for rotation in rotations})
    found = await unit.driver.lock_tokens(unit.connection, digests)
    answers, rows = deciding_rotations.decide(rotations, found)
    await unit.driver.write_tokens(unit.connection, rows)
    await unit.commit()
    return answers


async def end(unit: Unit, endings: list[Ending]) -> list[bool]:
    """Of several endings of one session the first that finds it running ends it."""
    answers = [False] * len(endings)
    await unit.driver.begin(unit.connection)
    waiting = list(enumerate(endings))
    while waiting:
        firsts: dict[str, tuple[int, Ending]] = {}
        for place, ending in waiting:
            firsts.setdefault(ending.session_id, (place, ending))
        turn = [firsts[session_id] for session_id in sorted(firsts)]
        ended = await unit.driver.end_sessions(unit.connection, [ending for _, ending in turn])
        over = set()
        for at, (place, ending) in enumerate(turn):
            answers[place] = at in ended
            if answers[place]:
                over.add(ending.session_id)
        asked = {place for place, _ in turn}
        waiting = [
            (place, ending)
            for place, ending in waiting
            if place not in asked and ending.session_id not in over
        ]
    await unit.commit()
    return answers


async def probe(unit: Unit, instants: list[int]) -> list[None]:
    unit.attempt.commits()
    await unit.driver.probe(unit.connection, max(instants))
    return [None] * len(instants)


async def schema(unit: Unit, nothing: list[None]) -> list[SchemaState]:
    found = await unit.driver.schema(unit.connection)
    return [found for _ in nothing]


async def get(unit: Unit, session_ids: list[str]) -> list[SignedIn | None]:
    found = await unit.driver.signed_in(unit.connection, sorted(set(session_ids)))
    return [found.get(session_id) for session_id in session_ids]


async def by_refresh(unit: Unit, digests: list[bytes]) -> list[SignedIn | None]:
    found = await unit.driver.by_refresh(unit.connection, sorted(set(digests)))
    return [found.get(digest) for digest in digests]


async def attempt(unit: Unit, codes: list[Code]) -> list[LoginAttempt | None]:
    found = await unit.driver.attempts(unit.connection, sorted(set(codes)))
    return [found.get(code) for code in codes]


async def session_keys(unit: Unit, rings: list[Ring]) -> list[list[SessionKey]]:
    found = await unit.driver.session_keys(unit.connection, sorted(set(rings)))
    return [found.get(ring, [])[:_RING] for ring in rings]


def hot(driver: Driver, link: Any, clock: Clock) -> Any:
    """A `Run` over one connection of the driver."""

    async def run(verb: Any, values: list[Any], attempt: Attempt) -> list[Any]:
        taken_at = clock.monotonic()
        connection = await link.open()
        try:
            answers: list[Any] = await verb(Unit(driver, connection, attempt, taken_at), values)
        except BaseException as error:
            await _clean(driver, link, connection, error)
            raise
        return answers

    return run


async def _clean(driver: Driver, link: Any, connection: Connection, error: BaseException) -> None:
    """Nothing half done stays open on a connection that goes on; one that was interrupted does not go on."""
    if not isinstance(error, Exception) or not driver.usable(connection):
        link.abandon()
        return
    try:
        await driver.rollback(connection)
    except Exception:  # noqa: BLE001 - the first error is the one to tell
        link.abandon()
