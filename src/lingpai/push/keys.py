"""What an app's events are signed and encrypted with: made here, shown once, followed in memory by every node."""

import asyncio
from typing import Final

import msgspec

from lingpai.clock import DAY, Clock
from lingpai.model import PushSettings, push_settings_identity
from lingpai.observe import logger
from lingpai.secret import SealBrokenError, Sealer, random_letters
from lingpai.storage.port import Store

PREVIOUS_LIVES: Final = DAY
"""How long events under the former key are taken: the operator still has to paste the new one at WeChat."""
_TOKEN_LETTERS: Final = 32
_LOOK_AGAIN_AFTER: Final = 1.0


class PushKey(msgspec.Struct, frozen=True):
    """A Token and an EncodingAESKey, as WeChat's console calls them."""

    token: str
    aes_key: str

    def __repr__(self) -> str:
        return "PushKey(…)"


class PushKeyring(msgspec.Struct, frozen=True):
    """What is sealed of an app's push settings."""

    current: PushKey
    previous: PushKey | None = None
    rotated_at: int = 0

    def live(self, now: int) -> list[PushKey]:
        """Those whose events are taken."""
        if self.previous is not None and now - self.rotated_at < PREVIOUS_LIVES:
            return [self.current, self.previous]
        return [self.current]


def new_push_key() -> PushKey:
    """Letters and digits only: WeChat takes no others."""
    return PushKey(random_letters()[:_TOKEN_LETTERS], random_letters())


def sealed_keyring(sealer: Sealer, appid: str, keyring: PushKeyring, now: int) -> PushSettings:
    """The keyring as it is stored."""
    sealed = sealer.seal(msgspec.json.encode(keyring), push_settings_identity(appid))
    return PushSettings(appid=appid, sealed=sealed, changed_at=now)


def opened_keyring(sealer: Sealer, settings: PushSettings) -> PushKeyring:
    """Raises SealBrokenError."""
    opened = sealer.open(settings.sealed, push_settings_identity(settings.appid))
    return msgspec.json.decode(opened, type=PushKeyring)


class PushKeys:
    """The keyrings of all apps, a few seconds old at most."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._clock: Final = clock
        self._by_appid: dict[str, PushKeyring] = {}
        self._read_at = float("-inf")
        self._lock: Final = asyncio.Lock()

    async def of(self, appid: str) -> list[PushKey]:
        """The keys whose events are taken; none when the app has no push. Raises StorageUnavailableError.

        An app without keys may have got some just now: they are looked for, once a second for all who ask.
        """
        if appid not in self._by_appid and self._stale():
            async with self._lock:
                if self._stale():
                    await self.follow()
        keyring = self._by_appid.get(appid)
        return [] if keyring is None else keyring.live(self._clock.now())

    async def follow(self) -> None:
        """Read the keyrings anew. Raises StorageUnavailableError."""
        self._read_at = self._clock.monotonic()
        found: dict[str, PushKeyring] = {}
        for settings in await self._store.pushes.settings():
            try:
                found[settings.appid] = opened_keyring(self._sealer, settings)
            except SealBrokenError:
                logger().error("push_settings_unreadable", app=settings.appid)
        self._by_appid = found

    def _stale(self) -> bool:
        return self._clock.monotonic() - self._read_at >= _LOOK_AGAIN_AFTER
