"""Opening what WeChat encrypted for the person who has just signed in, as `/v1/{app}/profile` and `/decrypt` do."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from lingpai.accounts import from_user_info
from lingpai.errors import Problem, Words
from lingpai.errors.catalogue_open_data import DECRYPT_FAILED, SESSION_KEY_STALE, SIGNATURE_MISMATCH
from lingpai.sessions import Encrypted, Signed
from lingpai.web.compat.entrance import Entered
from lingpai.web.rooms import Rooms

_ORDER: Final = Words(
    "Call wx.login first, then get the data, and send both together: a login may replace the key that the data was made with.",
    "请先调用 wx.login，再获取数据，然后一起发送：登录可能换掉生成数据时所用的密钥。",
)


class ProfileTold(msgspec.Struct, frozen=True, kw_only=True):
    """A profile on record, as far as the tutorials know one."""

    nickname: str | None
    avatar_url: str | None
    gender: int
    language: str
    country: str
    province: str
    city: str


class Handed:
    """Opens encrypted data with the keys of the person it belongs to.

    What a tutorial's client hands over is older than the code it comes with. So data that no key on the ring opens
    was made with a key that never came here, or is nothing at all; either way the remedy is to get it anew.
    """

    def __init__(self, rooms: Rooms) -> None:
        self._rooms: Final = rooms

    async def object(self, who: Entered, encrypted: Encrypted) -> dict[str, Any]:
        """The decrypted object. Raises Problem session_key_stale, phone_code_expected."""
        try:
            payload = await self._rooms.open_data.decrypted(who.app, who.who, encrypted)
        except Problem as problem:
            if problem.kind not in (DECRYPT_FAILED, SESSION_KEY_STALE):
                raise
            raise Problem(SESSION_KEY_STALE, hint=_ORDER, private=problem.code) from None
        if "phoneNumber" in payload:
            self._rooms.phones.refuse_data(who.app)
        return payload

    async def profile(
        self, who: Entered, raw_data: Iterable[str], signature: str, encrypted: Encrypted
    ) -> ProfileTold:
        """The profile, proven and kept. `raw_data` are the texts that may have been signed; the signature decides.

        Raises Problem session_key_stale, signature_mismatch, decrypt_failed.
        """
        for text in raw_data:
            signed = Signed(text, signature)
            try:
                payload = await self._rooms.open_data.profile(who.app, who.who, signed, encrypted)
            except Problem as problem:
                if problem.kind is not SIGNATURE_MISMATCH:
                    raise
            else:
                return await self._kept(who, payload)
        await self.object(who, encrypted)
        raise Problem(SIGNATURE_MISMATCH)

    async def _kept(self, who: Entered, payload: dict[str, Any]) -> ProfileTold:
        kept = await self._rooms.profiles.keep(who.who.user.id, from_user_info(payload))
        return ProfileTold(
            nickname=kept.user.nickname,
            avatar_url=kept.user.avatar_url,
            **msgspec.structs.asdict(kept.details),
        )
