"""What remembering promises of pictures, of budgets, and of forgetting a person; part of `port.py`."""

from typing import Protocol

from lingpai.model import Adopted, Avatar, Draw, Erased, Erasure, NewNotice


class Avatars(Protocol):
    """Which pictures are kept for whom; the pictures themselves lie in `storage/blobs`."""

    async def begin(self, avatar: Avatar) -> bool:
        """Put a picture on record that is about to be stored. False when there is no such user.

        Raises TakenError for `url`.
        """
        ...

    async def adopt(self, avatar: Avatar) -> Adopted | None:
        """Make a picture on record its user's avatar. None, nothing written: the user is gone."""
        ...

    async def orphans(self, before: int, limit: int) -> list[str]:
        """URLs on record from before this instant that are nobody's avatar, oldest first."""
        ...

    async def forget(self, url: str) -> None:
        """Take a picture off the record, once it is no longer stored."""
        ...


class Erasures(Protocol):
    async def commit(
        self, erasure: Erasure, user_id: str, now: int, notices: tuple[NewNotice, ...] = ()
    ) -> Erased | None:
        """Forget a user in one unit of work: profile, phone, identities, unions, session_keys, sessions,
        refresh tokens, attempts, tickets, tokens of WeChat; also under every other id that means the same
        person, each with a line of the ledger (`model.ledger_of`). The login history keeps its lines without the person. None, nothing
        written: no such user.

        The sessions stay among `Sessions.ended_since`, as ended `now`; the pictures stay on record as nobody's.
        When the digest is on record, that erasure stays and is answered. `notices` are told as `Webhooks.tell` does.
        Raises TakenError for `id`.
        """
        ...

    async def remember(self, lines: list[Erasure]) -> int:
        """Put erasures of another time on record, whose people are not looked for; how many were not known."""
        ...

    async def page(self, limit: int, *, before: str | None = None) -> list[Erasure]:
        """Newest first; `before` is the id of the last one of the page before."""
        ...


class Budgets(Protocol):
    async def draw(self, draws: list[Draw], period: int) -> str | None:
        """Take one unit of every budget, or of none; the name of the first that is used up.

        `period` numbers the time it counts for, say the day. Of any number of concurrent calls exactly
        as many succeed as the tightest budget allows.
        """
        ...

    async def used(self, names: list[str], period: int) -> dict[str, int]:
        """How much of each budget was drawn in the period; one nothing was drawn from is missing."""
        ...
