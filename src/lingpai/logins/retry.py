"""The same client asks again: a login whose answer was lost is given once more, to nobody else.

What may be given again is sealed under a key derived from the code and the client's nonce, so that
neither who reads the database nor who saw only the code can fetch the session.
"""

from typing import Final

from lingpai.clock import MINUTE, Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue import CODE_USED, RESTART_LOGIN
from lingpai.model import Attempt
from lingpai.secret import open_under, seal_under
from lingpai.sessions import RunningSessions, TokenSet, token_digest, token_set
from lingpai.storage.port import Store
from lingpai.tokens import Issuer

RETRY_WINDOW: Final = 5 * MINUTE
"""As long as the code itself would have lived."""

_PURPOSE: Final = "lingpai login retry"


def retry_key(code: str, nonce: str) -> bytes:
    """What only the client of this login knows."""
    return f"{len(code)}:{code}{nonce}".encode()


def seal_result(key: bytes, refresh_token: str) -> bytes:
    """What is stored for a retry."""
    return seal_under(key, refresh_token.encode(), _PURPOSE)


class Retrying:
    """Answers a login whose code has been spent."""

    def __init__(self, store: Store, issuer: Issuer, running: RunningSessions, clock: Clock) -> None:
        self._store: Final = store
        self._issuer: Final = issuer
        self._running: Final = running
        self._clock: Final = clock

    async def attempt(self, appid: str, code_digest: bytes) -> Attempt | None:
        """The session this code has started, if it has."""
        return await self._store.logins.attempt(appid, code_digest)

    async def again(self, attempt: Attempt, key: bytes | None) -> TokenSet:
        """The session of `attempt`, for the client that knows its nonce.

        Raises Problem code_used for anybody else, restart_login when the session has moved on.
        """
        opened = None
        if key is not None and attempt.sealed_result is not None:
            opened = open_under(key, attempt.sealed_result, _PURPOSE)
        now = self._clock.now()
        if opened is None or now - attempt.at > RETRY_WINDOW:
            raise Problem(CODE_USED)
        refresh_token = opened.decode()
        signed_in = await self._store.sessions.by_refresh(token_digest(refresh_token))
        if signed_in is None or signed_in.session.ended_at is not None:
            raise Problem(RESTART_LOGIN)
        self._running.started(signed_in)
        return token_set(self._issuer, signed_in, refresh_token, now=now, is_new=attempt.is_new, again=True)
