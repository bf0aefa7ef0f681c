"""Apps and keys in memory."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from lingpai.model import App, AppSecretVersion, AppSettings, SealingKey, ServiceKey, SigningKey
from lingpai.storage.memory.fitting import fit
from lingpai.storage.memory.tables import Tables
from lingpai.storage.port import TakenError


class MemoryApps:
    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def all(self) -> list[tuple[App, AppSecretVersion]]:
        held = sorted(self._tables.apps.values(), key=lambda app: (app.created_at, app.appid))
        return [(app, self._in_force(app.appid)) for app in held]

    async def add(self, app: App, secret: AppSecretVersion) -> None:
        fit(app)
        fit(secret)
        if app.appid in self._tables.apps:
            raise TakenError("appid")
        if any(other.slug == app.slug for other in self._tables.apps.values()):
            raise TakenError("slug")
        self._tables.apps[app.appid] = app
        self._tables.secrets[secret.appid, secret.version] = secret

    async def put_secret(self, secret: AppSecretVersion) -> bool:
        fit(secret)
        if secret.appid not in self._tables.apps:
            return False
        if (secret.appid, secret.version) in self._tables.secrets:
            raise TakenError("version")
        self._tables.secrets[secret.appid, secret.version] = secret
        return True

    async def secrets(self, appid: str | None = None) -> list[AppSecretVersion]:
        versions = [one for one in self._tables.secrets.values() if appid in (None, one.appid)]
        return sorted(versions, key=lambda one: (one.appid, -one.version))

    async def change_secrets(
        self, before: Sequence[AppSecretVersion], after: Sequence[AppSecretVersion]
    ) -> bool:
        appid = before[0].appid
        there = await self.secrets(appid)
        if list(map(_told_apart, there)) != list(map(_told_apart, before)):
            return False
        kept = {one.version: one for one in after}
        for old in there:
            new = kept.get(old.version)
            if new is None:
                del self._tables.secrets[appid, old.version]
            else:
                self._tables.secrets[appid, old.version] = replace(
                    old,
                    state=new.state,
                    changed_at=new.changed_at,
                    probed_at=new.probed_at,
                    trouble=new.trouble,
                )
        return True

    async def put_settings(self, appid: str, settings: AppSettings) -> bool:
        app = self._tables.apps.get(appid)
        if app is None:
            return False
        self._tables.apps[appid] = replace(app, settings=settings)
        return True

    async def remove(self, appid: str) -> bool:
        for key in [key for key in self._tables.secrets if key[0] == appid]:
            del self._tables.secrets[key]
        return self._tables.apps.pop(appid, None) is not None

    def _in_force(self, appid: str) -> AppSecretVersion:
        versions = [one for one in self._tables.secrets.values() if one.appid == appid]
        return max((one for one in versions if one.state == "current"), key=lambda one: one.version)


def _told_apart(secret: AppSecretVersion) -> tuple[int, str, int | None]:
    return secret.version, secret.state, secret.probed_at


class MemoryKeys:
    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def signing(self) -> list[SigningKey]:
        keys = self._tables.signing.values()
        return sorted(keys, key=lambda key: (key.created_at, key.kid), reverse=True)

    async def add_signing(self, key: SigningKey) -> None:
        fit(key)
        if key.kid in self._tables.signing:
            raise TakenError("kid")
        self._tables.signing[key.kid] = key

    async def retire_signing(self, kid: str, at: int) -> bool:
        key = self._tables.signing.get(kid)
        if key is None or (key.retired_at is not None and key.retired_at <= at):
            return False
        self._tables.signing[kid] = replace(key, retired_at=at)
        return True

    async def sealing(self) -> list[SealingKey]:
        return sorted(self._tables.sealing.values(), key=lambda key: (key.created_at, key.id))

    async def add_sealing(self, key: SealingKey, *, only_first: bool = False) -> bool:
        fit(key)
        if only_first and self._tables.sealing:
            return False
        if key.id in self._tables.sealing:
            raise TakenError("id")
        self._tables.sealing[key.id] = key
        return True

    async def services(self) -> list[ServiceKey]:
        return sorted(self._tables.services.values(), key=lambda key: (key.created_at, key.id))

    async def service(self, digest: bytes) -> ServiceKey | None:
        return next((key for key in self._tables.services.values() if key.digest == digest), None)

    async def add_service(self, key: ServiceKey) -> None:
        fit(key)
        for field in ("id", "name", "digest"):
            taken = {getattr(other, field) for other in self._tables.services.values()}
            if getattr(key, field) in taken:
                raise TakenError(field)
        self._tables.services[key.id] = key

    async def revoke_service(self, name: str, at: int) -> bool:
        key = next((key for key in self._tables.services.values() if key.name == name), None)
        if key is None or key.revoked_at is not None:
            return False
        self._tables.services[key.id] = replace(key, revoked_at=at)
        return True
