"""The store's part about the flight recorder."""

from functools import partial
from typing import Final

from lingpai.model import AttemptSearch, LoginEvent, Minute, TimelinePage
from lingpai.storage.sql import flights
from lingpai.storage.sql.port import Dialect


class SqlFlights:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def line(self, event_id: str) -> LoginEvent | None:
        return await self._dialect.read(lambda connection: flights.line(connection, event_id))

    async def search(self, search: AttemptSearch, limit: int) -> list[LoginEvent]:
        return await self._dialect.read(lambda connection: flights.search(connection, search, limit))

    async def keep(self, pages: list[TimelinePage], minutes: list[Minute]) -> None:
        await self._dialect.write(lambda connection: flights.keep(connection, pages, minutes))

    async def pages(self, at: int, limit: int) -> list[TimelinePage]:
        return await self._dialect.read(lambda connection: flights.pages(connection, at, limit))

    async def minutes(self, since: int) -> list[Minute]:
        return await self._dialect.read(lambda connection: flights.minutes(connection, since))

    async def trim(self, most: int) -> int:
        too_many = await self._dialect.read(flights.lines) - most
        removed = 0
        while removed < too_many:
            some = partial(flights.trim, most=min(flights.ROWS, too_many - removed))
            gone = await self._dialect.write(some)
            removed += gone
            if not gone:
                break
        return removed
