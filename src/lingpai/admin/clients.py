"""Service keys: what backends show when they call us. Shown once, stored as SHA-256."""

import hashlib
import re
from typing import Final

import msgspec

from lingpai.admin.audit import AuditLog
from lingpai.clock import Clock
from lingpai.ids import new_id
from lingpai.keeper import ACTIONS
from lingpai.model import Actor, KeyUse, ServiceKey
from lingpai.secret import Secret, random_bytes, random_token
from lingpai.storage.port import Store

KEY_PREFIX: Final = "lps_"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SCOPE: Final = re.compile(rf"(?:{'|'.join(ACTIONS)})(?::wx[0-9a-f]{{16}})?")


class ClientInvalidError(ValueError):
    """What was given cannot be a service key; the message says why."""


class ShownClient(msgspec.Struct, frozen=True, kw_only=True):
    """A service key as people may see it."""

    name: str
    last4: str
    scopes: tuple[str, ...]
    created_at: int
    revoked_at: int | None
    last_used_at: int | None


class ClientsAdmin:
    """The service keys of the database."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._audit: Final = AuditLog(store, clock)

    async def all(self) -> list[ShownClient]:
        """Every key, also the revoked ones."""
        return [_shown(key) for key in await self._store.keys.services()]

    async def add(
        self, name: str, scopes: tuple[str, ...], *, key: Secret | None = None, by: Actor
    ) -> tuple[ShownClient, Secret]:
        """Make a key. The secret is returned here and never again.

        A scope is an action (`keeper.ACTIONS`), for all apps or, with `:AppID` behind it, for one.
        Raises ClientInvalidError; TakenError for `name`.
        """
        if not _NAME.fullmatch(name):
            raise ClientInvalidError("a name has 1 to 64 letters, digits, dots, hyphens, underscores")
        if not scopes or not all(_SCOPE.fullmatch(scope) for scope in scopes):
            raise ClientInvalidError(
                f"a scope is one of {', '.join(ACTIONS)}, alone or with :AppID behind it"
            )
        now = self._clock.now()
        secret = key or Secret(random_token(KEY_PREFIX))
        row = ServiceKey(
            id=new_id("svc", now, random_bytes(10)),
            name=name,
            digest=hashlib.sha256(secret.reveal().encode()).digest(),
            last4=secret.last4,
            scopes=scopes,
            created_at=now,
        )
        told = {"scopes": " ".join(scopes), "last4": row.last4}
        async with self._audit.doing(by, "service_key.added", name, **told):
            await self._store.keys.add_service(row)
        return _shown(row), secret

    async def uses(self, name: str, limit: int = 100) -> list[KeyUse] | None:
        """What the key was used for, the latest first; None: no such key."""
        for key in await self._store.keys.services():
            if key.name == name:
                return await self._store.key_uses.of_key(key.id, limit)
        return None

    async def revoke(self, name: str, *, by: Actor) -> bool:
        """False: no such key, or revoked already."""
        running = {key.name for key in await self._store.keys.services() if key.revoked_at is None}
        if name not in running:
            return False
        async with self._audit.doing(by, "service_key.revoked", name):
            return await self._store.keys.revoke_service(name, self._clock.now())


def _shown(key: ServiceKey) -> ShownClient:
    return ShownClient(
        name=key.name,
        last4=key.last4,
        scopes=key.scopes,
        created_at=key.created_at,
        revoked_at=key.revoked_at,
        last_used_at=key.last_used_at,
    )
