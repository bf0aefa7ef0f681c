"""Ending sessions of other people: noted before it is done, seen by every node."""

from typing import Final

from lingpai.admin.audit import AuditLog
from lingpai.clock import Clock
from lingpai.model import Actor
from lingpai.sessions import Ending
from lingpai.storage.port import Store


class SessionsAdmin:
    """Ends sessions for an operator."""

    def __init__(self, store: Store, ending: Ending, clock: Clock) -> None:
        self._store: Final = store
        self._ending: Final = ending
        self._audit: Final = AuditLog(store, clock)

    async def end(self, user_id: str, session_id: str, *, by: Actor) -> bool:
        """End one session of a user. False: the user has no such session."""
        found = await self._store.sessions.get(session_id)
        user = await self._store.users.get(user_id)
        if found is None or user is None or found.user.id != user.id:
            return False
        async with self._audit.doing(by, "session.ended", user.id, session=session_id):
            await self._ending.end(session_id, "operator")
        return True

    async def end_all(self, user_id: str, *, by: Actor) -> int | None:
        """End every session of a user; how many there were. None: no such user."""
        user = await self._store.users.get(user_id)
        if user is None:
            return None
        async with self._audit.doing(by, "sessions.ended", user.id):
            return await self._ending.end_all(user.id, "operator")
