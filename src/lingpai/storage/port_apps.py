"""What remembering promises of apps and of keys; part of `port.py`."""

from collections.abc import Sequence
from typing import Protocol

from lingpai.model import App, AppSecretVersion, AppSettings, SealingKey, ServiceKey, SigningKey


class Apps(Protocol):
    async def all(self) -> list[tuple[App, AppSecretVersion]]:
        """Every app with the AppSecret in force, oldest first: of those that are `current` the highest version."""
        ...

    async def add(self, app: App, secret: AppSecretVersion) -> None:
        """Raises TakenError for `appid` or `slug`."""
        ...

    async def put_secret(self, secret: AppSecretVersion) -> bool:
        """A further version. False when there is no such app. Raises TakenError for `version`."""
        ...

    async def secrets(self, appid: str | None = None) -> list[AppSecretVersion]:
        """Every version of one app, or of all; by app, the highest first."""
        ...

    async def change_secrets(
        self, before: Sequence[AppSecretVersion], after: Sequence[AppSecretVersion]
    ) -> bool:
        """Let `after` stand for `before`, which are all versions of one app; what is not in `after` is deleted.

        Only `state`, `changed_at`, `probed_at` and `trouble` change. False, nothing written: the versions on record
        have other states or probes than `before`.
        """
        ...

    async def put_settings(self, appid: str, settings: AppSettings) -> bool:
        """Replace the app's settings. False when there is no such app."""
        ...

    async def remove(self, appid: str) -> bool:
        """Forget the app and its secrets. Its users and their history stay."""
        ...


class Keys(Protocol):
    async def signing(self) -> list[SigningKey]:
        """Newest first."""
        ...

    async def add_signing(self, key: SigningKey) -> None:
        """Raises TakenError for `kid`."""
        ...

    async def retire_signing(self, kid: str, at: int) -> bool:
        """Stop publishing a key at `at`. False when there is none, or it is retired by then."""
        ...

    async def sealing(self) -> list[SealingKey]:
        """Oldest first."""
        ...

    async def add_sealing(self, key: SealingKey, *, only_first: bool = False) -> bool:
        """Store a data key. With `only_first`, and one there already: False, nothing written.

        Raises TakenError for `id`.
        """
        ...

    async def services(self) -> list[ServiceKey]:
        """Oldest first, with the revoked ones."""
        ...

    async def service(self, digest: bytes) -> ServiceKey | None:
        """The key with this SHA-256, also a revoked one."""
        ...

    async def add_service(self, key: ServiceKey) -> None:
        """Raises TakenError for `name`, which a revoked key keeps, and for `id` and `digest`."""
        ...

    async def revoke_service(self, name: str, at: int) -> bool:
        """False when there is no such key, or it was revoked already."""
        ...
