"""Which apps there are, by slug or AppID, with their AppSecrets unsealed."""

from typing import Final

import msgspec

from lingpai.clock import Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue import APP_UNKNOWN
from lingpai.model import App, app_secret_identity
from lingpai.secret import Sealer, Secret
from lingpai.storage.port import Store

_LOOK_AGAIN_AFTER: Final = 1.0
_LONGEST_NAME: Final = 64


class HeldApp(msgspec.Struct, frozen=True):
    """An app with the AppSecret in force."""

    app: App
    secret: Secret
    secret_version: int = 0


class Directory:
    """The registered apps, in memory; read again when asked to, and when an unknown name is asked for."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._clock: Final = clock
        self._by_name: dict[str, HeldApp] = {}
        self._origins: frozenset[str] = frozenset()
        self._apps: tuple[HeldApp, ...] = ()
        self._read_at = float("-inf")

    async def get(self, name: str) -> HeldApp:
        """The app whose slug or AppID is `name`. Raises Problem app_unknown."""
        held = self._by_name.get(name)
        if held is None and self._clock.monotonic() - self._read_at >= _LOOK_AGAIN_AFTER:
            await self.reload()
            held = self._by_name.get(name)
        if held is None:
            raise Problem(APP_UNKNOWN, facts={"app": name[:_LONGEST_NAME]})
        return held

    def known(self, name: str) -> HeldApp | None:
        """The app, as far as memory knows; for the hot path."""
        return self._by_name.get(name)

    @property
    def apps(self) -> tuple[HeldApp, ...]:
        """All apps, as far as memory knows, the one that was registered first in front."""
        return self._apps

    @property
    def origins(self) -> frozenset[str]:
        """The origins of all apps' pages."""
        return self._origins

    async def reload(self) -> None:
        """Read all apps anew. An AppSecret that did not change keeps its object."""
        self._read_at = self._clock.monotonic()
        names: dict[str, HeldApp] = {}
        apps: list[HeldApp] = []
        rows = await self._store.apps.all()
        await self._sealer.prepare(*(version.sealed for _, version in rows))
        for app, version in rows:
            identity = app_secret_identity(app.appid, version.version)
            text = self._sealer.open(version.sealed, identity).decode()
            held = HeldApp(app, Secret(text), version.version)
            names[app.appid] = names[app.slug] = held
            apps.append(held)
        self._by_name = names
        self._apps = tuple(sorted(apps, key=lambda held: (held.app.created_at, held.app.appid)))
        self._origins = frozenset(origin for held in names.values() for origin in held.app.settings.origins)
