"""What is known of people beside their identities, and how often they asked, in memory."""

from typing import Final

import msgspec
from msgspec.structs import replace

from lingpai.model import Draw, Phone, Profile, ProfileChange, User
from lingpai.storage.memory.fitting import fit
from lingpai.storage.memory.tables import Tables


class MemoryProfiles:
    """The part of the users' promise that is not about identities."""

    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def profile(self, user_id: str) -> Profile | None:
        user = self._tables.users.get(self._tables.meant(user_id))
        if user is None:
            return None
        return replace(self._tables.profiles.get(user.id) or Profile(user=user), user=user)

    async def put_profile(self, user_id: str, change: ProfileChange) -> Profile | None:
        fit(change)
        before = await self.profile(user_id)
        if before is None:
            return None
        named = {name: getattr(change, name) for name in ("nickname", "avatar_url")}
        given = {name: value for name, value in named.items() if value is not msgspec.UNSET}
        user_id = before.user.id
        self._tables.users[user_id] = user = replace(before.user, **given)
        details = before.details if change.details is msgspec.UNSET else change.details
        after = Profile(user=user, details=details, source=change.source, updated_at=change.at)
        self._tables.profiles[user_id] = after
        return after

    async def phone(self, user_id: str) -> Phone | None:
        # A number stays with the id it was sealed for: the last one verified counts.
        ids = self._tables.members(user_id)
        own = [phone for phone in self._tables.phones.values() if phone.user_id in ids]
        return min(own, key=lambda phone: (-phone.verified_at, phone.user_id), default=None)

    async def put_phone(self, phone: Phone) -> bool:
        fit(phone)
        if phone.user_id not in self._tables.users:
            return False
        self._tables.phones[phone.user_id] = phone
        return True

    async def with_phone(self, blind_index: bytes, limit: int) -> list[User]:
        phones = [phone for phone in self._tables.phones.values() if phone.blind_index == blind_index]
        owners = {self._tables.meant(phone.user_id) for phone in phones}
        return [self._tables.users[owner] for owner in sorted(owners, reverse=True)][:limit]


class MemoryBudgets:
    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def draw(self, draws: list[Draw], period: int) -> str | None:
        used = self._tables.budgets
        for one in sorted(draws, key=lambda each: each.name):
            if used.get((one.name, period), 0) >= one.limit:
                return one.name
        for one in draws:
            used[one.name, period] = used.get((one.name, period), 0) + 1
        return None

    async def used(self, names: list[str], period: int) -> dict[str, int]:
        used = self._tables.budgets
        return {name: used[name, period] for name in names if (name, period) in used}
