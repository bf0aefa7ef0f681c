"""What remembering promises of coming back from a backup; part of `port.py`."""

from collections.abc import Callable
from typing import Protocol

from lingpai.model import Restore, Withdrawn


class Restores(Protocol):
    """Each step may be done again after it was broken off."""

    async def latest(self) -> Restore | None:
        """The last one, also when it was not finished. None: this database never was restored."""
        ...

    async def begin(self, restore: Restore) -> Restore:
        """Put one on record. One that was broken off is gone on with: its id stays, the later time counts."""
        ...

    async def withdraw(self, at: int, on_rows: Callable[[int], None] | None = None) -> Withdrawn:
        """End every running session at `at` (`restored`), and forget what could sign somebody in without
        WeChat: refresh tokens, session_keys, used codes, states, tickets, WeChat's tokens of people.

        WeChat's tokens of apps are forgotten, too; their generations leap ahead, so that none of a lost
        database comes a second time. In small commits; `on_rows` is told how many rows each has looked at.
        """
        ...

    async def finish(self, restore_id: str, at: int) -> bool:
        """Note that all of it was done. False when there is no such one, or it was finished before."""
        ...
