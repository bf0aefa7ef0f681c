"""What remembering promises of people who come from another table; part of `port.py`."""

from typing import Protocol

from lingpai.model import ImportBatch, ImportOutcome, ImportRun


class Imports(Protocol):
    async def run(self, name: str) -> ImportRun | None:
        """How far the run of this name has come."""
        ...

    async def put(self, run: ImportRun) -> None:
        """Put a run on record, in the place of one with the same name."""
        ...

    async def commit(self, batch: ImportBatch) -> tuple[ImportRun, list[ImportOutcome]]:
        """Take people over and move their run on, in one unit of work.

        Each is found by `model.resolve`, as in a login, also among the people of the batch before it. Nickname
        and avatar are given to those who have none; nobody's are changed.
        Raises UnfitError for a value that no database holds: then nothing of the batch was written.
        """
        ...

    async def look(self, batch: ImportBatch) -> list[ImportOutcome]:
        """What `commit` would make of the people. Changes nothing."""
        ...
