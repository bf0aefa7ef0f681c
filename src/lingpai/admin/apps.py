"""Registering WeChat apps and changing their AppSecrets."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from lingpai.admin.app_settings import changed
from lingpai.admin.audit import AuditLog
from lingpai.admin.invalid import AppInvalidError
from lingpai.clock import Clock
from lingpai.keeper.secret_rules import turned_back
from lingpai.model import (
    Actor,
    App,
    AppKind,
    AppSecretState,
    AppSecretVersion,
    AppSettings,
    app_secret_identity,
)
from lingpai.secret import SealBrokenError, Sealer, Secret
from lingpai.storage.port import Store, TakenError

_APPID: Final = re.compile(r"wx[0-9a-f]{16}")
_SECRET: Final = re.compile(r"[0-9a-f]{32}")
_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


class ShownSecret(msgspec.Struct, frozen=True, kw_only=True):
    """A version of an AppSecret as people may see it."""

    version: int
    state: AppSecretState
    last4: str
    fingerprint: str
    """8 hex digits by which two secrets can be told apart, and nothing else be learned."""
    created_at: int
    changed_at: int
    probed_at: int | None
    errcode: int | None
    errmsg: str | None
    """What WeChat said the last time, unless it accepted it."""


class ShownApp(msgspec.Struct, frozen=True, kw_only=True):
    """An app as people may see it."""

    appid: str
    slug: str
    kind: AppKind
    name: str
    open_platform: str | None
    secret_version: int
    secret_last4: str
    secrets: list[ShownSecret]
    """Every version on record, the newest first; the one in force is `current`."""
    created_at: int
    settings: dict[str, Any]
    """Every setting, also those at their default."""


class AppsAdmin:
    """The registry of apps."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._clock: Final = clock
        self._audit: Final = AuditLog(store, clock)

    async def all(self) -> list[ShownApp]:
        """Every app, by slug."""
        rows = await self._store.apps.all()
        versions = await self._store.apps.secrets()
        await self._sealer.prepare(*(one.sealed for one in versions))
        shown = [self._shown(app, current, versions) for app, current in rows]
        return sorted(shown, key=lambda app: app.slug)

    async def one(self, name: str) -> ShownApp | None:
        """The app with this slug or AppID."""
        return next((app for app in await self.all() if name in (app.appid, app.slug)), None)

    async def add(
        self,
        *,
        appid: str,
        secret: Secret,
        slug: str,
        kind: AppKind,
        name: str | None = None,
        open_platform: str | None = None,
        settings: AppSettings | None = None,
        by: Actor,
    ) -> ShownApp:
        """Register an app. Raises AppInvalidError; TakenError for a known AppID or slug."""
        if not _APPID.fullmatch(appid):
            raise AppInvalidError(
                "an AppID is wx and 16 lower-case hex digits",
                field="appid",
                zh="AppID 由 wx 和 16 位小写十六进制数字组成",
            )
        if not _SLUG.fullmatch(slug) or _APPID.fullmatch(slug):
            raise AppInvalidError(
                "a slug has 1 to 40 lower-case letters, digits and inner hyphens, and is no AppID",
                field="slug",
                zh="slug 由 1 到 40 个小写字母、数字和中间的连字符组成，且不能是 AppID",
            )
        now = self._clock.now()
        app = App(
            appid=appid,
            slug=slug,
            kind=kind,
            name=name or slug,
            open_platform=open_platform,
            created_at=now,
            settings=settings or AppSettings(),
        )
        version = self._sealed(appid, 1, secret, now, "current")
        async with self._audit.doing(
            by, "app.added", appid, slug=slug, kind=kind, secret_last4=version.last4
        ):
            await self._store.apps.add(app, version)
        return self._shown(app, version, [version])

    async def rotate_secret(self, name: str, secret: Secret, *, by: Actor) -> ShownApp | None:
        """Store a new AppSecret as a candidate; None when no app has this slug or AppID.

        A running server asks WeChat about it within a second or two and puts it in force when WeChat takes it
        (`keeper/secret_watch.py`). Raises AppInvalidError; TakenError when two people do it at the same moment.
        """
        for app, _ in await self._store.apps.all():
            if name in (app.appid, app.slug):
                newest = (await self._store.apps.secrets(app.appid))[0].version
                version = self._sealed(app.appid, newest + 1, secret, self._clock.now(), "candidate")
                noted = {"version": str(version.version), "secret_last4": version.last4}
                async with self._audit.doing(by, "app.secret_rotated", app.appid, **noted):
                    await self._store.apps.put_secret(version)
                return await self.one(app.appid)
        return None

    async def turn_back_secret(self, name: str, *, by: Actor) -> ShownApp | None:
        """Put the former AppSecret in force again, at once and unasked; None when there is no such app.

        Raises AppInvalidError when there is no former one: it is kept for 15 minutes.
        """
        app = await self.one(name)
        if app is None:
            return None
        versions = await self._store.apps.secrets(app.appid)
        after = turned_back(versions, self._clock.now())
        if after is None:
            raise AppInvalidError("there is no former AppSecret any more: it is kept for 15 minutes")
        async with self._audit.doing(
            by, "app.secret_turned_back", app.appid, version=str(app.secret_version)
        ):
            if not await self._store.apps.change_secrets(versions, after):
                raise TakenError("AppSecret")
        return await self.one(app.appid)

    async def change_settings(self, name: str, given: Mapping[str, str], *, by: Actor) -> ShownApp | None:
        """Change what is named in `given` (setting → value as text); None when there is no such app.

        Raises AppInvalidError for a setting that there is not, or a value that it does not take.
        """
        for app, current in await self._store.apps.all():
            if name in (app.appid, app.slug):
                settings = changed(app.settings, given)
                async with self._audit.doing(by, "app.settings_changed", app.appid, **given):
                    await self._store.apps.put_settings(app.appid, settings)
                versions = await self._store.apps.secrets(app.appid)
                await self._sealer.prepare(*(one.sealed for one in versions))
                return self._shown(msgspec.structs.replace(app, settings=settings), current, versions)
        return None

    async def remove(self, name: str, *, by: Actor) -> bool:
        """Forget an app, its secrets and its WeChat tokens; its users and their history stay. False: no such app."""
        for app, _ in await self._store.apps.all():
            if name in (app.appid, app.slug):
                async with self._audit.doing(by, "app.removed", app.appid, slug=app.slug):
                    await self._store.access_tokens.forget(app.appid)
                    await self._store.pushes.remove_settings(app.appid)
                    return await self._store.apps.remove(app.appid)
        return False

    def _sealed(
        self, appid: str, version: int, secret: Secret, now: int, state: AppSecretState
    ) -> AppSecretVersion:
        if not _SECRET.fullmatch(secret.reveal()):
            raise AppInvalidError(
                "an AppSecret has 32 lower-case hex digits",
                field="secret",
                zh="AppSecret 是 32 位小写十六进制数字",
            )
        return AppSecretVersion(
            appid=appid,
            version=version,
            sealed=self._sealer.seal(secret.reveal().encode(), app_secret_identity(appid, version)),
            last4=secret.last4,
            created_at=now,
            state=state,
            changed_at=now,
        )

    def _shown(self, app: App, current: AppSecretVersion, versions: Sequence[AppSecretVersion]) -> ShownApp:
        return ShownApp(
            appid=app.appid,
            slug=app.slug,
            kind=app.kind,
            name=app.name,
            open_platform=app.open_platform,
            secret_version=current.version,
            secret_last4=current.last4,
            secrets=[self._shown_secret(one) for one in versions if one.appid == app.appid],
            created_at=app.created_at,
            settings=msgspec.structs.asdict(app.settings),
        )

    def _shown_secret(self, one: AppSecretVersion) -> ShownSecret:
        try:
            opened = self._sealer.open(one.sealed, app_secret_identity(one.appid, one.version))
            fingerprint = self._sealer.fingerprint(b"AppSecret\x00" + opened)[:4].hex()
        except SealBrokenError:
            fingerprint = ""
        return ShownSecret(
            version=one.version,
            state=one.state,
            last4=one.last4,
            fingerprint=fingerprint,
            created_at=one.created_at,
            changed_at=one.changed_at,
            probed_at=one.probed_at,
            errcode=one.trouble.errcode if one.trouble else None,
            errmsg=one.trouble.errmsg if one.trouble else None,
        )
