"""Filling in a name by hand."""

from typing import Final

from lingpai.accounts.nickname import fit_nickname
from lingpai.accounts.portraits import gone
from lingpai.clock import Clock
from lingpai.model import Profile, ProfileChange
from lingpai.storage.port import Store


class Naming:
    """Changes nicknames."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store: Final = store
        self._clock: Final = clock

    async def name(self, user_id: str, nickname: str | None) -> Profile:
        """Give somebody a nickname, or take it away with None.

        Raises Problem nickname_refused, nickname_anonymous, or session_invalid when the person was erased meanwhile.
        """
        fitting = None if nickname is None else fit_nickname(nickname)
        change = ProfileChange(nickname=fitting, source="person", at=self._clock.now())
        profile = await self._store.users.put_profile(user_id, change)
        if profile is None:
            raise gone()
        return profile
