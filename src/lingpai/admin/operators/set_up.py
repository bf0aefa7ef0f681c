"""Setting oneself up by the link that an operator was sent: a passkey, or a password with an authenticator app."""

from typing import Any, Final

import msgspec

from lingpai.admin.audit import AuditLog
from lingpai.admin.operators.passkeys import Ceremony, Passkeys
from lingpai.admin.operators.passwords import Passwords
from lingpai.admin.operators.recovery import code_digest, new_codes
from lingpai.admin.operators.sessions import Client, actor_of
from lingpai.admin.operators.steps import Steps
from lingpai.admin.operators.totp import matching_step, new_seed, seed_text, seed_uri
from lingpai.clock import Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue_operators import CODE_WRONG, PASSKEY_REFUSED, SET_UP_LINK_INVALID
from lingpai.model import Operator, OperatorStep, totp_identity
from lingpai.secret import Sealer, Secret
from lingpai.storage.port import Store


class Offer(msgspec.Struct, frozen=True):
    """What somebody who sets themselves up is shown."""

    operator: Operator
    seed: str
    """For the authenticator app, in groups of four."""
    uri: str
    """The same as a QR code has it."""

    def __repr__(self) -> str:
        return "Offer(…)"


class SettingUp:
    """From the link to the first way in."""

    def __init__(
        self, store: Store, sealer: Sealer, clock: Clock, *, passwords: Passwords, passkeys: Passkeys
    ) -> None:
        self._store: Final = store.operators
        self._sealer: Final = sealer
        self._clock: Final = clock
        self._passwords: Final = passwords
        self._passkeys: Final = passkeys
        self._steps: Final = Steps(store, clock)
        self._audit: Final = AuditLog(store, clock)

    async def open(self, link: Secret, client: Client) -> Secret:
        """Use the link up; a token for the next half hour, in this browser. Raises Problem set_up_link_invalid.

        Who finds the link used knows that somebody else had it.
        """
        step = await self._steps.look(link, "link")
        operator = await self._of(step)
        if step is None or operator is None or not await self._steps.take(step):
            raise Problem(SET_UP_LINK_INVALID)
        await self._audit.note(actor_of(operator), "operator.link_used", operator.id, address=client.address)
        seed = self._sealer.seal(new_seed(), totp_identity(operator.id))
        return await self._steps.make("set_up", operator.id, seed)

    async def offer(self, token: Secret | None) -> Offer:
        """Who it is, and a seed for the app: the same one for as long as the token lives.

        Raises Problem set_up_link_invalid.
        """
        step, operator = await self._begun(token)
        await self._sealer.prepare(step.challenge)
        seed = self._sealer.open(step.challenge or b"", totp_identity(operator.id))
        return Offer(operator, seed_text(seed), seed_uri(seed, operator.name))

    async def by_password(
        self, token: Secret | None, password: Secret, code: str
    ) -> tuple[Operator, list[Secret]]:
        """A password and the first code of the app; the operator and the recovery codes, which are shown this once.

        Raises Problem set_up_link_invalid, password_weak, code_wrong.
        """
        step, operator = await self._begun(token)
        await self._sealer.prepare(step.challenge)
        seed = self._sealer.open(step.challenge or b"", totp_identity(operator.id))
        used = matching_step(seed, "".join(code.split()), self._clock.now())
        if used is None:
            raise Problem(CODE_WRONG)
        hashed = await self._passwords.hashed(password, operator.name)
        if not await self._steps.take(step):
            raise Problem(SET_UP_LINK_INVALID)
        codes = new_codes()
        async with self._audit.doing(actor_of(operator), "operator.password_set", operator.id):
            await self._store.put_password(operator.id, hashed, step.challenge or b"", used)
            await self._store.put_codes(operator.id, digests_of(codes))
        return operator, codes

    async def begin_passkey(self, token: Secret | None) -> Ceremony:
        """Ask for a passkey. Raises Problem set_up_link_invalid."""
        _, operator = await self._begun(token)
        return await self._passkeys.begin_registration(operator)

    async def by_passkey(
        self, token: Secret | None, ceremony: Secret, credential: dict[str, Any], name: str
    ) -> Operator:
        """The first passkey. Raises Problem set_up_link_invalid, passkey_refused."""
        step, operator = await self._begun(token)
        passkey = await self._passkeys.registered(operator, ceremony, credential, name)
        if passkey is None:
            raise Problem(PASSKEY_REFUSED)
        if not await self._steps.take(step):
            raise Problem(SET_UP_LINK_INVALID)
        async with self._audit.doing(
            actor_of(operator), "operator.passkey_added", operator.id, passkey=passkey.name
        ):
            if not await self._passkeys.keep(passkey):
                raise Problem(PASSKEY_REFUSED)
        return operator

    async def _begun(self, token: Secret | None) -> tuple[OperatorStep, Operator]:
        step = await self._steps.look(token, "set_up")
        operator = await self._of(step)
        if step is None or operator is None:
            raise Problem(SET_UP_LINK_INVALID)
        return step, operator

    async def _of(self, step: OperatorStep | None) -> Operator | None:
        if step is None or step.operator_id is None:
            return None
        operator = await self._store.get(step.operator_id)
        return operator if operator is not None and operator.disabled_at is None else None


def digests_of(codes: list[Secret]) -> list[bytes]:
    """What is stored of recovery codes."""
    return [digest for code in codes if (digest := code_digest(code.reveal())) is not None]
