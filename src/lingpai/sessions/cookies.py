"""Sessions that a browser holds as a cookie: the cookie is looked up, and followed like any session."""

from collections import OrderedDict
from typing import Final

from lingpai.clock import SECOND, Clock
from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import SESSION_INVALID
from lingpai.sessions.running import RunningSessions
from lingpai.sessions.tokens import token_digest
from lingpai.storage.port import Store
from lingpai.tokens import AccessClaims, Issuer

_KEPT: Final = 4_096
_KEPT_SECONDS: Final = 30.0
_OVER: Final = Words("The session of this browser is over.", "此浏览器的会话已结束。")


class CookieSessions:
    """Whose cookie it is. It holds the session's refresh token, which is never rotated while it is a cookie."""

    def __init__(self, store: Store, running: RunningSessions, issuer: Issuer, clock: Clock) -> None:
        self._store: Final = store
        self._running: Final = running
        self._issuer: Final = issuer
        self._clock: Final = clock
        self._known: Final[OrderedDict[bytes, tuple[float, AccessClaims]]] = OrderedDict()

    async def check(self, cookie: str) -> AccessClaims:
        """What an access token of this session would say. At most 30 s old, but an end is seen at once.

        Raises Problem session_invalid, storage_unavailable; StorageUnavailableError.
        """
        digest = token_digest(cookie)
        now = self._clock.monotonic()
        kept = self._known.get(digest)
        if kept is None or now - kept[0] >= _KEPT_SECONDS:
            kept = now, await self._read(digest)
            if len(self._known) >= _KEPT:
                self._known.popitem(last=False)
            self._known[digest] = kept
        claims = kept[1]
        if claims.exp * SECOND <= self._clock.now():
            raise Problem(SESSION_INVALID, facts={"what": _OVER})
        return self._running.vouched(claims)

    async def _read(self, digest: bytes) -> AccessClaims:
        signed_in = await self._store.sessions.by_refresh(digest)
        if signed_in is None or signed_in.session.ended_at is not None:
            raise Problem(SESSION_INVALID, facts={"what": _OVER})
        self._running.started(signed_in)
        session = signed_in.session
        return AccessClaims(
            iss=self._issuer.issuer,
            aud=session.appid,
            sub=session.user_id,
            client_id=session.appid,
            sid=session.id,
            jti=session.id,
            iat=session.created_at // SECOND,
            exp=session.expires_at // SECOND,
        )
