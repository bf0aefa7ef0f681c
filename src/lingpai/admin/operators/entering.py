"""Signing in at the console, and showing a factor again: every way ends in a session, every failure in the audit log."""

from typing import Any, Final, Literal

import msgspec

from lingpai.admin.audit import THIS_SERVER, AuditLog
from lingpai.admin.operators.lockout import Lockout
from lingpai.admin.operators.passkeys import Ceremony, Passkeys
from lingpai.admin.operators.passwords import Passwords
from lingpai.admin.operators.recovery import code_digest
from lingpai.admin.operators.sessions import Client, ConsoleSessions, SignedInOperator, actor_of
from lingpai.admin.operators.steps import Steps
from lingpai.admin.operators.totp import matching_step
from lingpai.clock import Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue_operators import CONSOLE_SIGN_IN_REFUSED, SIGN_IN_EXPIRED
from lingpai.model import Operator, totp_identity
from lingpai.observe import logger
from lingpai.secret import Sealer, Secret
from lingpai.storage.port import Store

Factor = Literal["password", "totp", "recovery_code", "passkey"]


class Entered(msgspec.Struct, frozen=True):
    """Somebody is in."""

    operator: Operator
    token: Secret
    """Goes into the cookie."""


class Entering:
    """The ways in. A refusal is always the same, whatever was wrong: CONSOLE_SIGN_IN_REFUSED."""

    def __init__(
        self,
        store: Store,
        sealer: Sealer,
        clock: Clock,
        *,
        passwords: Passwords,
        passkeys: Passkeys,
        sessions: ConsoleSessions,
    ) -> None:
        self._store: Final = store.operators
        self._sealer: Final = sealer
        self._clock: Final = clock
        self._passwords: Final = passwords
        self._passkeys: Final = passkeys
        self._sessions: Final = sessions
        self._steps: Final = Steps(store, clock)
        self._lockout: Final = Lockout(store, clock)
        self._audit: Final = AuditLog(store, clock)

    async def password(self, name: str, password: Secret, client: Client) -> Secret:
        """The first factor; a token for the second. Raises Problem console_sign_in_refused.

        A name that nobody has costs as much time as one with a wrong password.
        """
        if not await self._lockout.draw(client.address, name):
            raise await self._refused(client, None, "password", locked=True)
        operator = await self._store.by_name(name)
        known = operator is not None and operator.disabled_at is None
        right = await self._passwords.right(password, operator.password_hash if operator and known else None)
        if operator is None or not right:
            raise await self._refused(client, operator, "password")
        await self._lockout.give_back(client.address, name)
        return await self._steps.make("second_factor", operator.id)

    async def second_factor(self, token: Secret | None, code: str, client: Client) -> Entered:
        """A code of the authenticator app, or a recovery code. Raises Problem sign_in_expired, console_sign_in_refused."""
        step = await self._steps.look(token, "second_factor")
        operator = await self._store.get(step.operator_id or "") if step is not None else None
        if step is None or operator is None or operator.disabled_at is not None:
            raise Problem(SIGN_IN_EXPIRED)
        factor = await self._code(operator, code, client)
        if not await self._steps.take(step):
            raise Problem(SIGN_IN_EXPIRED)
        return await self._in(operator, factor, client)

    async def begin_passkey(self) -> Ceremony:
        """Ask for anybody's passkey."""
        return await self._passkeys.begin_assertion()

    async def passkey(self, token: Secret, credential: dict[str, Any], client: Client) -> Entered:
        """A passkey is both factors at once. Raises Problem console_sign_in_refused."""
        if not await self._lockout.draw(client.address):
            raise await self._refused(client, None, "passkey", locked=True)
        passkey = await self._passkeys.asserted(token, credential)
        operator = await self._store.get(passkey.operator_id) if passkey is not None else None
        if operator is None or operator.disabled_at is not None:
            raise await self._refused(client, operator, "passkey")
        await self._lockout.give_back(client.address)
        return await self._in(operator, "passkey", client)

    async def begin_again(self, signed_in: SignedInOperator) -> Ceremony:
        """Ask for a passkey of who is signed in."""
        return await self._passkeys.begin_assertion(signed_in.operator)

    async def again_by_passkey(
        self, signed_in: SignedInOperator, token: Secret, credential: dict[str, Any], client: Client
    ) -> Secret:
        """Show a factor again. The session's new token. Raises as `passkey` does, and Problem sign_in_expired."""
        operator = signed_in.operator
        if not await self._lockout.draw(client.address):
            raise await self._refused(client, operator, "passkey", locked=True)
        if await self._passkeys.asserted(token, credential, operator) is None:
            raise await self._refused(client, operator, "passkey")
        await self._lockout.give_back(client.address)
        return await self._renewed(signed_in, "passkey")

    async def again_by_code(self, signed_in: SignedInOperator, code: str, client: Client) -> Secret:
        """The same by a code. Raises as `second_factor` does."""
        factor = await self._code(signed_in.operator, code, client)
        return await self._renewed(signed_in, factor)

    async def start(self, operator: Operator, factor: Factor, client: Client) -> Entered:
        """Somebody has just set themselves up, and is in."""
        return await self._in(operator, factor, client)

    async def _code(self, operator: Operator, code: str, client: Client) -> Factor:
        """Use a code up; what kind it was. Raises Problem console_sign_in_refused."""
        if not await self._lockout.draw(client.address, operator.name):
            raise await self._refused(client, operator, "totp", locked=True)
        digest = code_digest(code)
        if digest is not None:
            if not await self._store.use_code(operator.id, digest):
                raise await self._refused(client, operator, "recovery_code")
            await self._lockout.signed_in(client.address, operator.name)
            return "recovery_code"
        if not await self._totp(operator, "".join(code.split())):
            raise await self._refused(client, operator, "totp")
        await self._lockout.signed_in(client.address, operator.name)
        return "totp"

    async def _totp(self, operator: Operator, code: str) -> bool:
        if operator.totp_sealed is None:
            return False
        await self._sealer.prepare(operator.totp_sealed)
        seed = self._sealer.open(operator.totp_sealed, totp_identity(operator.id))
        step = matching_step(seed, code, self._clock.now())
        return step is not None and await self._store.use_totp(operator.id, step)

    async def _in(self, operator: Operator, factor: Factor, client: Client) -> Entered:
        told = {"factor": factor, "address": client.address}
        async with self._audit.doing(actor_of(operator), "operator.signed_in", operator.id, **told):
            return Entered(operator, await self._sessions.start(operator, client))

    async def _renewed(self, signed_in: SignedInOperator, factor: Factor) -> Secret:
        operator = signed_in.operator
        async with self._audit.doing(actor_of(operator), "operator.stepped_up", operator.id, factor=factor):
            token = await self._sessions.renew(signed_in)
        if token is None:
            raise Problem(SIGN_IN_EXPIRED)
        return token

    async def _refused(
        self, client: Client, operator: Operator | None, factor: Factor, *, locked: bool = False
    ) -> Problem:
        """Note the failure. One that was refused for being one too many is logged, not noted: it could fill the log."""
        logger().warning(
            "console_sign_in_refused",
            operator=operator.id if operator else None,
            factor=factor,
            locked=locked,
            address=client.address,
        )
        if not locked:
            about = operator.id if operator else None
            told = {"factor": factor, "address": client.address}
            await self._audit.note(THIS_SERVER, "operator.sign_in_refused", about, **told)
        return Problem(CONSOLE_SIGN_IN_REFUSED)
