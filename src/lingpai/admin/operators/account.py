"""What operators do about themselves: another password, more passkeys, fresh recovery codes, sessions to end."""

from typing import Any, Final

import msgspec

from lingpai.admin.audit import AuditLog
from lingpai.admin.operators.passkeys import Ceremony, Passkeys
from lingpai.admin.operators.passwords import Passwords
from lingpai.admin.operators.recovery import new_codes
from lingpai.admin.operators.sessions import ConsoleSessions, SignedInOperator
from lingpai.admin.operators.set_up import digests_of
from lingpai.admin.operators.steps import Steps
from lingpai.admin.operators.totp import matching_step, new_seed, seed_text, seed_uri
from lingpai.clock import Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue_operators import CODE_WRONG, LAST_WAY_IN, PASSKEY_REFUSED, SIGN_IN_EXPIRED
from lingpai.model import OperatorSession, Passkey, totp_identity
from lingpai.secret import Sealer, Secret
from lingpai.storage.port import Store


class ShownPasskey(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey as its owner may see it."""

    id: str
    """Hex."""
    name: str
    created_at: int
    last_used_at: int | None


class ShownSession(msgspec.Struct, frozen=True, kw_only=True):
    """A browser in which somebody is signed in."""

    id: str
    created_at: int
    seen_at: int
    user_agent: str
    address: str
    this_one: bool


class ShownAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An operator's ways in."""

    password: bool
    codes_left: int
    passkeys: list[ShownPasskey]
    sessions: list[ShownSession]


class NewPassword(msgspec.Struct, frozen=True):
    """A seed that is offered, and the token by which it is known again."""

    token: Secret
    seed: str
    uri: str

    def __repr__(self) -> str:
        return "NewPassword(…)"


class Account:
    """One operator's own affairs. Whoever calls has seen to it that a factor was shown a moment ago."""

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
        self._store: Final = store
        self._sealer: Final = sealer
        self._clock: Final = clock
        self._passwords: Final = passwords
        self._passkeys: Final = passkeys
        self._sessions: Final = sessions
        self._steps: Final = Steps(store, clock)
        self._audit: Final = AuditLog(store, clock)

    async def show(self, who: SignedInOperator) -> ShownAccount:
        """Every way in, and who uses one now."""
        operator = who.operator
        sessions = await self._store.operator_sessions.of_operator(operator.id)
        return ShownAccount(
            password=operator.password_hash is not None,
            codes_left=await self._store.operators.codes_left(operator.id),
            passkeys=[_passkey(each) for each in await self._store.operators.passkeys(operator.id)],
            sessions=[_session(each, who.session) for each in sessions],
        )

    async def offer_password(self, who: SignedInOperator) -> NewPassword:
        """A fresh seed for the authenticator app."""
        seed = new_seed()
        sealed = self._sealer.seal(seed, totp_identity(who.operator.id))
        token = await self._steps.make("set_up", who.operator.id, sealed)
        return NewPassword(token, seed_text(seed), seed_uri(seed, who.operator.name))

    async def offered(self, who: SignedInOperator, token: Secret) -> NewPassword:
        """The same seed once more, after something was mistyped. Raises Problem sign_in_expired."""
        step = await self._steps.look(token, "set_up")
        if step is None or step.operator_id != who.operator.id:
            raise Problem(SIGN_IN_EXPIRED)
        await self._sealer.prepare(step.challenge)
        seed = self._sealer.open(step.challenge or b"", totp_identity(who.operator.id))
        return NewPassword(token, seed_text(seed), seed_uri(seed, who.operator.name))

    async def put_password(
        self, who: SignedInOperator, token: Secret, password: Secret, code: str
    ) -> list[Secret]:
        """A new password and app; every other session ends. Fresh recovery codes, shown this once.

        Raises Problem sign_in_expired, password_weak, code_wrong.
        """
        operator = who.operator
        step = await self._steps.look(token, "set_up")
        if step is None or step.operator_id != operator.id:
            raise Problem(SIGN_IN_EXPIRED)
        await self._sealer.prepare(step.challenge)
        seed = self._sealer.open(step.challenge or b"", totp_identity(operator.id))
        used = matching_step(seed, "".join(code.split()), self._clock.now())
        if used is None:
            raise Problem(CODE_WRONG)
        hashed = await self._passwords.hashed(password, operator.name)
        if not await self._steps.take(step):
            raise Problem(SIGN_IN_EXPIRED)
        codes = new_codes()
        async with self._audit.doing(who.actor, "operator.password_set", operator.id):
            await self._store.operators.put_password(operator.id, hashed, step.challenge or b"", used)
            await self._store.operators.put_codes(operator.id, digests_of(codes))
            await self._sessions.end_all(operator.id, but=who.session)
        return codes

    async def new_codes(self, who: SignedInOperator) -> list[Secret]:
        """Fresh recovery codes; the old ones are void. None without a password: they stand beside it."""
        codes = new_codes() if who.operator.password_hash is not None else []
        async with self._audit.doing(who.actor, "operator.codes_made", who.operator.id):
            await self._store.operators.put_codes(who.operator.id, digests_of(codes))
        return codes

    async def begin_passkey(self, who: SignedInOperator) -> Ceremony:
        """Ask for one more passkey."""
        return await self._passkeys.begin_registration(who.operator)

    async def add_passkey(
        self, who: SignedInOperator, ceremony: Secret, credential: dict[str, Any], name: str
    ) -> None:
        """One more passkey. Raises Problem passkey_refused."""
        passkey = await self._passkeys.registered(who.operator, ceremony, credential, name)
        if passkey is None:
            raise Problem(PASSKEY_REFUSED)
        async with self._audit.doing(
            who.actor, "operator.passkey_added", who.operator.id, passkey=passkey.name
        ):
            if not await self._passkeys.keep(passkey):
                raise Problem(PASSKEY_REFUSED)

    async def remove_passkey(self, who: SignedInOperator, passkey_id: str) -> bool:
        """False: there is none such. Raises Problem last_way_in."""
        operator = who.operator
        known = await self._store.operators.passkeys(operator.id)
        passkey = next((each for each in known if each.id.hex() == passkey_id), None)
        if passkey is None:
            return False
        if operator.password_hash is None and len(known) == 1:
            raise Problem(LAST_WAY_IN)
        async with self._audit.doing(
            who.actor, "operator.passkey_removed", operator.id, passkey=passkey.name
        ):
            return await self._store.operators.remove_passkey(operator.id, passkey.id)

    async def end_session(self, who: SignedInOperator, session_id: str | None = None) -> bool:
        """Sign out, here or in another browser. False: there is no such session."""
        about = who.session.id if session_id is None else session_id
        async with self._audit.doing(who.actor, "operator.signed_out", who.operator.id, session=about):
            return await self._sessions.end(who, about)

    async def end_all(self, who: SignedInOperator) -> None:
        """Sign out everywhere, here too."""
        async with self._audit.doing(who.actor, "operator.signed_out", who.operator.id, session="all"):
            await self._sessions.end_all(who.operator.id)


def _passkey(passkey: Passkey) -> ShownPasskey:
    return ShownPasskey(
        id=passkey.id.hex(),
        name=passkey.name,
        created_at=passkey.created_at,
        last_used_at=passkey.last_used_at,
    )


def _session(session: OperatorSession, this: OperatorSession) -> ShownSession:
    return ShownSession(
        id=session.id,
        created_at=session.created_at,
        seen_at=session.seen_at,
        user_agent=session.user_agent,
        address=session.address,
        this_one=session.id == this.id,
    )
