"""Which sessions still run: an access token is good only while its session is."""

from collections import OrderedDict
from typing import Final

from lingpai.clock import SECOND, Clock
from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import SESSION_INVALID, STORAGE_UNAVAILABLE
from lingpai.model import SignedIn
from lingpai.storage.port import StorageUnavailableError, Store
from lingpai.tokens import AccessClaims, Issuer, TokenInvalidError

_OVERLAP: Final = 10 * SECOND
_VIEWS: Final = 4_096
_VIEW_SECONDS: Final = 30.0

_MISSING: Final = Words("The request carries no access token.", "请求没有携带访问令牌。")
_EXPIRED: Final = Words("The access token has expired.", "访问令牌已过期。")
_NOT_OURS: Final = Words("The access token is not one of this server.", "访问令牌不是本服务器签发的。")
_ENDED: Final = Words("The session was ended.", "会话已结束。")


class RunningSessions:
    """Checks access tokens against the ends of sessions, which it follows in memory.

    An end made here is seen at once; one made by another process on the same database within the
    interval of `follow`. When the database has not been seen for `stalest` seconds, nobody is
    vouched for any more.
    """

    def __init__(self, store: Store, issuer: Issuer, clock: Clock, *, stalest: float = 5.0) -> None:
        self._store: Final = store
        self._issuer: Final = issuer
        self._clock: Final = clock
        self._stalest: Final = stalest
        self._ended: dict[str, int] = {}
        self._epoch = 0
        self._views: OrderedDict[str, tuple[float, SignedIn]] = OrderedDict()
        self._followed_to = 0
        self._followed_at = float("-inf")

    def check(self, token: str | None) -> AccessClaims:
        """The claims of a good token of a running session.

        Raises Problem session_invalid, or storage_unavailable when ends cannot be followed.
        """
        if token is None:
            raise Problem(SESSION_INVALID, facts={"what": _MISSING})
        try:
            claims = self._issuer.verify(token)
        except TokenInvalidError as reason:
            what = _EXPIRED if reason.expired else _NOT_OURS
            raise Problem(SESSION_INVALID, facts={"what": what}, private=str(reason)) from None
        return self.vouched(claims)

    def vouched(self, claims: AccessClaims) -> AccessClaims:
        """The claims, if their session has not ended. Raises as `check` does."""
        if claims.sid in self._ended or claims.iat < self._epoch:
            raise Problem(SESSION_INVALID, facts={"what": _ENDED})
        if self._clock.monotonic() - self._followed_at > self._stalest:
            raise Problem(
                STORAGE_UNAVAILABLE, retry_after=1.0, private="the ends of sessions are not followed"
            )
        return claims

    async def view(self, claims: AccessClaims) -> SignedIn:
        """The session and its person, at most 30 s old. Raises Problem session_invalid."""
        now = self._clock.monotonic()
        kept = self._views.get(claims.sid)
        if kept is not None and now - kept[0] < _VIEW_SECONDS:
            return kept[1]
        signed_in = await self._store.sessions.get(claims.sid)
        if signed_in is None or signed_in.session.ended_at is not None:
            raise Problem(SESSION_INVALID, facts={"what": _ENDED})
        self._keep(now, signed_in)
        return signed_in

    def started(self, signed_in: SignedIn) -> None:
        """A session that was just read or written; saves the next check a look-up."""
        self._keep(self._clock.monotonic(), signed_in)

    def joined(self, user_id: str) -> None:
        """A user became another's alias: whoever asks next is told who it is now."""
        for session_id in [sid for sid, (_, view) in self._views.items() if view.user.id == user_id]:
            del self._views[session_id]

    def ended(self, session_id: str, at: int) -> None:
        """A session ended: refuse its access tokens from now on."""
        self._ended[session_id] = at
        self._views.pop(session_id, None)

    async def follow(self) -> None:
        """Learn of the ends since the last time. Called on a timer, and once before the first request.

        Raises StorageUnavailableError.
        """
        now = self._clock.now()
        horizon = now - self._issuer.lifetime * SECOND - _OVERLAP
        for session_id, at in await self._store.sessions.ended_since(max(self._followed_to, horizon)):
            self.ended(session_id, at)
        await self._follow_restores()
        # Commits of other processes may become visible a little out of order.
        self._followed_to = now - _OVERLAP
        self._followed_at = self._clock.monotonic()
        self._ended = {sid: at for sid, at in self._ended.items() if at >= horizon}

    async def _follow_restores(self) -> None:
        """After a backup came back, tokens of before count no more: whose session ended since is not on record."""
        restore = await self._store.restores.latest()
        epoch = 0 if restore is None else restore.at // SECOND
        if epoch != self._epoch:
            self._epoch = epoch
            self._views.clear()

    async def try_follow(self) -> bool:
        """`follow`, telling by the answer whether the database could be asked."""
        try:
            await self.follow()
        except StorageUnavailableError:
            return False
        return True

    def _keep(self, now: float, signed_in: SignedIn) -> None:
        views = self._views
        if len(views) >= _VIEWS:
            views.popitem(last=False)
        views[signed_in.session.id] = (now, signed_in)
