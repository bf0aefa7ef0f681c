"""Keys with which programs act for an operator at `/v1/admin`. Shown once, stored as SHA-256."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from lingpai.admin.audit import AuditLog
from lingpai.admin.operators.registry import OperatorInvalidError
from lingpai.admin.operators.steps import token_digest
from lingpai.clock import DAY, MINUTE, Clock
from lingpai.ids import new_id
from lingpai.model import PERMISSIONS, Actor, Operator, OperatorKey, Permission
from lingpai.secret import Secret, random_bytes, random_token
from lingpai.storage.port import Store

KEY_PREFIX: Final = "lpo_"
LONGEST_DAYS: Final = 366
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ORDER: Final[tuple[Permission, ...]] = ("look", "run", "secure")


class ShownOperatorKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as people may see it."""

    operator: str
    name: str
    last4: str
    permissions: tuple[Permission, ...]
    created_at: int
    expires_at: int
    revoked_at: int | None
    last_used_at: int | None
    """Give or take a minute."""


class KeyHolder(msgspec.Struct, frozen=True):
    """Who acts by a key, and what they may do now."""

    actor: Actor
    permissions: frozenset[Permission]


class OperatorKeys:
    """The keys of the database."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._audit: Final = AuditLog(store, clock)

    async def all(self, operator_id: str | None = None) -> list[ShownOperatorKey]:
        """Of one operator or of all, also the revoked ones."""
        names = {operator.id: operator.name for operator in await self._store.operators.all()}
        keys = await self._store.operator_sessions.keys(operator_id)
        return [_shown(key, names.get(key.operator_id, key.operator_id)) for key in keys]

    async def add(
        self, operator_name: str, name: str, permissions: Sequence[str], *, days: int, by: Actor
    ) -> tuple[ShownOperatorKey, Secret] | None:
        """Make a key; its secret is returned here and never again. None: no such operator.

        Raises OperatorInvalidError for permissions that the operator does not have; TakenError for `name`.
        """
        operator = await self._operator(operator_name)
        if operator is None:
            return None
        if not _NAME.fullmatch(name):
            raise OperatorInvalidError("a name has 1 to 64 letters, digits, dots, hyphens, underscores")
        if not 1 <= days <= LONGEST_DAYS:
            raise OperatorInvalidError(f"a key lives 1 to {LONGEST_DAYS} days")
        given = _permissions(permissions, operator)
        now = self._clock.now()
        secret = Secret(random_token(KEY_PREFIX))
        key = OperatorKey(
            id=new_id("opk", now, random_bytes(10)),
            operator_id=operator.id,
            name=name,
            digest=token_digest(secret),
            last4=secret.last4,
            permissions=given,
            created_at=now,
            expires_at=now + days * DAY,
        )
        told = {"key": name, "permissions": " ".join(given), "last4": key.last4, "days": str(days)}
        async with self._audit.doing(by, "operator_key.added", operator.id, **told):
            await self._store.operator_sessions.add_key(key)
        return _shown(key, operator.name), secret

    async def revoke(self, operator_name: str, name: str, *, by: Actor) -> bool:
        """Refuse a key from now on. False: no such key, or revoked already."""
        operator = await self._operator(operator_name)
        if operator is None:
            return False
        running = await self._store.operator_sessions.keys(operator.id)
        if not any(key.name == name and key.revoked_at is None for key in running):
            return False
        async with self._audit.doing(by, "operator_key.revoked", operator.id, key=name):
            return await self._store.operator_sessions.revoke_key(operator.id, name, self._clock.now())

    async def check(self, secret: Secret) -> KeyHolder | None:
        """Who holds the key. None: unknown, revoked, expired, or its operator is disabled.

        What the operator has lost since the key was made the key has lost, too.
        """
        if not secret.reveal().startswith(KEY_PREFIX):
            return None
        key = await self._store.operator_sessions.key(token_digest(secret))
        now = self._clock.now()
        if key is None or key.revoked_at is not None or key.expires_at <= now:
            return None
        operator = await self._store.operators.get(key.operator_id)
        if operator is None or operator.disabled_at is not None:
            return None
        if key.last_used_at is None or now - key.last_used_at >= MINUTE:
            await self._store.operator_sessions.note_key(key.id, now)
        return KeyHolder(
            Actor("operator", operator.id, f"{operator.name} ({key.name})"),
            operator.permissions & frozenset(key.permissions),
        )

    async def _operator(self, name: str) -> Operator | None:
        operators = self._store.operators
        return await operators.by_name(name) or await operators.get(name)


def _permissions(given: Sequence[str], operator: Operator) -> tuple[Permission, ...]:
    unknown = [permission for permission in given if permission not in PERMISSIONS]
    if unknown or not given:
        raise OperatorInvalidError(f"a permission is one of {', '.join(_ORDER)}")
    missing = [permission for permission in given if permission not in operator.permissions]
    if missing:
        raise OperatorInvalidError(f"{operator.name} does not have the permission {missing[0]}")
    return tuple(permission for permission in _ORDER if permission in given)


def _shown(key: OperatorKey, operator: str) -> ShownOperatorKey:
    return ShownOperatorKey(
        operator=operator,
        name=key.name,
        last4=key.last4,
        permissions=key.permissions,
        created_at=key.created_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        last_used_at=key.last_used_at,
    )
