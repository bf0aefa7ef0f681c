"""The store over any SQL dialect: each noun's promise, kept by shared and by hot statements."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection

from lingpai.model import (
    Attempt,
    CommittedLogin,
    Draw,
    EndReason,
    Identity,
    LoginEvent,
    NewLogin,
    NewSessionKey,
    NotRotated,
    Phone,
    Profile,
    ProfileChange,
    Rotated,
    Rotation,
    Session,
    SessionKey,
    SignedIn,
    User,
)
from lingpai.storage.port import SweepLimits, Swept
from lingpai.storage.sql import (
    budgets,
    logins,
    profiles,
    session_keys,
    sessions,
    sweep,
    users,
)
from lingpai.storage.sql.insistence import insistently
from lingpai.storage.sql.port import Dialect
from lingpai.storage.sql.store_accounts import SqlAvatars, SqlErasures
from lingpai.storage.sql.store_audit import SqlAudit
from lingpai.storage.sql.store_flights import SqlFlights
from lingpai.storage.sql.store_keys import SqlAccessTokens, SqlApps, SqlKeys, SqlKeyUses
from lingpai.storage.sql.store_limits import SqlLimits
from lingpai.storage.sql.store_moving import SqlImports, SqlRestores
from lingpai.storage.sql.store_oauth import SqlBrowserLogins, SqlMerges
from lingpai.storage.sql.store_operators import SqlOperators, SqlOperatorSessions
from lingpai.storage.sql.store_push import SqlPushes, SqlWebhooks
from lingpai.storage.sql.store_vault import SqlVault


class SqlLogins:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def commit(self, login: NewLogin) -> CommittedLogin:
        return await self._dialect.commit(login)

    async def attempt(self, appid: str, code_digest: bytes) -> Attempt | None:
        return await self._dialect.attempt(appid, code_digest)

    async def record(self, event: LoginEvent) -> None:
        await self._dialect.record(event)

    async def recent(self, limit: int, *, user_id: str | None = None) -> list[LoginEvent]:
        return await self._dialect.read(lambda connection: logins.recent(connection, limit, user_id))


class SqlUsers:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def get(self, user_id: str) -> User | None:
        return await self._dialect.read(lambda connection: users.get(connection, user_id))

    async def identities(self, user_id: str) -> list[Identity]:
        return await self._dialect.read(lambda connection: users.identities_of(connection, user_id))

    async def page(self, limit: int, *, before: str | None = None) -> list[User]:
        return await self._dialect.read(lambda connection: users.page(connection, limit, before))

    async def find(self, text: str, limit: int) -> list[User]:
        return await self._dialect.read(lambda connection: users.find(connection, text, limit))

    async def named(self, user_ids: list[str]) -> dict[str, User]:
        return await self._dialect.read(lambda connection: users.named(connection, user_ids))

    async def count(self) -> int:
        return await self._dialect.read(users.count)

    async def profile(self, user_id: str) -> Profile | None:
        return await self._dialect.read(lambda connection: profiles.get(connection, user_id))

    async def put_profile(self, user_id: str, change: ProfileChange) -> Profile | None:
        return await self._dialect.write(lambda connection: profiles.put(connection, user_id, change))

    async def phone(self, user_id: str) -> Phone | None:
        return await self._dialect.read(lambda connection: profiles.phone(connection, user_id))

    async def put_phone(self, phone: Phone) -> bool:
        return await self._dialect.write(lambda connection: profiles.put_phone(connection, phone))

    async def with_phone(self, blind_index: bytes, limit: int) -> list[User]:
        return await self._dialect.read(
            lambda connection: profiles.with_phone(connection, blind_index, limit)
        )


class SqlSessions:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def get(self, session_id: str) -> SignedIn | None:
        return await self._dialect.signed_in(session_id)

    async def by_refresh(self, digest: bytes) -> SignedIn | None:
        return await self._dialect.by_refresh(digest)

    async def rotate(self, rotation: Rotation) -> Rotated | NotRotated:
        return await self._dialect.rotate(rotation)

    async def end(self, session_id: str, reason: EndReason, at: int) -> bool:
        return await self._dialect.end(session_id, reason, at)

    async def end_all(self, user_id: str, reason: EndReason, at: int) -> list[str]:
        return await self._dialect.write(lambda connection: sessions.end_all(connection, user_id, reason, at))

    async def ended_since(self, at: int) -> list[tuple[str, int]]:
        return await self._dialect.read(lambda connection: sessions.ended_since(connection, at))

    async def of_user(self, user_id: str, limit: int | None = None) -> list[Session]:
        return await self._dialect.read(lambda connection: sessions.of_user(connection, user_id, limit))

    async def recent(self, limit: int) -> list[Session]:
        return await self._dialect.read(lambda connection: sessions.recent(connection, limit))

    async def count_running(self, at: int) -> int:
        return await self._dialect.read(lambda connection: sessions.count_running(connection, at))

    async def session_keys(self, appid: str, openid: str) -> list[SessionKey]:
        return await self._dialect.session_keys(appid, openid)

    async def push_session_key(self, appid: str, openid: str, key: NewSessionKey, at: int) -> None:
        await insistently(
            self._dialect, lambda connection: session_keys.push(connection, appid, openid, key, at)
        )


class SqlBudgets:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def draw(self, draws: list[Draw], period: int) -> str | None:
        try:
            await insistently(self._dialect, lambda connection: budgets.draw(connection, draws, period))
        except budgets.UsedUpError as spent:
            return spent.name
        return None

    async def used(self, names: list[str], period: int) -> dict[str, int]:
        return await self._dialect.read(lambda connection: budgets.used(connection, names, period))


class SqlStore:
    """A `Store` over one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect
        self._logins: Final = SqlLogins(dialect)
        self._users: Final = SqlUsers(dialect)
        self._sessions: Final = SqlSessions(dialect)
        self._budgets: Final = SqlBudgets(dialect)
        self._browser_logins: Final = SqlBrowserLogins(dialect)
        self._merges: Final = SqlMerges(dialect)
        self._avatars: Final = SqlAvatars(dialect)
        self._erasures: Final = SqlErasures(dialect)
        self._audit: Final = SqlAudit(dialect)
        self._operators: Final = SqlOperators(dialect)
        self._operator_sessions: Final = SqlOperatorSessions(dialect)
        self._flights: Final = SqlFlights(dialect)
        self._apps: Final = SqlApps(dialect)
        self._keys: Final = SqlKeys(dialect)
        self._access_tokens: Final = SqlAccessTokens(dialect)
        self._key_uses: Final = SqlKeyUses(dialect)
        self._pushes: Final = SqlPushes(dialect)
        self._webhooks: Final = SqlWebhooks(dialect)
        self._restores: Final = SqlRestores(dialect)
        self._imports: Final = SqlImports(dialect)
        self._vault: Final = SqlVault(dialect)
        self._limits: Final = SqlLimits(dialect)

    @property
    def logins(self) -> SqlLogins:
        return self._logins

    @property
    def users(self) -> SqlUsers:
        return self._users

    @property
    def sessions(self) -> SqlSessions:
        return self._sessions

    @property
    def budgets(self) -> SqlBudgets:
        return self._budgets

    @property
    def browser_logins(self) -> SqlBrowserLogins:
        return self._browser_logins

    @property
    def merges(self) -> SqlMerges:
        return self._merges

    @property
    def avatars(self) -> SqlAvatars:
        return self._avatars

    @property
    def erasures(self) -> SqlErasures:
        return self._erasures

    @property
    def audit(self) -> SqlAudit:
        return self._audit

    @property
    def operators(self) -> SqlOperators:
        return self._operators

    @property
    def operator_sessions(self) -> SqlOperatorSessions:
        return self._operator_sessions

    @property
    def flights(self) -> SqlFlights:
        return self._flights

    @property
    def apps(self) -> SqlApps:
        return self._apps

    @property
    def keys(self) -> SqlKeys:
        return self._keys

    @property
    def access_tokens(self) -> SqlAccessTokens:
        return self._access_tokens

    @property
    def key_uses(self) -> SqlKeyUses:
        return self._key_uses

    @property
    def pushes(self) -> SqlPushes:
        return self._pushes

    @property
    def webhooks(self) -> SqlWebhooks:
        return self._webhooks

    @property
    def restores(self) -> SqlRestores:
        return self._restores

    @property
    def imports(self) -> SqlImports:
        return self._imports

    @property
    def vault(self) -> SqlVault:
        return self._vault

    @property
    def limits(self) -> SqlLimits:
        return self._limits

    async def check(self) -> None:
        await self._dialect.check()

    async def sweep(self, limits: SweepLimits) -> Swept:
        await self._sweep(sweep.minutes, limits.events)
        return Swept(
            attempts=await self._sweep(sweep.attempts, limits.attempts),
            events=await self._sweep(sweep.events, limits.events),
            session_keys=await self._sweep(sweep.keys, limits.session_keys),
            sessions=await self._sweep(sweep.ended, limits.sessions),
            budgets=await self._sweep(sweep.budgets, limits.budgets),
            erased_sessions=await self._sweep(sweep.erased, limits.erased_sessions),
            key_uses=await self._sweep(sweep.uses, limits.key_uses),
            timeline_pages=await self._sweep(sweep.timelines, limits.events),
        )

    async def aclose(self) -> None:
        await self._dialect.aclose()

    async def _sweep(self, remove: Callable[[Connection, int], int], before: int) -> int:
        removed = 0
        while True:
            rows = await self._dialect.write(lambda connection: remove(connection, before))
            removed += rows
            if rows < sweep.ROWS:
                return removed
