"""Logins and users in memory."""

from typing import Final

import msgspec

from lingpai.model import (
    Attempt,
    CommittedLogin,
    Identity,
    LoginEvent,
    NewLogin,
    Resolution,
    Session,
    User,
    resolve,
)
from lingpai.storage.memory.fitting import fit
from lingpai.storage.memory.profiles import MemoryProfiles
from lingpai.storage.memory.tables import Tables, Token
from lingpai.storage.port import CodeSpentError, TakenError


class MemoryLogins:
    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def commit(self, login: NewLogin) -> CommittedLogin:
        tables = self._tables
        fit(login)
        if (login.appid, login.code_digest) in tables.attempts:
            raise CodeSpentError("this code has started a session")
        resolution = self._resolve(login)
        self._refuse_taken(login, is_new=resolution.user_id is None)
        if resolution.user_id is None:
            tables.users[login.new_user_id] = User(id=login.new_user_id, created_at=login.at)
        user = tables.users[resolution.user_id or login.new_user_id]
        session = Session(
            id=login.session_id,
            user_id=user.id,
            appid=login.appid,
            openid=login.openid,
            created_at=login.at,
            expires_at=login.session_expires_at,
            user_agent=login.user_agent,
        )
        identity = self._identify(login, resolution, user.id)
        self._remember(login, resolution, session)
        return CommittedLogin(
            user=user,
            is_new=resolution.user_id is None,
            unionid=identity.unionid,
            session=session,
            conflict=resolution.conflict,
        )

    async def attempt(self, appid: str, code_digest: bytes) -> Attempt | None:
        return self._tables.attempts.get((appid, code_digest))

    async def record(self, event: LoginEvent) -> None:
        fit(event)
        if event.id in self._tables.events:
            raise TakenError("id")
        self._tables.events[event.id] = event

    async def recent(self, limit: int, *, user_id: str | None = None) -> list[LoginEvent]:
        events = sorted(self._tables.events.values(), key=lambda event: event.id, reverse=True)
        ids = None if user_id is None else self._tables.members(user_id)
        return [event for event in events if ids is None or event.user_id in ids][:limit]

    def _resolve(self, login: NewLogin) -> Resolution:
        tables = self._tables
        known = tables.identities.get((login.appid, login.openid))
        joins = login.open_platform is not None
        union = (login.open_platform or "", login.unionid or "")
        return resolve(
            user_by_openid=None if known is None else known.user_id,
            unionid_on_record=None if known is None else known.unionid,
            user_by_unionid=tables.unions.get(union) if joins and login.unionid is not None else None,
            unionid=login.unionid,
            joins=joins,
        )

    def _refuse_taken(self, login: NewLogin, *, is_new: bool) -> None:
        tables = self._tables
        taken = (is_new and login.new_user_id in tables.users) or login.session_id in tables.sessions
        if taken or login.event_id in tables.events:
            raise TakenError("id")
        if login.refresh_digest in tables.tokens:
            raise TakenError("digest")

    def _identify(self, login: NewLogin, resolution: Resolution, user_id: str) -> Identity:
        key = (login.appid, login.openid)
        identities = self._tables.identities
        if resolution.add_identity:
            identities[key] = Identity(
                appid=login.appid,
                openid=login.openid,
                user_id=user_id,
                unionid=login.unionid,
                created_at=login.at,
            )
        elif resolution.note_unionid:
            identities[key] = msgspec.structs.replace(identities[key], unionid=login.unionid)
        if resolution.add_union:
            self._tables.unions[login.open_platform or "", login.unionid or ""] = user_id
        return identities[key]

    def _remember(self, login: NewLogin, resolution: Resolution, session: Session) -> None:
        tables = self._tables
        is_new = resolution.user_id is None
        tables.attempts[login.appid, login.code_digest] = Attempt(
            session_id=session.id, sealed_result=login.sealed_result, is_new=is_new, at=login.at
        )
        tables.sessions[session.id] = session
        tables.tokens[login.refresh_digest] = Token(session_id=session.id)
        if login.session_key is not None:
            tables.push(login.appid, login.openid, login.session_key, login.at)
        tables.events[login.event_id] = LoginEvent(
            id=login.event_id,
            at=login.at,
            appid=login.appid,
            result="signed_in",
            request_id=login.request_id,
            duration_ms=login.duration_ms,
            user_id=session.user_id,
            session_id=session.id,
            is_new=is_new,
            note=resolution.conflict,
            kind=login.kind,
        )


class MemoryUsers(MemoryProfiles):
    async def get(self, user_id: str) -> User | None:
        return self._tables.users.get(self._tables.meant(user_id))

    async def identities(self, user_id: str) -> list[Identity]:
        user = self._tables.meant(user_id)
        own = [identity for identity in self._tables.identities.values() if identity.user_id == user]
        return sorted(own, key=lambda identity: (identity.created_at, identity.appid, identity.openid))

    async def page(self, limit: int, *, before: str | None = None) -> list[User]:
        return [user for user in self._newest_first() if before is None or user.id < before][:limit]

    async def find(self, text: str, limit: int) -> list[User]:
        if not text:
            return []
        named = {
            identity.user_id
            for identity in self._tables.identities.values()
            if text in (identity.openid, identity.unionid)
        }
        return [
            user
            for user in self._newest_first()
            if user.id == self._tables.meant(text)
            or user.id in named
            or (user.nickname or "").startswith(text)
        ][:limit]

    async def named(self, user_ids: list[str]) -> dict[str, User]:
        users, meant = self._tables.users, self._tables.meant
        return {one: users[meant(one)] for one in user_ids if meant(one) in users}

    async def count(self) -> int:
        return len(self._newest_first())

    def _newest_first(self) -> list[User]:
        themselves = [user for user in self._tables.users.values() if user.id not in self._tables.aliases]
        return sorted(themselves, key=lambda user: user.id, reverse=True)
