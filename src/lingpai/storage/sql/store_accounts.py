"""The store's part about pictures, and about forgetting a person."""

from functools import partial
from typing import Final

from sqlalchemy import Connection

from lingpai.model import Adopted, Avatar, Erased, Erasure, NewNotice
from lingpai.storage.sql import avatars, erasures, webhooks
from lingpai.storage.sql.port import Dialect

_LINES: Final = 300
"""Lines of a ledger in one unit of work."""


class SqlAvatars:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def begin(self, avatar: Avatar) -> bool:
        return await self._dialect.write(lambda connection: avatars.begin(connection, avatar))

    async def adopt(self, avatar: Avatar) -> Adopted | None:
        return await self._dialect.write(lambda connection: avatars.adopt(connection, avatar))

    async def orphans(self, before: int, limit: int) -> list[str]:
        return await self._dialect.read(lambda connection: avatars.orphans(connection, before, limit))

    async def forget(self, url: str) -> None:
        await self._dialect.write(lambda connection: avatars.forget(connection, url))


class SqlErasures:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def commit(
        self, erasure: Erasure, user_id: str, now: int, notices: tuple[NewNotice, ...] = ()
    ) -> Erased | None:
        def forget(connection: Connection) -> Erased | None:
            erased = erasures.commit(connection, erasure, user_id, now)
            if erased is not None:
                webhooks.tell(connection, notices, self._dialect.now(connection))
            return erased

        erased = await self._dialect.write(forget)
        if erased is not None:
            await self._dialect.scrub()
        return erased

    async def remember(self, lines: list[Erasure]) -> int:
        new = 0
        for start in range(0, len(lines), _LINES):
            some = lines[start : start + _LINES]
            new += await self._dialect.write(partial(erasures.remember, lines=some))
        return new

    async def page(self, limit: int, *, before: str | None = None) -> list[Erasure]:
        return await self._dialect.read(lambda connection: erasures.page(connection, limit, before))
