"""The store's part about moving: coming back from a backup, coming over from another table."""

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from sqlalchemy import Connection

from lingpai.model import ImportBatch, ImportOutcome, ImportRun, Restore, Withdrawn
from lingpai.storage.sql import imports, restores
from lingpai.storage.sql.insistence import insistently
from lingpai.storage.sql.port import Dialect
from lingpai.storage.sql.restores import Mark
from lingpai.storage.sql.tables import refresh_tokens, session_keys, user_tokens


class _Step(Protocol):
    """Walks over the next rows: how many, how many of them changed, where to go on."""

    def __call__(self, connection: Connection, *, after: Mark) -> tuple[int, int, Mark]: ...


class SqlRestores:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def latest(self) -> Restore | None:
        return await self._dialect.read(restores.latest)

    async def begin(self, restore: Restore) -> Restore:
        return await self._dialect.write(lambda connection: restores.begin(connection, restore))

    async def withdraw(self, at: int, on_rows: Callable[[int], None] | None = None) -> Withdrawn:
        ended = await self._walk(partial(restores.end_sessions, at=at), on_rows)
        gone = {
            table: await self._walk(partial(restores.forget, table=table), on_rows)
            for table in restores.FORGOTTEN
        }
        leapt = await self._dialect.write(restores.leap)
        await self._dialect.scrub()
        named = {refresh_tokens, session_keys, user_tokens}
        return Withdrawn(
            sessions=ended,
            refresh_tokens=gone[refresh_tokens],
            session_keys=gone[session_keys],
            one_time=sum(rows for table, rows in gone.items() if table not in named),
            wechat_tokens=gone[user_tokens] + leapt,
        )

    async def finish(self, restore_id: str, at: int) -> bool:
        return await self._dialect.write(lambda connection: restores.finish(connection, restore_id, at))

    async def _walk(self, step: _Step, on_rows: Callable[[int], None] | None) -> int:
        """Walk over a whole table; how many rows were changed."""
        changed = 0
        after: Mark = None
        while True:
            walked, rows, after = await self._dialect.write(partial(step, after=after))
            changed += rows
            if after is None:
                return changed
            if on_rows is not None:
                on_rows(walked)


class SqlImports:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def run(self, name: str) -> ImportRun | None:
        return await self._dialect.read(lambda connection: imports.run(connection, name))

    async def put(self, run: ImportRun) -> None:
        await self._dialect.write(lambda connection: imports.put(connection, run))

    async def commit(self, batch: ImportBatch) -> tuple[ImportRun, list[ImportOutcome]]:
        # a login may make one of these people in between; the next try finds it
        return await insistently(self._dialect, lambda connection: imports.commit(connection, batch))

    async def look(self, batch: ImportBatch) -> list[ImportOutcome]:
        return await self._dialect.read(lambda connection: imports.look(connection, batch))
