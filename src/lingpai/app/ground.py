"""What everything stands on: the database and its vault, the signing keys, the clock, what is counted."""

from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass

from lingpai.admin.keys import SigningKeysAdmin
from lingpai.clock import Clock
from lingpai.config import Config, master_keys
from lingpai.keeper import Vault
from lingpai.observe import Metrics
from lingpai.secret import Sealer, random_bytes
from lingpai.storage.blobs import BlobSettings
from lingpai.storage.open import open_store
from lingpai.storage.port import StorageError, Store
from lingpai.tokens import Issuer, KeyRing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Open for as long as the server is."""

    config: Config
    clock: Clock
    metrics: Metrics
    store: Store
    vault: Vault
    sealer: Sealer
    issuer: Issuer


async def open_ground(config: Config, clock: Clock, stack: AsyncExitStack) -> Ground:
    """Closed with `stack`. Raises SchemaMismatchError, StorageUnavailableError, MasterKeyWrongError, SealBrokenError."""
    store = await open_store(config.database_url, clock=clock)
    stack.push_async_callback(store.aclose)
    vault = Vault(store, master_keys(config), clock, node=random_bytes(8).hex())
    sealer = await vault.open()
    stack.push_async_callback(_leave, vault)
    await SigningKeysAdmin(store, sealer, clock).ensure_one()
    issuer = Issuer(
        issuer=config.public_url,
        lifetime=config.access_token_lifetime,
        ring=KeyRing.opened(await store.keys.signing(), sealer),
        clock=clock,
    )
    return Ground(
        config=config,
        clock=clock,
        metrics=Metrics(),
        store=store,
        vault=vault,
        sealer=sealer,
        issuer=issuer,
    )


async def _leave(vault: Vault) -> None:
    with suppress(StorageError):  # whoever waits for this process learns of its end a moment later
        await vault.aclose()


def blob_settings(config: Config) -> BlobSettings:
    """Where the settings say that pictures lie."""
    return BlobSettings(
        folder=config.avatar_dir,
        s3_bucket=config.avatar_s3_bucket,
        s3_endpoint=config.avatar_s3_endpoint,
        s3_region=config.avatar_s3_region,
    )
