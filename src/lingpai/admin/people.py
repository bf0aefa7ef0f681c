"""Looking people up: users, what WeChat calls them, their sessions, the latest logins."""

from typing import Final

import msgspec

from lingpai.clock import Clock
from lingpai.model import Identity, LoginEvent, Session, User
from lingpai.storage.port import Store


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A user with everything that hangs on it."""

    user: User
    identities: list[Identity]
    sessions: list[Session]
    logins: list[LoginEvent]


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """The first page of the console."""

    user_count: int
    running_count: int
    users: list[User]
    sessions: list[Session]
    logins: list[LoginEvent]


class PeopleAdmin:
    """Reads about people; changes nothing."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store: Final = store
        self._clock: Final = clock

    async def overview(self, rows: int = 20) -> Overview:
        """Counts and the newest of everything."""
        store = self._store
        return Overview(
            user_count=await store.users.count(),
            running_count=await store.sessions.count_running(self._clock.now()),
            users=await store.users.page(rows),
            sessions=await store.sessions.recent(rows),
            logins=await store.logins.recent(rows),
        )

    async def page(self, limit: int, *, before: str | None = None) -> list[User]:
        """Newest first; `before` is the last id of the page before."""
        return await self._store.users.page(limit, before=before)

    async def find(self, text: str, limit: int = 20) -> list[User]:
        """By id, openid, unionid, or the beginning of the nickname."""
        return await self._store.users.find(text, limit)

    async def show(self, user_id: str) -> Person | None:
        """One person, or None."""
        user = await self._store.users.get(user_id)
        if user is None:
            return None
        return Person(
            user=user,
            identities=await self._store.users.identities(user_id),
            sessions=await self._store.sessions.of_user(user_id),
            logins=await self._store.logins.recent(50, user_id=user_id),
        )
