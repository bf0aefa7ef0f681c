"""The flight recorder in memory."""

from typing import Final

from msgspec.structs import replace

from lingpai.ids import first_id
from lingpai.model import GRANTED, AttemptSearch, LoginEvent, Minute, TimelinePage
from lingpai.storage.memory.fitting import fit
from lingpai.storage.memory.tables import Tables
from lingpai.storage.port import TakenError


class MemoryFlights:
    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def line(self, event_id: str) -> LoginEvent | None:
        return self._tables.events.get(event_id)

    async def search(self, search: AttemptSearch, limit: int) -> list[LoginEvent]:
        newest = sorted(self._tables.events.values(), key=lambda event: event.id, reverse=True)
        users = search.user_ids
        meant = None if users is None else {each for one in users for each in self._tables.members(one)}
        return [
            event for event in newest if _wanted(event, search) and (meant is None or event.user_id in meant)
        ][:limit]

    async def keep(self, pages: list[TimelinePage], minutes: list[Minute]) -> None:
        for value in (*pages, *minutes):
            fit(value)
        if any(page.id in self._tables.timeline_pages for page in pages):
            raise TakenError("id")
        for page in pages:
            self._tables.timeline_pages[page.id] = page
        for more in minutes:
            place = (more.minute, more.appid, more.kind, more.result)
            known = self._tables.minutes.get(place)
            self._tables.minutes[place] = (
                more
                if known is None
                else replace(
                    known, count=known.count + more.count, unrecorded=known.unrecorded + more.unrecorded
                )
            )

    async def pages(self, at: int, limit: int) -> list[TimelinePage]:
        found = [page for page in self._tables.timeline_pages.values() if page.first_at <= at <= page.last_at]
        return sorted(found, key=lambda page: page.id)[:limit]

    async def minutes(self, since: int) -> list[Minute]:
        return [minute for place, minute in sorted(self._tables.minutes.items()) if place[0] >= since]

    async def trim(self, most: int) -> int:
        oldest = sorted(self._tables.events)
        gone = oldest[: max(0, len(oldest) - most)]
        for event_id in gone:
            del self._tables.events[event_id]
        return len(gone)

    def sweep(self, before: int) -> int:
        """Remove pages and counts from before then; how many pages."""
        tables = self._tables
        old = [key for key, page in tables.timeline_pages.items() if page.last_at < before]
        for key in old:
            del tables.timeline_pages[key]
        tables.minutes = {place: each for place, each in tables.minutes.items() if place[0] >= before}
        return len(old)


def _wanted(event: LoginEvent, search: AttemptSearch) -> bool:
    return (
        (search.before is None or event.id < search.before)
        and (search.until is None or event.id < first_id("evt", search.until))
        and (search.since is None or event.id >= first_id("evt", search.since))
        and search.request_id in (None, event.request_id)
        and search.appid in (None, event.appid)
        and search.result in (None, event.result)
        and search.errcode in (None, event.errcode)
        and (not search.kinds or event.kind in search.kinds)
        and not (search.refused and event.result in GRANTED)
    )
