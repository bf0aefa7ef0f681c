"""Where every login ends: one unit of work, then tokens."""

from typing import Final

import msgspec

from lingpai.clock import SECOND, Clock
from lingpai.ids import new_id
from lingpai.keeper import HeldApp
from lingpai.logins.joining import Joining
from lingpai.logins.profile_reading import ProfileReading
from lingpai.logins.retry import seal_result
from lingpai.model import (
    LOGIN_KINDS,
    AttemptKind,
    CommittedLogin,
    NewLogin,
    NewSessionKey,
    ProvenIdentity,
    SignedIn,
    session_key_identity,
)
from lingpai.observe import Flight, flight
from lingpai.secret import Sealer, random_bytes
from lingpai.sessions import RunningSessions, TokenSet, new_refresh_token, token_digest, token_set
from lingpai.storage.port import StorageUnavailableError, Store
from lingpai.tokens import Issuer

_ID_ENTROPY: Final = 10
_SILENT: Final = "snsapi_base"
"""The tokens of this scope open nothing; they are not kept."""


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """The request a login came with, as far as it is remembered."""

    request_id: str
    user_agent: str
    began: float
    """On the monotonic clock."""
    address: str = ""
    """For the limits; it is not stored. Empty: not known, and not counted."""


class Finish:
    """Writes a proven login in one commit and issues its tokens."""

    def __init__(
        self,
        store: Store,
        sealer: Sealer,
        issuer: Issuer,
        running: RunningSessions,
        clock: Clock,
        *,
        joining: Joining,
        profiles: ProfileReading,
        lifetime: int,
    ) -> None:
        """`lifetime` of a session in seconds."""
        self._store: Final = store
        self._sealer: Final = sealer
        self._issuer: Final = issuer
        self._running: Final = running
        self._joining: Final = joining
        self._profiles: Final = profiles
        self._clock: Final = clock
        self._lifetime: Final = lifetime * SECOND

    async def finish(
        self, app: HeldApp, proven: ProvenIdentity, code_digest: bytes, visit: Visit, retry_key: bytes | None
    ) -> TokenSet:
        """Sign a proven identity in.

        `retry_key` seals what a retry of this login may be given; None allows no retry.
        Raises CodeSpentError, StorageUnavailableError.
        """
        now, began = self._clock.now(), self._clock.monotonic()
        refresh_token = new_refresh_token()
        entropy = random_bytes(3 * _ID_ENTROPY)
        appid = app.app.appid
        own = flight()
        event_id = new_id("evt", now, entropy[-_ID_ENTROPY:])
        committed = await self._committed(
            NewLogin(
                appid=appid,
                openid=proven.openid,
                unionid=proven.unionid,
                open_platform=app.app.open_platform,
                code_digest=code_digest,
                sealed_result=None if retry_key is None else seal_result(retry_key, refresh_token),
                new_user_id=new_id("usr", now, entropy[:_ID_ENTROPY]),
                session_id=new_id("ses", now, entropy[_ID_ENTROPY:-_ID_ENTROPY]),
                session_expires_at=now + self._lifetime,
                refresh_digest=token_digest(refresh_token),
                session_key=self._sealed_key(appid, proven),
                user_agent=visit.user_agent,
                at=now,
                event_id=event_id,
                request_id=visit.request_id,
                duration_ms=round((began - visit.began) * 1000),
                kind=_kind(own),
            )
        )
        if own is not None:
            own.event_id, own.event_at = event_id, now
            self._note(own, committed, began)
        if committed.conflict is not None:
            committed = await self._joining.join(app.app, proven, committed)
        if proven.grant is not None and proven.grant.scope != _SILENT:
            await self._profiles.keep(appid, proven.openid, proven.grant)
        signed_in = SignedIn(session=committed.session, user=committed.user, unionid=committed.unionid)
        self._running.started(signed_in)
        return token_set(self._issuer, signed_in, refresh_token, now=now, is_new=committed.is_new)

    def _note(self, own: Flight, committed: CommittedLogin, began: float) -> None:
        share = committed.share
        waited = 0 if share.taken_at is None else max(0, round((share.taken_at - began) * 1e6))
        own.step("commit", began, own.now(), waited=waited, batch=share.batch)

    async def _committed(self, login: NewLogin) -> CommittedLogin:
        try:
            return await self._store.logins.commit(login)
        except StorageUnavailableError as trouble:
            if not trouble.unknown:
                raise
            # The commit itself failed: unknown is not failed, so look what became of it.
            found = await self._found(login)
            if found is None:
                raise
            return found

    async def _found(self, login: NewLogin) -> CommittedLogin | None:
        attempt = await self._store.logins.attempt(login.appid, login.code_digest)
        if attempt is None or attempt.session_id != login.session_id:
            return None
        signed_in = await self._store.sessions.get(login.session_id)
        if signed_in is None:
            return None
        return CommittedLogin(
            user=signed_in.user,
            is_new=attempt.is_new,
            unionid=signed_in.unionid,
            session=signed_in.session,
        )

    def _sealed_key(self, appid: str, proven: ProvenIdentity) -> NewSessionKey | None:
        if proven.session_key is None:
            return None
        key = proven.session_key.reveal().encode()
        return NewSessionKey(
            fingerprint=self._sealer.fingerprint(key),
            sealed=self._sealer.seal(key, session_key_identity(appid, proven.openid)),
        )


def _kind(own: Flight | None) -> AttemptKind:
    return next((kind for kind in LOGIN_KINDS if own is not None and kind == own.kind), "login")
