"""The register of operators: who there is, what they may do, and the links by which they set themselves up."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from lingpai.admin.audit import AuditLog
from lingpai.admin.operators.lockout import Lockout
from lingpai.admin.operators.steps import Steps
from lingpai.clock import Clock
from lingpai.ids import new_id
from lingpai.model import ROLES, Actor, Operator, Role
from lingpai.secret import Secret, random_bytes
from lingpai.storage.port import Store

SET_UP: Final = "/console/sign-in/set-up"
_NAME: Final = re.compile(r"[^\W_](?:[\w.@-]{0,62}[^\W_])?")


class OperatorInvalidError(ValueError):
    """What was given cannot be an operator; the message says why."""


class ShownOperator(msgspec.Struct, frozen=True, kw_only=True):
    """An operator as people may see them."""

    id: str
    name: str
    roles: tuple[Role, ...]
    created_at: int
    disabled_at: int | None
    locked_until: int | None
    """After five failures in a quarter of an hour."""
    password: bool
    passkeys: int
    """Without a password and without passkeys the set-up link was not used yet."""
    sessions: int


class OperatorsAdmin:
    """Adds operators, changes them, lets them go."""

    def __init__(self, store: Store, clock: Clock, *, public_url: str) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._steps: Final = Steps(store, clock)
        self._lockout: Final = Lockout(store, clock)
        self._audit: Final = AuditLog(store, clock)
        self._public_url: Final = public_url

    async def all(self) -> list[ShownOperator]:
        """By name."""
        return [await self._shown(operator) for operator in await self._store.operators.all()]

    async def get(self, name: str) -> ShownOperator | None:
        """By name or id."""
        operator = await self._named(name)
        return None if operator is None else await self._shown(operator)

    async def add(self, name: str, roles: Sequence[str], *, by: Actor) -> tuple[ShownOperator, Secret]:
        """Make an operator, who has no way in but the link that is returned here, once: 24 hours, one use.

        Raises OperatorInvalidError; TakenError for `name`.
        """
        if not _NAME.fullmatch(name):
            raise OperatorInvalidError(
                "a name has 1 to 64 letters, digits, dots, hyphens, underscores and @, with a letter or digit at both ends"
            )
        now = self._clock.now()
        operator = Operator(
            id=new_id("opr", now, random_bytes(10)), name=name, roles=_roles(roles), created_at=now
        )
        async with self._audit.doing(
            by, "operator.added", operator.id, name=name, roles=" ".join(operator.roles)
        ):
            await self._store.operators.add(operator)
        return await self._shown(operator), await self._link(operator)

    async def put_roles(self, name: str, roles: Sequence[str], *, by: Actor) -> ShownOperator | None:
        """Replace the roles; they count from the next request on. None: no such operator.

        Raises OperatorInvalidError.
        """
        new = _roles(roles)
        operator = await self._named(name)
        if operator is None:
            return None
        told = {"name": operator.name, "roles": " ".join(new)}
        async with self._audit.doing(by, "operator.roles_changed", operator.id, **told):
            await self._store.operators.put_roles(operator.id, new)
        return await self.get(operator.id)

    async def disable(self, name: str, *, by: Actor) -> ShownOperator | None:
        """Let the operator in no more, by session or key, from now on. None: no such operator."""
        return await self._disabled(name, "operator.disabled", self._clock.now(), by)

    async def enable(self, name: str, *, by: Actor) -> ShownOperator | None:
        """Let the operator in again. None: no such operator."""
        return await self._disabled(name, "operator.enabled", None, by)

    async def reset(self, name: str, *, by: Actor) -> tuple[ShownOperator, Secret] | None:
        """Take every way in and revoke the keys; a new link, shown once. None: no such operator."""
        operator = await self._named(name)
        if operator is None:
            return None
        async with self._audit.doing(by, "operator.reset", operator.id, name=operator.name):
            await self._store.operators.reset(operator.id, self._clock.now())
            # The failures may have been somebody else's; the new link is enough of a proof.
            await self._lockout.forget(operator.name)
        return await self._shown(operator), await self._link(operator)

    async def remove(self, name: str, *, by: Actor) -> bool:
        """Forget an operator. What they did stays in the audit log. False: no such operator."""
        operator = await self._named(name)
        if operator is None:
            return False
        async with self._audit.doing(by, "operator.removed", operator.id, name=operator.name):
            return await self._store.operators.remove(operator.id)

    async def _disabled(self, name: str, action: str, at: int | None, by: Actor) -> ShownOperator | None:
        operator = await self._named(name)
        if operator is None:
            return None
        async with self._audit.doing(by, action, operator.id, name=operator.name):
            await self._store.operators.put_disabled(operator.id, at)
        return await self.get(operator.id)

    async def _link(self, operator: Operator) -> Secret:
        """The token stands behind `#`: browsers send that to nobody, so it is in no log on the way."""
        token = await self._steps.make("link", operator.id)
        return Secret(f"{self._public_url}{SET_UP}#{token.reveal()}")

    async def _named(self, name: str) -> Operator | None:
        operators = self._store.operators
        return await operators.by_name(name) or await operators.get(name)

    async def _shown(self, operator: Operator) -> ShownOperator:
        return ShownOperator(
            id=operator.id,
            name=operator.name,
            roles=operator.roles,
            created_at=operator.created_at,
            disabled_at=operator.disabled_at,
            locked_until=await self._lockout.locked_until(operator.name),
            password=operator.password_hash is not None,
            passkeys=len(await self._store.operators.passkeys(operator.id)),
            sessions=len(await self._store.operator_sessions.of_operator(operator.id)),
        )


def _roles(given: Sequence[str]) -> tuple[Role, ...]:
    unknown = [role for role in given if role not in ROLES]
    if unknown or not given:
        raise OperatorInvalidError(f"a role is one of {', '.join(ROLES)}")
    return tuple(role for role in ROLES if role in given)
