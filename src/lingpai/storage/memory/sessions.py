"""Sessions in memory."""

from typing import Final

from msgspec.structs import replace

from lingpai.model import (
    EndReason,
    NewSessionKey,
    NotRotated,
    Rotated,
    Rotation,
    Session,
    SessionKey,
    SignedIn,
)
from lingpai.storage.memory.fitting import fit
from lingpai.storage.memory.tables import Tables, Token
from lingpai.storage.port import TakenError
from lingpai.storage.rotation import UsedToken, judge


class MemorySessions:
    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def get(self, session_id: str) -> SignedIn | None:
        session = self._tables.sessions.get(session_id)
        return None if session is None else self._signed_in(session)

    async def by_refresh(self, digest: bytes) -> SignedIn | None:
        token = self._tables.tokens.get(digest)
        if token is None or token.used_at is not None:
            return None
        return await self.get(token.session_id)

    async def rotate(self, rotation: Rotation) -> Rotated | NotRotated:
        fit(rotation)
        tokens = self._tables.tokens
        token = tokens.get(rotation.old_digest)
        if token is None:
            return NotRotated(why="unknown")
        session = self._tables.sessions[token.session_id]
        verdict = judge(rotation, session, self._use_of(token))
        if verdict == "rotate":
            if rotation.new_digest in tokens:
                raise TakenError("digest")
            tokens[rotation.new_digest] = Token(session_id=session.id)
            token.used_at = rotation.at
            token.client_tag = rotation.client_tag
            token.successor = rotation.successor
            token.successor_digest = rotation.new_digest
        if verdict == "rotate" or verdict == "repeat":  # noqa: PLR1714 - the type checker follows this form
            return Rotated(
                signed_in=self._signed_in(session), successor=token.successor, retried=verdict == "repeat"
            )
        if verdict == "reused":
            self._end(session, "refresh_reuse", rotation.at)
        return NotRotated(why=verdict, session_id=session.id, user_id=session.user_id, appid=session.appid)

    async def end(self, session_id: str, reason: EndReason, at: int) -> bool:
        session = self._tables.sessions.get(session_id)
        if session is None or not _running(session, at):
            return False
        self._end(session, reason, at)
        return True

    async def end_all(self, user_id: str, reason: EndReason, at: int) -> list[str]:
        user_id = self._tables.meant(user_id)
        own = [session for session in self._tables.sessions.values() if session.user_id == user_id]
        over = [session for session in own if _running(session, at)]
        for session in over:
            self._end(session, reason, at)
        for key, identity in self._tables.identities.items():
            if identity.user_id == user_id:
                self._tables.rings.pop(key, None)
        return sorted(session.id for session in over)

    async def ended_since(self, at: int) -> list[tuple[str, int]]:
        ended = [(session.ended_at, session.id) for session in self._tables.sessions.values()]
        ended += [(when, session_id) for session_id, when in self._tables.erased_sessions.items()]
        return [
            (name, when) for when, name in sorted((w, n) for w, n in ended if w is not None) if when >= at
        ]

    async def of_user(self, user_id: str, limit: int | None = None) -> list[Session]:
        user = self._tables.meant(user_id)
        return [session for session in self._newest_first() if session.user_id == user][:limit]

    async def recent(self, limit: int) -> list[Session]:
        return self._newest_first()[:limit]

    async def count_running(self, at: int) -> int:
        return sum(_running(session, at) for session in self._tables.sessions.values())

    async def session_keys(self, appid: str, openid: str) -> list[SessionKey]:
        return list(self._tables.rings.get((appid, openid), []))

    async def push_session_key(self, appid: str, openid: str, key: NewSessionKey, at: int) -> None:
        fit(key)
        self._tables.push(appid, openid, key, at)

    def _newest_first(self) -> list[Session]:
        return sorted(self._tables.sessions.values(), key=lambda session: session.id, reverse=True)

    def _signed_in(self, session: Session) -> SignedIn:
        identity = self._tables.identities[session.appid, session.openid]
        return SignedIn(session=session, user=self._tables.users[session.user_id], unionid=identity.unionid)

    def _use_of(self, token: Token) -> UsedToken | None:
        if token.used_at is None:
            return None
        successor = self._tables.tokens[token.successor_digest]
        return UsedToken(token.used_at, token.client_tag, successor.used_at is not None)

    def _end(self, session: Session, reason: EndReason, at: int) -> None:
        self._tables.sessions[session.id] = replace(session, ended_at=at, end_reason=reason)


def _running(session: Session, at: int) -> bool:
    return session.ended_at is None and session.expires_at > at
