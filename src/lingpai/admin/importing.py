"""Taking people over from another table: batch by batch, each with the note of how far it is."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable
from typing import Final

import msgspec

from lingpai.admin.audit import AuditLog
from lingpai.admin.import_rows import Refused, Taken, is_session_key, mapping_of, taken
from lingpai.clock import Clock
from lingpai.model import Actor, App, ImportBatch, ImportRun
from lingpai.storage.port import OnProgress, Store
from lingpai.storage.port_sources import Key, Row, Source

BATCH: Final = 500
"""Rows in one unit of work: logins in between wait for some milliseconds."""
CHINA: Final = dt.timedelta(hours=8)
_CONFLICTS: Final = ("unionid_of_another_user", "openid_with_another_unionid")
_REFUSED: Final = "refused:"
_LEFT_OUT: Final = "left_out:"


class Aside(msgspec.Struct, frozen=True):
    """A row that somebody should look at."""

    key: Key
    reason: str


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an import, those runs included that were broken off."""

    app: str
    dry_run: bool
    rows: int
    new: int
    known: int
    joined: int
    """A further identity of a user whom the unionid found."""
    conflicts: dict[str, int]
    """Known, and WeChat's ids do not fit together; the next login decides."""
    refused: dict[str, int]
    left_out: dict[str, int]
    """Fields, not rows."""
    mapping: dict[str, str]
    columns_not_taken: tuple[str, ...]
    session_key_column: bool
    """There is one; it was not touched."""
    resumed_after: int
    """Rows that an earlier run had done."""


class ImportWish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be imported."""

    app: App
    where: str
    """What the source is called, without a password."""
    mapping: dict[str, str] = {}
    """Field → column; empty: by the columns' names."""
    offset: dt.timedelta = CHINA
    """What times without a zone are off UTC."""
    dry_run: bool = False
    restart: bool = False


class Importing:
    """Imports into one store. It may be killed at any moment, and goes on where it was."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store: Final = store
        self._clock: Final = clock

    async def run(
        self,
        source: Source,
        wish: ImportWish,
        *,
        by: Actor,
        on_aside: Callable[[list[Aside]], None],
        on_progress: OnProgress | None = None,
    ) -> ImportReport:
        """Take over every row of `source`. `on_aside` is told of refused rows before their batch is written.

        Raises MappingInvalidError, SourceUnusableError, StorageUnavailableError.
        """
        mapping = mapping_of(source.columns, wish.mapping)
        if wish.dry_run:
            return await self._run(source, wish, mapping, on_aside, on_progress)
        told = {"source": wish.where, "columns": ", ".join(f"{f}={c}" for f, c in mapping.items())}
        async with AuditLog(self._store, self._clock).doing(by, "users.imported", wish.app.appid, **told):
            return await self._run(source, wish, mapping, on_aside, on_progress)

    async def _run(
        self,
        source: Source,
        wish: ImportWish,
        mapping: dict[str, str],
        on_aside: Callable[[list[Aside]], None],
        on_progress: OnProgress | None,
    ) -> ImportReport:
        run, resumed = await self._begun(wish, mapping)
        after: Key | None = None if run.cursor is None else msgspec.json.decode(run.cursor, type=Key)
        while rows := await source.rows(after, BATCH):
            after = rows[-1][0]
            run = await self._batch(run, rows, wish, mapping, on_aside)
            if on_progress is not None:
                on_progress(run.tally["rows"], source.total)
        if not wish.dry_run:
            now = self._clock.now()
            await self._store.imports.put(msgspec.structs.replace(run, updated_at=now, finished_at=now))
        return _report(run, wish, mapping, source.columns, resumed)

    async def _begun(self, wish: ImportWish, mapping: dict[str, str]) -> tuple[ImportRun, int]:
        """The run to go on with, and how many rows it has done; one that was finished begins anew."""
        told = msgspec.json.encode([wish.where, wish.app.appid, sorted(mapping.items())])
        name, now = hashlib.sha256(told).hexdigest(), self._clock.now()
        if not (wish.dry_run or wish.restart):
            found = await self._store.imports.run(name)
            if found is not None and found.finished_at is None:
                return found, found.tally.get("rows", 0)
        tally = {"rows": 0}
        return ImportRun(
            name=name, appid=wish.app.appid, cursor=None, tally=tally, started_at=now, updated_at=now
        ), 0

    async def _batch(
        self,
        run: ImportRun,
        rows: list[tuple[Key, Row]],
        wish: ImportWish,
        mapping: dict[str, str],
        on_aside: Callable[[list[Aside]], None],
    ) -> ImportRun:
        now = self._clock.now()
        read = [(key, taken(row, mapping, now=now, offset=wish.offset)) for key, row in rows]
        counts = Counter(run.tally)
        counts["rows"] += len(rows)
        for _, each in read:
            if isinstance(each, Refused):
                counts[_REFUSED + each.reason] += 1
            else:
                counts.update(_LEFT_OUT + reason for reason in each.left_out)
        on_aside([Aside(key, each.reason) for key, each in read if isinstance(each, Refused)])
        cursor = msgspec.json.encode(rows[-1][0]).decode()
        moved = msgspec.structs.replace(run, cursor=cursor, tally=dict(counts), updated_at=now)
        people = [(key, each) for key, each in read if isinstance(each, Taken)]
        batch = ImportBatch(
            run=moved,
            open_platform=wish.app.open_platform,
            people=tuple(each.person for _, each in people),
        )
        if wish.dry_run:
            outcomes = await self._store.imports.look(batch)
            done = msgspec.structs.replace(moved, tally=dict(counts + Counter(outcomes)))
        else:
            done, outcomes = await self._store.imports.commit(batch)
        on_aside(
            [
                Aside(key, outcome)
                for (key, _), outcome in zip(people, outcomes, strict=True)
                if outcome in _CONFLICTS
            ]
        )
        return done


def _report(
    run: ImportRun, wish: ImportWish, mapping: dict[str, str], columns: tuple[str, ...], resumed: int
) -> ImportReport:
    tally = run.tally

    def those(prefix: str) -> dict[str, int]:
        return {name.removeprefix(prefix): n for name, n in sorted(tally.items()) if name.startswith(prefix)}

    return ImportReport(
        app=wish.app.slug,
        dry_run=wish.dry_run,
        rows=tally["rows"],
        new=tally.get("new", 0),
        known=tally.get("known", 0),
        joined=tally.get("joined", 0),
        conflicts={name: tally[name] for name in _CONFLICTS if name in tally},
        refused=those(_REFUSED),
        left_out=those(_LEFT_OUT),
        mapping=mapping,
        columns_not_taken=tuple(name for name in columns if name not in mapping.values()),
        session_key_column=any(map(is_session_key, columns)),
        resumed_after=resumed,
    )
