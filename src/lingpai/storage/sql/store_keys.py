"""Apps and keys, WeChat's tokens, and who used which key: each method is one statement of a dialect."""

from collections.abc import Sequence
from typing import Final

from lingpai.model import (
    App,
    AppSecretVersion,
    AppSettings,
    Brought,
    Checked,
    Claim,
    Claimed,
    Forcing,
    KeyUse,
    Looked,
    NotClaimed,
    SealingKey,
    ServiceKey,
    Setback,
    SigningKey,
    TokenKind,
    TokenRow,
)
from lingpai.storage.sql import (
    access_tokens,
    apps,
    key_uses,
    keys,
)
from lingpai.storage.sql.port import Dialect


class SqlApps:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def all(self) -> list[tuple[App, AppSecretVersion]]:
        return await self._dialect.read(apps.every)

    async def add(self, app: App, secret: AppSecretVersion) -> None:
        await self._dialect.write(lambda connection: apps.add(connection, app, secret))

    async def put_secret(self, secret: AppSecretVersion) -> bool:
        return await self._dialect.write(lambda connection: apps.put_secret(connection, secret))

    async def secrets(self, appid: str | None = None) -> list[AppSecretVersion]:
        return await self._dialect.read(lambda connection: apps.secrets(connection, appid))

    async def change_secrets(
        self, before: Sequence[AppSecretVersion], after: Sequence[AppSecretVersion]
    ) -> bool:
        return await self._dialect.write(lambda connection: apps.change_secrets(connection, before, after))

    async def put_settings(self, appid: str, settings: AppSettings) -> bool:
        return await self._dialect.write(lambda connection: apps.put_settings(connection, appid, settings))

    async def remove(self, appid: str) -> bool:
        return await self._dialect.write(lambda connection: apps.remove(connection, appid))


class SqlKeys:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def signing(self) -> list[SigningKey]:
        return await self._dialect.read(keys.signing)

    async def add_signing(self, key: SigningKey) -> None:
        await self._dialect.write(lambda connection: keys.add_signing(connection, key))

    async def retire_signing(self, kid: str, at: int) -> bool:
        return await self._dialect.write(lambda connection: keys.retire_signing(connection, kid, at))

    async def sealing(self) -> list[SealingKey]:
        return await self._dialect.read(keys.sealing)

    async def add_sealing(self, key: SealingKey, *, only_first: bool = False) -> bool:
        return await self._dialect.write(
            lambda connection: keys.add_sealing(connection, key, only_first=only_first)
        )

    async def services(self) -> list[ServiceKey]:
        return await self._dialect.read(keys.services)

    async def service(self, digest: bytes) -> ServiceKey | None:
        return await self._dialect.read(lambda connection: keys.service(connection, digest))

    async def add_service(self, key: ServiceKey) -> None:
        await self._dialect.write(lambda connection: keys.add_service(connection, key))

    async def revoke_service(self, name: str, at: int) -> bool:
        return await self._dialect.write(lambda connection: keys.revoke_service(connection, name, at))


class SqlAccessTokens:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect
        self._now: Final = dialect.now

    async def look(self, appid: str, kind: TokenKind) -> Looked:
        return await self._dialect.read(lambda to: access_tokens.look(to, appid, kind, self._now(to)))

    async def all(self) -> tuple[list[TokenRow], int]:
        return await self._dialect.read(lambda to: (access_tokens.every(to), self._now(to)))

    async def claim(self, claim: Claim) -> Claimed | NotClaimed:
        return await self._dialect.write(lambda to: access_tokens.claim(to, claim, self._now(to)))

    async def force(self, forcing: Forcing) -> bool:
        return await self._dialect.write(lambda to: access_tokens.force(to, forcing, self._now(to)))

    async def keep(self, brought: Brought) -> TokenRow | None:
        return await self._dialect.write(lambda to: access_tokens.keep(to, brought, self._now(to)))

    async def set_back(self, setback: Setback) -> TokenRow | None:
        return await self._dialect.write(lambda to: access_tokens.set_back(to, setback, self._now(to)))

    async def checked(self, check: Checked) -> TokenRow | None:
        return await self._dialect.write(lambda to: access_tokens.checked(to, check, self._now(to)))

    async def want(self, wanted: list[tuple[str, TokenKind]]) -> None:
        await self._dialect.write(lambda to: access_tokens.want(to, wanted, self._now(to)))

    async def forget(self, appid: str) -> int:
        return await self._dialect.write(lambda to: access_tokens.forget(to, appid))


class SqlKeyUses:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect

    async def add(self, uses: list[KeyUse]) -> None:
        await self._dialect.write(lambda connection: key_uses.add(connection, uses))

    async def of_key(self, key_id: str, limit: int) -> list[KeyUse]:
        return await self._dialect.read(lambda connection: key_uses.of_key(connection, key_id, limit))
