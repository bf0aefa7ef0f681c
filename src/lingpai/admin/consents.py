"""What a person agreed to at WeChat, as far as something of it is kept here.

WeChat asks people and tells an app nothing of their answer but what came of it. So a consent is on record as long as what it
gave is: a profile, a phone number, a token that may read the profile again. A withdrawal erases that (`push/acting.py`).
"""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from lingpai.model import Identity
from lingpai.storage.port import Store

Purpose = Literal["profile", "phone", "snsapi_userinfo"]

_MOST: Final = 20


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was agreed to. Times are milliseconds since 1970."""

    purpose: Purpose
    appid: str | None
    """Whom it was given to; None for a profile, which is one for all apps."""
    given_at: int | None
    """When what it gave was last told; None: WeChat's token does not say."""
    until: int | None = None
    """When it ends by itself."""


class ConsentsAdmin:
    """Reads consents."""

    def __init__(self, store: Store) -> None:
        self._store: Final = store

    async def of(self, user_id: str, identities: Sequence[Identity]) -> list[Consent]:
        """Of one person; of very many identities the first. Raises StorageUnavailableError."""
        found: list[Consent] = []
        profile = await self._store.users.profile(user_id)
        if profile is not None and profile.source == "wechat":
            found.append(Consent(purpose="profile", appid=None, given_at=profile.updated_at))
        phone = await self._store.users.phone(user_id)
        if phone is not None:
            found.append(Consent(purpose="phone", appid=phone.appid, given_at=phone.verified_at))
        for one in identities[:_MOST]:
            token = await self._store.browser_logins.user_token(one.appid, one.openid)
            if token is not None:
                found.append(
                    Consent(
                        purpose="snsapi_userinfo",
                        appid=one.appid,
                        given_at=None,
                        until=token.refresh_expires_at,
                    )
                )
        return found
