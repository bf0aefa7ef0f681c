"""Operators who are signed in: twelve hours at most, thirty minutes without a request; checked on every request."""

import hashlib
import hmac
from typing import Final

import msgspec
from msgspec.structs import replace

from lingpai.admin.operators.steps import token_digest
from lingpai.clock import HOUR, MINUTE, SECOND, Clock
from lingpai.ids import new_id
from lingpai.model import Actor, Operator, OperatorSession
from lingpai.secret import Secret, random_bytes, random_token
from lingpai.storage.port import Store

ABSOLUTE: Final = 12 * HOUR
IDLE: Final = 30 * MINUTE
FRESH: Final = 5 * MINUTE
"""How long a factor that was shown counts for actions that need it fresh."""
SESSION_PREFIX: Final = "lpc_"


class Client(msgspec.Struct, frozen=True):
    """Where a request comes from."""

    user_agent: str
    address: str


class SignedInOperator(msgspec.Struct, frozen=True):
    """Who asks, by which session."""

    operator: Operator
    session: OperatorSession
    csrf: str
    """Goes into every form of this session; made from the token, which no page has."""

    @property
    def actor(self) -> Actor:
        """As the audit log has them."""
        return actor_of(self.operator)


class ConsoleSessions:
    """Sessions of the console."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store: Final = store
        self._sessions: Final = store.operator_sessions
        self._clock: Final = clock

    async def start(self, operator: Operator, client: Client) -> Secret:
        """A new session; its token."""
        now = self._clock.now()
        token = Secret(random_token(SESSION_PREFIX))
        await self._sessions.add(
            OperatorSession(
                digest=token_digest(token),
                id=new_id("ops", now, random_bytes(10)),
                operator_id=operator.id,
                created_at=now,
                seen_at=now,
                proven_at=now,
                user_agent=client.user_agent,
                address=client.address[:64],
            )
        )
        return token

    async def check(self, token: Secret | None) -> SignedInOperator | None:
        """Who holds the token. None: nobody any more. The request counts as a sign of life."""
        if token is None:
            return None
        session = await self._sessions.get(token_digest(token))
        if session is None:
            return None
        now = self._clock.now()
        if now >= session.created_at + ABSOLUTE or now >= session.seen_at + IDLE:
            await self._sessions.end(session.operator_id, session.id)
            return None
        operator = await self._store.operators.get(session.operator_id)
        if operator is None or operator.disabled_at is not None:
            return None
        if now - session.seen_at >= SECOND:
            await self._sessions.touch(session.digest, now)
        return SignedInOperator(operator, session, _csrf(token))

    def fresh(self, signed_in: SignedInOperator) -> bool:
        """Whether a factor was shown a moment ago."""
        return self._clock.now() < signed_in.session.proven_at + FRESH

    async def renew(self, signed_in: SignedInOperator) -> Secret | None:
        """A factor was shown again: the same session by a new token. None: it has ended meanwhile."""
        token = Secret(random_token(SESSION_PREFIX))
        now = self._clock.now()
        new = replace(signed_in.session, digest=token_digest(token), seen_at=now, proven_at=now)
        return token if await self._sessions.replace(signed_in.session.digest, new) else None

    async def end(self, signed_in: SignedInOperator, session_id: str) -> bool:
        """End a session of the same operator. False: there is none such."""
        return await self._sessions.end(signed_in.operator.id, session_id)

    async def end_all(self, operator_id: str, *, but: OperatorSession | None = None) -> int:
        """End every session of an operator, except one; how many there were."""
        return await self._sessions.end_all(operator_id, but=None if but is None else but.digest)


def actor_of(operator: Operator) -> Actor:
    """An operator as the audit log has them."""
    return Actor("operator", operator.id, operator.name)


def _csrf(token: Secret) -> str:
    return hmac.new(token.reveal().encode(), b"lingpai console csrf", hashlib.sha256).hexdigest()
