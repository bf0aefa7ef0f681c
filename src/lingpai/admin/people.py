"""Looking people up: users, what WeChat calls them, their sessions, the latest logins; joining two who are one."""

from collections.abc import Iterable
from typing import Final

import msgspec

from lingpai.admin.audit import AuditLog
from lingpai.clock import DAY, Clock
from lingpai.ids import new_id
from lingpai.model import (
    Actor,
    Identity,
    LoginEvent,
    Merge,
    MergeRefusal,
    NewMerge,
    Session,
    SplitRefusal,
    User,
)
from lingpai.secret import random_bytes
from lingpai.storage.port import Store


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A user with everything that hangs on it."""

    user: User
    identities: list[Identity]
    sessions: list[Session]
    logins: list[LoginEvent]
    merges: list[Merge]
    """Which users became one, newest first."""


class SameUserError(ValueError):
    """Two users cannot be made one, or one cannot be told apart again; the message says why, and so does `why`."""

    def __init__(self, message: str, why: MergeRefusal | SplitRefusal) -> None:
        super().__init__(message)
        self.why: Final = why


_WINDOW: Final = 30 * DAY
"""How long a merge can be undone."""
_NOT_JOINED: Final[dict[MergeRefusal, str]] = {
    "unknown": "one of the two users does not exist",
    "same": "they are one user already",
    "phones_conflict": "both have a verified phone number, and not the same one",
    "were_split": "they were told apart before",
}
_NOT_SPLIT: Final[dict[SplitRefusal, str]] = {
    "unknown": "this user was not merged into another",
    "too_late": "the merge is older than 30 days",
}


class PeopleAdmin:
    """Reads about people; makes two users one, and two again."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._audit: Final = AuditLog(store, clock)

    async def latest_logins(self, limit: int) -> list[LoginEvent]:
        """Newest first, also those that were refused."""
        return await self._store.logins.recent(limit)

    async def nicknames(self, user_ids: Iterable[str]) -> dict[str, str | None]:
        """What these users are called; of an id that was joined to another, the other's."""
        named = await self._store.users.named(sorted(set(user_ids)))
        return {user_id: user.nickname for user_id, user in named.items()}

    async def page(self, limit: int, *, before: str | None = None) -> list[User]:
        """Newest first; `before` is the last id of the page before."""
        return await self._store.users.page(limit, before=before)

    async def find(self, text: str, limit: int = 20) -> list[User]:
        """By id, openid, unionid, or the beginning of the nickname."""
        return await self._store.users.find(text, limit)

    async def show(self, user_id: str, *, sessions: int | None = None) -> Person | None:
        """One person, or None; with `sessions`, only so many of the newest."""
        user = await self._store.users.get(user_id)
        if user is None:
            return None
        return Person(
            user=user,
            identities=await self._store.users.identities(user_id),
            sessions=await self._store.sessions.of_user(user_id, sessions),
            logins=await self._store.logins.recent(50, user_id=user_id),
            merges=await self._store.merges.of_user(user_id),
        )

    async def merge(self, user_id: str, other_id: str, *, by: Actor) -> Merge:
        """Make one user of two; the older id wins. Raises SameUserError."""
        now = self._clock.now()
        new = NewMerge(
            id=new_id("mrg", now, random_bytes(10)),
            user_id=user_id,
            other_id=other_id,
            reason="operator",
            at=now,
        )
        async with self._audit.doing(by, "user.merged", user_id, other=other_id):
            outcome = await self._store.merges.join(new)
            if not isinstance(outcome, Merge):
                raise SameUserError(_NOT_JOINED[outcome], outcome)
        return outcome

    async def split(self, user_id: str, *, by: Actor) -> Merge:
        """Undo the merge by which `user_id` became an alias. Raises SameUserError."""
        async with self._audit.doing(by, "user.split", user_id):
            outcome = await self._store.merges.split(user_id, self._clock.now(), _WINDOW)
            if not isinstance(outcome, Merge):
                raise SameUserError(_NOT_SPLIT[outcome], outcome)
        return outcome
