"""What operators ask of the flight recorder: which attempts there were, what happened in one, how many a minute."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from lingpai.model import AttemptSearch, LoginEvent, Minute, Timeline, timelines
from lingpai.storage.port import Store

_PAGES: Final = 40
"""Pages of timelines that are looked through for one attempt."""
_PEOPLE: Final = 20
"""People whose attempts are shown together when a name fits several."""


class AttemptPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of attempts, newest first."""

    lines: list[LoginEvent]
    names: dict[str, str | None]
    """Nicknames of the people on the page, by user id."""
    before: str | None
    """What the next page begins before; None: there is none."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt."""

    line: LoginEvent
    name: str | None
    """The person's nickname."""
    timeline: Timeline | None
    """None: it was swept, or was never written, or is still on its way from another node."""


class AttemptsAdmin:
    """Reads the flight recorder."""

    def __init__(self, store: Store, flush: Callable[[], Awaitable[None]]) -> None:
        """`flush` writes what this node has recorded and not yet written."""
        self._store: Final = store
        self._flush: Final = flush

    async def search(self, search: AttemptSearch, limit: int = 50) -> AttemptPage:
        """Attempts for which all of `search` holds. Raises StorageUnavailableError."""
        await self._flush()
        lines = await self._store.flights.search(search, limit + 1)
        more = len(lines) > limit
        lines = lines[:limit]
        names = await self._names({line.user_id for line in lines if line.user_id is not None})
        return AttemptPage(lines=lines, names=names, before=lines[-1].id if more else None)

    async def meant(self, text: str) -> AttemptSearch:
        """What somebody looks for who typed `text`: an attempt or request by its id, or a person by id, openid,
        unionid or the beginning of the nickname.
        """
        line = await self._store.flights.line(text) if text.startswith("evt_") else None
        if line is not None:
            return AttemptSearch(request_id=line.request_id)
        by_request = AttemptSearch(request_id=text)
        await self._flush()
        if await self._store.flights.search(by_request, 1):
            return by_request
        people = await self._store.users.find(text, _PEOPLE)
        # An erased or swept user is nobody any more; the lines of an id that was joined are found by it.
        return AttemptSearch(user_ids=tuple(user.id for user in people))

    async def show(self, event_id: str) -> Found | None:
        """One attempt with its timeline, or None. Raises StorageUnavailableError."""
        await self._flush()
        line = await self._store.flights.line(event_id)
        if line is None:
            return None
        names = await self._names({line.user_id} if line.user_id is not None else set())
        name = names.get(line.user_id or "")
        for page in await self._store.flights.pages(line.at, _PAGES):
            for timeline in timelines(page.body):
                if timeline.event_id == event_id:
                    return Found(line=line, name=name, timeline=timeline)
        return Found(line=line, name=name, timeline=None)

    async def per_minute(self, since: int) -> list[Minute]:
        """Counts by minute, app, kind and result of the minutes that begin at `since` (milliseconds) or later,
        earliest first; of other nodes, up to some seconds ago.
        """
        await self._flush()
        return await self._store.flights.minutes(since)

    async def _names(self, user_ids: set[str]) -> dict[str, str | None]:
        ids = sorted(user_ids)
        users = await asyncio.gather(*(self._store.users.get(user_id) for user_id in ids))
        return {user_id: user.nickname for user_id, user in zip(ids, users, strict=True) if user is not None}
