"""Going on: a refresh token is replaced by its successor, once."""

import hashlib
from typing import Final

from lingpai.clock import SECOND, Clock
from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import SESSION_INVALID
from lingpai.model import NotRotated, Rotation, RotationRefusal
from lingpai.observe import Metrics, flight, logger
from lingpai.secret import open_under, seal_under
from lingpai.sessions.running import RunningSessions
from lingpai.sessions.tokens import TokenSet, new_refresh_token, token_digest, token_set
from lingpai.storage.port import Store
from lingpai.tokens import Issuer

_PURPOSE: Final = "lingpai refresh successor"
_WHAT: Final[dict[RotationRefusal, Words]] = {
    "unknown": Words("The refresh token is not known.", "refresh token 不存在。"),
    "expired": Words("The session has reached its end.", "会话已到期。"),
    "ended": Words("The session was ended.", "会话已结束。"),
    "reused": Words(
        "The refresh token was used before; its session was ended for safety.",
        "refresh token 曾被使用过，为安全起见会话已结束。",
    ),
}


class Refreshing:
    """Trades refresh tokens for their successors."""

    def __init__(
        self,
        store: Store,
        issuer: Issuer,
        running: RunningSessions,
        clock: Clock,
        metrics: Metrics,
        *,
        grace: int,
    ) -> None:
        """`grace`, in seconds: how long the same client may repeat a refresh whose answer it lost."""
        self._store: Final = store
        self._issuer: Final = issuer
        self._running: Final = running
        self._clock: Final = clock
        self._metrics: Final = metrics
        self._grace: Final = grace * SECOND

    async def refresh(self, token: str, client: str) -> TokenSet:
        """New tokens for the holder of `token`; the old one is dead.

        `client` tells one client from another: the nonce it sent, else its User-Agent. The successor is
        stored sealed under the token it replaces, so that only a holder of the old one can be given it again.
        Raises Problem session_invalid; a reuse ends the session.
        """
        now = self._clock.now()
        new = new_refresh_token()
        outcome = await self._store.sessions.rotate(
            Rotation(
                old_digest=token_digest(token),
                new_digest=token_digest(new),
                successor=seal_under(token.encode("utf-8", "surrogatepass"), new.encode(), _PURPOSE),
                client_tag=hashlib.sha256(client.encode("utf-8", "surrogatepass")).digest()[:16],
                at=now,
                grace=self._grace,
            )
        )
        if isinstance(outcome, NotRotated):
            raise self._refused(outcome, now)
        if outcome.retried:
            opened = open_under(token.encode(), outcome.successor, _PURPOSE)
            if opened is None:
                raise Problem(SESSION_INVALID, facts={"what": _WHAT["unknown"]})
            new = opened.decode()
        self._running.started(outcome.signed_in)
        return token_set(self._issuer, outcome.signed_in, new, now=now, again=outcome.retried)

    def _refused(self, refusal: NotRotated, now: int) -> Problem:
        own = flight()
        if own is not None and refusal.appid is not None:
            own.is_of(refusal.appid, refusal.user_id, refusal.session_id)
        if refusal.why == "reused" and refusal.session_id is not None:
            self._running.ended(refusal.session_id, now)
            self._metrics.sessions_ended.labels("refresh_reuse").inc()
            logger().warning(
                "refresh_token_reused",
                session_id=refusal.session_id,
                user_id=refusal.user_id,
                app=refusal.appid,
            )
        return Problem(SESSION_INVALID, facts={"what": _WHAT[refusal.why]}, private=refusal.why)
