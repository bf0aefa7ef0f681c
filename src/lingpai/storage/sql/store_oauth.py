"""Browser logins and merges over any SQL dialect."""

from typing import Final

from lingpai.model import Merge, MergeRefusal, NewMerge, OAuthState, SplitRefusal, Ticket, UserToken
from lingpai.storage.port import TakenError
from lingpai.storage.sql import aliases, merges, oauth, sweep
from lingpai.storage.sql.port import Dialect


class SqlBrowserLogins:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def put_state(self, state: OAuthState) -> None:
        await self._dialect.write(lambda connection: oauth.put_state(connection, state))

    async def state(self, digest: bytes) -> OAuthState | None:
        return await self._dialect.read(lambda connection: oauth.state(connection, digest))

    async def take_state(self, digest: bytes, at: int, lease: int) -> bool:
        return await self._dialect.write(lambda connection: oauth.take_state(connection, digest, at, lease))

    async def settle_state(self, digest: bytes, taken_at: int, outcome: bytes) -> bool:
        return await self._dialect.write(
            lambda connection: oauth.settle_state(connection, digest, taken_at, outcome)
        )

    async def release_state(self, digest: bytes, taken_at: int) -> bool:
        return await self._dialect.write(lambda connection: oauth.release_state(connection, digest, taken_at))

    async def put_ticket(self, ticket: Ticket) -> None:
        await self._dialect.write(lambda connection: oauth.put_ticket(connection, ticket))

    async def ticket(self, digest: bytes) -> Ticket | None:
        return await self._dialect.read(lambda connection: oauth.ticket(connection, digest))

    async def use_ticket(self, digest: bytes, at: int) -> bool:
        return await self._dialect.write(lambda connection: oauth.use_ticket(connection, digest, at))

    async def user_token(self, appid: str, openid: str) -> UserToken | None:
        return await self._dialect.read(lambda connection: oauth.user_token(connection, appid, openid))

    async def put_user_token(self, token: UserToken) -> None:
        try:
            await self._dialect.write(lambda connection: oauth.put_user_token(connection, token))
        except TakenError:
            # Somebody wrote the first row in between; the second try finds it.
            await self._dialect.write(lambda connection: oauth.put_user_token(connection, token))

    async def sweep(self, before: int) -> int:
        removed = 0
        while rows := await self._dialect.write(lambda connection: sweep.browser_logins(connection, before)):
            removed += rows
        return removed


class SqlMerges:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def join(self, new: NewMerge) -> Merge | MergeRefusal:
        return await self._dialect.write(lambda connection: merges.join(connection, new))

    async def split(self, user_id: str, at: int, window: int) -> Merge | SplitRefusal:
        return await self._dialect.write(lambda connection: merges.split(connection, user_id, at, window))

    async def of_user(self, user_id: str) -> list[Merge]:
        return await self._dialect.read(lambda connection: merges.of_user(connection, user_id))

    async def resolved(self, user_id: str) -> str:
        return await self._dialect.read(lambda connection: aliases.resolved(connection, user_id))
