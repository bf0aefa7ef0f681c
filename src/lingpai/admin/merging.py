"""What a merge would do, before anybody does it."""

from typing import Final

import msgspec

from lingpai.model import Identity, MergeRefusal, User
from lingpai.storage.port import Store

_MOST: Final = 50


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two users."""

    user: User
    identities: list[Identity]
    sessions: int
    """Of the newest fifty, those that are on record."""
    has_phone: bool


class MergePreview(msgspec.Struct, frozen=True, kw_only=True):
    """Who stays and who becomes an alias, and what stands in the way."""

    winner: Side
    """The older id."""
    loser: Side
    takes_nickname: bool
    """The winner has none and takes the loser's."""
    takes_avatar: bool
    refused: MergeRefusal | None
    """Why it would be refused; None: it would be done."""


class Merging:
    """Looks at two users."""

    def __init__(self, store: Store) -> None:
        self._store: Final = store

    async def preview(self, user_id: str, other_id: str) -> MergePreview | None:
        """None: one of them does not exist. The merge decides anew, in its own unit of work."""
        one, other = await self._side(user_id), await self._side(other_id)
        if one is None or other is None:
            return None
        winner, loser = (one, other) if one.user.id <= other.user.id else (other, one)
        refused: MergeRefusal | None = None
        if winner.user.id == loser.user.id:
            refused = "same"
        elif await self._phones_differ(winner.user.id, loser.user.id):
            refused = "phones_conflict"
        return MergePreview(
            winner=winner,
            loser=loser,
            takes_nickname=winner.user.nickname is None and loser.user.nickname is not None,
            takes_avatar=winner.user.avatar_url is None and loser.user.avatar_url is not None,
            refused=refused,
        )

    async def _side(self, user_id: str) -> Side | None:
        user = await self._store.users.get(user_id)
        if user is None:
            return None
        return Side(
            user=user,
            identities=(await self._store.users.identities(user.id))[:_MOST],
            sessions=len(await self._store.sessions.of_user(user.id, _MOST)),
            has_phone=await self._store.users.phone(user.id) is not None,
        )

    async def _phones_differ(self, one: str, other: str) -> bool:
        first, second = await self._store.users.phone(one), await self._store.users.phone(other)
        return first is not None and second is not None and first.blind_index != second.blind_index
