"""WeChat's events of an app: the keys to paste into WeChat's console, and what became of the events."""

from typing import Final

import msgspec

from lingpai.admin.audit import AuditLog
from lingpai.clock import Clock
from lingpai.model import Actor, App, PushEvent, PushOutcome
from lingpai.push import PushKeyring, new_push_key, opened_keyring, sealed_keyring
from lingpai.secret import Sealer
from lingpai.storage.port import Store


class ShownPushKey(msgspec.Struct, frozen=True, kw_only=True):
    """What is pasted into WeChat's console. It is shown once."""

    app: str
    url: str
    token: str
    encoding_aes_key: str

    def __repr__(self) -> str:
        return f"ShownPushKey({self.app})"


class ShownPush(msgspec.Struct, frozen=True, kw_only=True):
    """How an app's events are set up."""

    app: str
    url: str
    on: bool
    changed_at: int | None
    """When the keys were made."""
    former_key_too: bool
    """Whether events under the keys before these are still taken."""


class ShownPushEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event as people may see it: the proof of what was done, and nothing of the person."""

    app: str
    event: str
    digest: str
    """SHA-256 of the event as WeChat wrote it, in hex."""
    received_at: int
    outcome: PushOutcome | None
    forgotten: tuple[str, ...]
    user_digest: str | None
    """As in the ledger of erasures, in hex."""
    settled_at: int | None


class PushesAdmin:
    """The push settings and events of the database."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock, public_url: str) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._clock: Final = clock
        self._public_url: Final = public_url
        self._audit: Final = AuditLog(store, clock)

    async def show(self, name: str) -> ShownPush | None:
        """None: no app has this slug or AppID. Raises SealBrokenError."""
        app = await self._named(name)
        if app is None:
            return None
        for settings in await self._store.pushes.settings():
            if settings.appid == app.appid:
                live = opened_keyring(self._sealer, settings).live(self._clock.now())
                return self._shown(app, changed_at=settings.changed_at, live=len(live))
        return self._shown(app, changed_at=None, live=0)

    async def make_keys(self, name: str, *, by: Actor) -> ShownPushKey | None:
        """Make a Token and an EncodingAESKey; those before are taken for a day more. None: no such app."""
        app = await self._named(name)
        if app is None:
            return None
        now = self._clock.now()
        former = None
        for settings in await self._store.pushes.settings():
            if settings.appid == app.appid:
                former = opened_keyring(self._sealer, settings).current
        key = new_push_key()
        keyring = PushKeyring(key, former, now)
        async with self._audit.doing(by, "app.push_keys_made", app.appid):
            await self._store.pushes.put_settings(sealed_keyring(self._sealer, app.appid, keyring, now))
        return ShownPushKey(app=app.slug, url=self._url(app), token=key.token, encoding_aes_key=key.aes_key)

    async def switch_off(self, name: str, *, by: Actor) -> bool | None:
        """Take no more events. None: no such app; False: it took none."""
        app = await self._named(name)
        if app is None:
            return None
        async with self._audit.doing(by, "app.push_switched_off", app.appid):
            return await self._store.pushes.remove_settings(app.appid)

    async def events(self, name: str | None, limit: int = 50) -> list[ShownPushEvent] | None:
        """Newest first, of one app or of all. None: no such app."""
        app = None if name is None else await self._named(name)
        if name is not None and app is None:
            return None
        rows = await self._store.pushes.page(limit, appid=app.appid if app else None)
        return [_shown_event(row) for row in rows]

    async def _named(self, name: str) -> App | None:
        return next((app for app, _ in await self._store.apps.all() if name in (app.appid, app.slug)), None)

    def _url(self, app: App) -> str:
        return f"{self._public_url}/wechat/{app.slug}/push"

    def _shown(self, app: App, *, changed_at: int | None, live: int) -> ShownPush:
        return ShownPush(
            app=app.slug,
            url=self._url(app),
            on=live > 0,
            changed_at=changed_at,
            former_key_too=live > 1,
        )


def _shown_event(event: PushEvent) -> ShownPushEvent:
    return ShownPushEvent(
        app=event.appid,
        event=event.name,
        digest=event.digest.hex(),
        received_at=event.received_at,
        outcome=event.outcome,
        forgotten=event.forgotten,
        user_digest=None if event.user_digest is None else event.user_digest.hex(),
        settled_at=event.settled_at,
    )
