"""The session_keys of a person at an app: the ring we hold, and which of them WeChat has in force."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from lingpai.clock import Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue_open_data import SESSION_KEY_STALE
from lingpai.keeper import HeldApp, TokenCalls
from lingpai.model import NewSessionKey, SignedIn, session_key_identity
from lingpai.observe import logger
from lingpai.secret import SealBrokenError, Sealer, Secret
from lingpai.storage.port import Store
from lingpai.wechat import Errcode
from lingpai.wechat.crypto import session_key_signature
from lingpai.wechat.endpoints.wxa import WXA_CHECKSESSION, WXA_RESETUSERSESSIONKEY, SessionKeyRequest

RING: Final = 3
"""Keys on a full ring."""

_REMEMBERED: Final = 4_096
_ASK_AGAIN: Final = 30.0
_NOT_IN_FORCE: Final = frozenset({Errcode.SESSION_KEY_EXPIRED, Errcode.INVALID_SIGNATURE})


class SessionKeys:
    """Opens rings, asks WeChat about keys, replaces keys."""

    def __init__(self, store: Store, sealer: Sealer, calls: TokenCalls, clock: Clock) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._calls: Final = calls
        self._clock: Final = clock
        self._answers: OrderedDict[tuple[str, str, bytes], tuple[float, bool]] = OrderedDict()

    async def ring(self, who: SignedIn) -> list[Secret]:
        """The keys we hold of this person at this app, newest first. Raises StorageUnavailableError."""
        appid, openid = who.session.appid, who.session.openid
        identity = session_key_identity(appid, openid)
        keys: list[Secret] = []
        rows = await self._store.sessions.session_keys(appid, openid)
        await self._sealer.prepare(*(row.sealed for row in rows))
        for row in rows:
            try:
                keys.append(Secret(self._sealer.open(row.sealed, identity).decode()))
            except SealBrokenError:
                logger().error("session_key_unreadable", app=appid, user_id=who.session.user_id)
        return keys

    async def valid(self, app: HeldApp, who: SignedIn) -> bool:
        """Whether WeChat has the newest key we hold in force. Raises Problem wechat_*."""
        ring = await self.ring(who)
        return bool(ring) and await self._asked(app, who, ring[0])

    async def in_force(self, app: HeldApp, who: SignedIn, key: Secret) -> bool:
        """As `valid`, for one key, asked at most twice a minute; False while WeChat cannot be asked."""
        name = (who.session.appid, who.session.openid, self._sealer.fingerprint(key.reveal().encode()))
        now = self._clock.monotonic()
        known = self._answers.get(name)
        if known is not None and now - known[0] < _ASK_AGAIN:
            return known[1]
        try:
            answer = await self._asked(app, who, key)
        except Problem:
            answer = False
        if len(self._answers) >= _REMEMBERED:
            self._answers.popitem(last=False)
        self._answers[name] = (now, answer)
        return answer

    async def reset(self, app: HeldApp, who: SignedIn) -> None:
        """Have WeChat replace the key; the new one goes on the ring. Raises Problem session_key_stale, wechat_*."""
        ring = await self.ring(who)
        if not ring:
            raise Problem(SESSION_KEY_STALE)
        try:
            told = await self._calls.call(WXA_RESETUSERSESSIONKEY, _about(who, ring[0]), app)
        except Problem as refusal:
            if _says_not_in_force(refusal):
                raise Problem(SESSION_KEY_STALE, wechat=refusal.wechat) from None
            raise
        key = told.session_key.encode()
        appid, openid = who.session.appid, who.session.openid
        sealed = self._sealer.seal(key, session_key_identity(appid, openid))
        new = NewSessionKey(fingerprint=self._sealer.fingerprint(key), sealed=sealed)
        await self._store.sessions.push_session_key(appid, openid, new, self._clock.now())

    async def _asked(self, app: HeldApp, who: SignedIn, key: Secret) -> bool:
        try:
            await self._calls.call(WXA_CHECKSESSION, _about(who, key), app)
        except Problem as refusal:
            if _says_not_in_force(refusal):
                return False
            raise
        return True


def _about(who: SignedIn, key: Secret) -> Callable[[str], SessionKeyRequest]:
    """The question about one key, once an access_token is at hand."""

    def ask(access_token: str) -> SessionKeyRequest:
        signature = session_key_signature(key.reveal())
        return SessionKeyRequest(access_token=access_token, openid=who.session.openid, signature=signature)

    return ask


def _says_not_in_force(refusal: Problem) -> bool:
    return refusal.wechat is not None and refusal.wechat.errcode in _NOT_IN_FORCE
