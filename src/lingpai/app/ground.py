"""What everything stands on: the database and its vault, the signing keys, the clock, what is counted."""

import hashlib
from contextlib import AsyncExitStack
from dataclasses import dataclass

from lingpai.admin.keys import SigningKeysAdmin
from lingpai.clock import Clock
from lingpai.config import Config, master_key_bytes
from lingpai.keeper import open_vault
from lingpai.observe import Metrics
from lingpai.relay import Relay, open_relay, telling
from lingpai.secret import Sealer
from lingpai.storage.blobs import BlobSettings
from lingpai.storage.open import open_store
from lingpai.storage.port import Store
from lingpai.tokens import Issuer, KeyRing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Open for as long as the server is."""

    config: Config
    clock: Clock
    metrics: Metrics
    store: Store
    relay: Relay
    sealer: Sealer
    issuer: Issuer


async def open_ground(config: Config, clock: Clock, stack: AsyncExitStack) -> Ground:
    """Closed with `stack`. Raises SchemaMismatchError, StorageUnavailableError, MasterKeyWrongError, SealBrokenError,
    RelaySettingsError.
    """
    store = await open_store(config.database_url, clock=clock)
    stack.push_async_callback(store.aclose)
    metrics = Metrics()
    relay = open_relay(config.redis_url, store, _installation(config), clock, metrics.nodes)
    stack.push_async_callback(relay.aclose)
    store = telling(store, relay) if config.redis_url else store
    sealer = await open_vault(store, master_key_bytes(config), clock)
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
        metrics=metrics,
        store=store,
        relay=relay,
        sealer=sealer,
        issuer=issuer,
    )


def _installation(config: Config) -> str:
    """What the nodes of one installation have in common, for those who share a Redis."""
    return hashlib.sha256(config.public_url.encode()).hexdigest()[:16]


def blob_settings(config: Config) -> BlobSettings:
    """Where the settings say that pictures lie."""
    return BlobSettings(
        folder=config.avatar_dir,
        s3_bucket=config.avatar_s3_bucket,
        s3_endpoint=config.avatar_s3_endpoint,
        s3_region=config.avatar_s3_region,
    )
