"""Reading phone numbers of other people: only for a purpose, which is noted before anything is read."""

import re
from typing import Final

import msgspec

from lingpai.accounts import Phones
from lingpai.admin.audit import AuditLog
from lingpai.clock import Clock
from lingpai.model import Actor, PhoneNumber, User
from lingpai.storage.port import Store

SHORTEST_PURPOSE: Final = 4
LONGEST_PURPOSE: Final = 200
_CHINA: Final = "86"
_BETWEEN: Final = re.compile(r"[ ()-]")
_DOMESTIC: Final = re.compile(r"[0-9]{5,14}")
_FOREIGN: Final = re.compile(r"\+[1-9][0-9]{5,16}")
_MOST: Final = 20


class ShownPhone(msgspec.Struct, frozen=True, kw_only=True):
    """A number in the clear; its repr shows nothing of it."""

    number: PhoneNumber
    verified_at: int

    def __repr__(self) -> str:
        return "ShownPhone(…)"


class PhoneNumbersAdmin:
    """Finds and shows numbers."""

    def __init__(self, store: Store, phones: Phones, clock: Clock) -> None:
        self._store: Final = store
        self._phones: Final = phones
        self._audit: Final = AuditLog(store, clock)

    async def find(self, typed: str, purpose: str, *, by: Actor) -> list[User] | None:
        """Who has this number; None: it is no number. Neither number nor answer is noted, only the purpose."""
        number = _number(typed)
        if number is None:
            return None
        await self._audit.note(by, "phone.searched", None, purpose=purpose)
        return await self._store.users.with_phone(self._phones.blind_index(number), _MOST)

    async def show(self, user_id: str, purpose: str, *, by: Actor) -> ShownPhone | None:
        """The number of one person; None: there is none on record. Raises SealBrokenError."""
        phone = await self._store.users.phone(user_id)
        if phone is None:
            return None
        await self._audit.note(by, "phone.shown", user_id, purpose=purpose)
        number = await self._phones.of(user_id)
        return None if number is None else ShownPhone(number=number, verified_at=phone.verified_at)


def _number(typed: str) -> PhoneNumber | None:
    """What somebody means by a number: without a country code, one of mainland China.

    The index is made of both parts together, so it need not be known where a country code ends.
    """
    plain = _BETWEEN.sub("", typed)
    if _DOMESTIC.fullmatch(plain):
        return PhoneNumber(phone_number=plain, pure_phone_number=plain, country_code=_CHINA)
    if _FOREIGN.fullmatch(plain):
        return PhoneNumber(phone_number=plain, pure_phone_number=plain[2:], country_code=plain[1])
    return None
