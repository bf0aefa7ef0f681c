"""Many writes, one durable commit; one bad write fails alone; nothing is acknowledged that may be lost.

A batch is grouped by verb (all logins, all rotations, …) and tried as a whole. Callers of one batch write at
the same time, so any order among them is as good as another. Only when a value is refused by the database
is the batch rolled back and run again value by value, each under its own savepoint: the usual batch
pays for no savepoints.
"""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from lingpai.clock import Clock
from lingpai.storage.sql.dialects.sqlite import faults
from lingpai.storage.sql.dialects.sqlite.connections import Connections
from lingpai.storage.sql.items import Item, by_verb
from lingpai.storage.sql.port import Statement

_PROBE: Final = """
    INSERT INTO probes (id, at, filler) VALUES (1, ?, randomblob(32768))
    ON CONFLICT (id) DO UPDATE SET at = excluded.at, filler = excluded.filler
"""
_PROBE_EVERY: Final = 1.0
"""Seconds between two attempts to heal that no check asked for."""


class Writer:
    """Owns the one writing connection. All but the constructor runs in the lane's thread."""

    def __init__(self, connect: Callable[[], Connections], clock: Clock) -> None:
        """Raises sqlite3.Error when the file cannot be opened for writing."""
        self._connect: Final = connect
        self._clock: Final = clock
        self._to = connect()
        self._ill: BaseException | None = None
        self._probed_at = 0.0

    def close(self) -> None:
        self._to.close()

    def work(self, batch: list[Item]) -> list[Any]:
        """The answers to a batch, committed. An answer that is an exception is for its caller alone."""
        if self._ill is not None and not self._healed(batch):
            return [faults.unavailable(self._ill) for _ in batch]
        self._to.taken_at = self._clock.monotonic()
        try:
            self._begin()
            answers = self._together(batch)
        except Exception as error:  # noqa: BLE001 - told to every caller
            return self._failed(faults.of_the_driver(error), batch)
        try:
            self._to.cursor.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - told to every caller
            return self._failed(error, batch, unknown=True)
        return answers

    def _begin(self) -> None:
        self._to.cursor.execute("BEGIN IMMEDIATE")

    def _together(self, batch: list[Item]) -> list[Any]:
        """All in one go; on a bad value, one by one. Raises what concerns the database as a whole."""
        try:
            if len(batch) == 1:
                item = batch[0]
                return list(item.verb(self._to, [item.value]))
            return self._by_verb(batch)
        except Exception as error:
            if not faults.of_one_value(faults.of_the_driver(error)):
                raise
        self._roll_back()
        self._begin()
        return [self._alone(item) for item in batch]

    def _by_verb(self, batch: list[Item]) -> list[Any]:
        answers: list[Any] = [None] * len(batch)
        for verb, those in by_verb(batch).items():
            given = verb(self._to, [batch[place].value for place in those])
            for place, answer in zip(those, given, strict=True):
                answers[place] = answer
        return answers

    def _alone(self, item: Item) -> Any:
        execute = self._to.cursor.execute
        execute("SAVEPOINT one")
        try:
            (answer,) = item.verb(self._to, [item.value])
        except Exception as error:
            cause = faults.of_the_driver(error)
            if not faults.of_one_value(cause):
                raise
            execute("ROLLBACK TO one")
            answer = faults.translated(cause)
        execute("RELEASE one")
        return answer

    def _failed(self, error: BaseException, batch: list[Item], *, unknown: bool = False) -> list[Any]:
        """Nobody is acknowledged; after anything but a busy lock the connection is not trusted again."""
        self._roll_back()
        if faults.busy(error):
            return [faults.unavailable(error) for _ in batch]
        self._ill = error
        self._probed_at = self._clock.monotonic()
        return [faults.unavailable(error, unknown=unknown) for _ in batch]

    def _roll_back(self) -> None:
        # SQLite has rolled back by itself after some errors; a connection that cannot is closed by `_healed`.
        if self._to.db.in_transaction:
            with suppress(sqlite3.Error):
                self._to.cursor.execute("ROLLBACK")

    def _healed(self, batch: list[Item]) -> bool:
        """Open the file anew and write to it.

        After a failed fsync the kernel may report success for pages it has dropped, so the old
        connection is never asked again (https://wiki.postgresql.org/wiki/Fsync_Errors).
        """
        now = self._clock.monotonic()
        asked = any(item.verb is probe for item in batch)
        if not asked and now - self._probed_at < _PROBE_EVERY:
            return False
        self._probed_at = now
        self._to.close()
        try:
            self._to = self._connect()
            self._begin()
            probe(self._to, [self._clock.now()])
            self._to.cursor.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            self._ill = error
            return False
        self._ill = None
        return True


def probe(to: Connections, instants: list[int]) -> list[None]:
    """Write a row of some pages: a disk that takes it has room for logins.

    Random, because SQLite does not write a page again that has not changed.
    """
    to.cursor.execute(_PROBE, (max(instants),))
    return [None] * len(instants)


def shared(to: Connections, statements: list[Statement[Any]]) -> list[Any]:
    """Run statements of `storage/sql` on SQLAlchemy's side of the connection."""
    return [statement(to.core) for statement in statements]
