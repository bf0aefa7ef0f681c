"""What is known of one person, as the person may see it."""

from typing import Final

import msgspec

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import SESSION_INVALID
from lingpai.model import Identity, PhoneNumber, Profile, phone_identity
from lingpai.secret import Sealer
from lingpai.storage.port import Store

_GONE: Final = Words("The account was erased.", "账号已被删除。")


class Portrait(msgspec.Struct, frozen=True, kw_only=True):
    """Profile, phone number in the clear, identities."""

    profile: Profile
    phone: PhoneNumber | None
    phone_verified_at: int | None
    identities: list[Identity]


class Portraits:
    """Reads portraits. A phone number is opened here for its owner, and for whoever acts for the owner."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._store: Final = store
        self._sealer: Final = sealer

    async def of(self, user_id: str) -> Portrait | None:
        """None when there is no such user. Raises SealBrokenError."""
        profile = await self._store.users.profile(user_id)
        if profile is None:
            return None
        phone = await self._store.users.phone(user_id)
        number = None
        if phone is not None:
            await self._sealer.prepare(phone.sealed)
            opened = self._sealer.open(phone.sealed, phone_identity(user_id))
            number = msgspec.json.decode(opened, type=PhoneNumber)
        return Portrait(
            profile=profile,
            phone=number,
            phone_verified_at=None if phone is None else phone.verified_at,
            identities=await self._store.users.identities(user_id),
        )

    async def own(self, user_id: str) -> Portrait:
        """The caller's own. Raises Problem session_invalid when the person was erased meanwhile."""
        portrait = await self.of(user_id)
        if portrait is None:
            raise gone()
        return portrait


def gone() -> Problem:
    """The answer to somebody who is nobody any more."""
    return Problem(SESSION_INVALID, facts={"what": _GONE})
