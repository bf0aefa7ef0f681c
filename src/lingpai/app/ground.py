"""What everything stands on: the database and its vault, the signing keys, the clock, what is counted."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib.metadata import version

from lingpai.admin.keys import SigningKeysAdmin
from lingpai.clock import Clock
from lingpai.config import Config, master_key_bytes
from lingpai.keeper import open_vault
from lingpai.observe import Metrics, Tracing
from lingpai.secret import Sealer, random_fraction
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
    tracing: Tracing | None
    store: Store
    sealer: Sealer
    issuer: Issuer


async def open_ground(config: Config, clock: Clock, stack: AsyncExitStack) -> Ground:
    """Closed with `stack`.

    Raises SchemaMismatchError, StorageUnavailableError, MasterKeyWrongError, SealBrokenError, TracingMissingError.
    """
    tracing = _open_tracing(config, clock)
    if tracing is not None:
        stack.push_async_callback(tracing.aclose)
    store = await open_store(config.database_url, clock=clock)
    stack.push_async_callback(store.aclose)
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
        metrics=Metrics(),
        tracing=tracing,
        store=store,
        sealer=sealer,
        issuer=issuer,
    )


def _open_tracing(config: Config, clock: Clock) -> Tracing | None:
    if not config.otel_endpoint:
        return None
    return Tracing.open(
        config.otel_endpoint,
        config.otel_sample,
        version=version("lingpai"),
        monotonic=clock.monotonic,
        fraction=random_fraction,
    )


def blob_settings(config: Config) -> BlobSettings:
    """Where the settings say that pictures lie."""
    return BlobSettings(
        folder=config.avatar_dir,
        s3_bucket=config.avatar_s3_bucket,
        s3_endpoint=config.avatar_s3_endpoint,
        s3_region=config.avatar_s3_region,
    )
