"""What remembering promises of the flight recorder: lines, their timelines, counts; part of `port.py`."""

from typing import Protocol

from lingpai.model import AttemptSearch, LoginEvent, Minute, TimelinePage


class Flights(Protocol):
    """Reads the lines that `Logins` writes, and keeps what hangs on them.

    A line is written with its login; timelines and counts come later, many at once, and may be missing.
    """

    async def line(self, event_id: str) -> LoginEvent | None: ...

    async def search(self, search: AttemptSearch, limit: int) -> list[LoginEvent]:
        """Newest first. Of a user, also the lines under every other id that means the same person."""
        ...

    async def keep(self, pages: list[TimelinePage], minutes: list[Minute]) -> None:
        """Store the pages and add to the counts, in one unit of work. Raises TakenError for a page's `id`."""
        ...

    async def pages(self, at: int, limit: int) -> list[TimelinePage]:
        """Pages that may hold the timeline of an attempt that ended at `at`, earliest first."""
        ...

    async def minutes(self, since: int) -> list[Minute]:
        """Counts of minutes that begin at `since` or later, earliest first."""
        ...

    async def trim(self, most: int) -> int:
        """Remove the oldest lines until `most` are left, in small commits; how many went."""
        ...
