"""Signing keys: the first one, and their rotation."""

import hashlib
from contextlib import suppress
from typing import Final

import msgspec

from lingpai.admin.audit import AuditLog
from lingpai.clock import DAY, HOUR, Clock
from lingpai.model import Actor, SigningKey
from lingpai.secret import Sealer
from lingpai.storage.port import Store, TakenError
from lingpai.tokens import new_signing_key

PUBLISHED_AHEAD: Final = DAY
"""How long verifiers see a new key in the JWKS before it signs."""
_KEPT_AFTER: Final = HOUR
"""How long a key is published after its last signature: longer than an access token lives."""

_KID_LETTERS: Final = 16


class ShownKey(msgspec.Struct, frozen=True, kw_only=True):
    """A signing key as people may see it."""

    kid: str
    created_at: int
    active_at: int
    retired_at: int | None


class SigningKeysAdmin:
    """The signing keys of the database."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._clock: Final = clock
        self._audit: Final = AuditLog(store, clock)

    async def all(self) -> list[ShownKey]:
        """Newest first."""
        return [_shown(key) for key in await self._store.keys.signing()]

    async def ensure_one(self) -> None:
        """Make the first key of a new database. Of several servers that do so at once, one makes it.

        Tokens of a key of its own would be refused by the others until they have read it. So the first key has a
        name that all of them find, in the first data key, and a name is taken once.
        """
        if await self._store.keys.signing():
            return
        now = self._clock.now()
        first = b"".join(key.id for key in (await self._store.keys.sealing())[:1])
        kid = hashlib.sha256(b"first signing key" + first).hexdigest()[:_KID_LETTERS]
        with suppress(TakenError):
            await self._store.keys.add_signing(new_signing_key(self._sealer, now=now, active_at=now, kid=kid))

    async def rotate(self, *, at_once: bool = False, by: Actor) -> ShownKey:
        """Make a new key; it signs from a day on, when every verifier has seen it.

        `at_once` is for a key that leaked: the new one signs now, the others are withdrawn now, and
        their tokens die with them.
        """
        now = self._clock.now()
        active_at = now if at_once else now + PUBLISHED_AHEAD
        key = new_signing_key(self._sealer, now=now, active_at=active_at)
        told = {"at_once": str(at_once).lower()}
        async with self._audit.doing(by, "signing_key.rotated", key.kid, **told):
            await self._store.keys.add_signing(key)
            for old in await self._store.keys.signing():
                # One that was to leave later may be the leaked one.
                if old.kid != key.kid and (at_once or old.retired_at is None):
                    await self._store.keys.retire_signing(
                        old.kid, now if at_once else active_at + _KEPT_AFTER
                    )
        return _shown(key)


def _shown(key: SigningKey) -> ShownKey:
    return ShownKey(
        kid=key.kid, created_at=key.created_at, active_at=key.active_at, retired_at=key.retired_at
    )
