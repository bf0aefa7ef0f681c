"""What everything stands on: the database and its vault, the signing keys, the clock, what is counted."""

import hashlib
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from lingpai.accounts import Ledger
from lingpai.admin.keys import SigningKeysAdmin
from lingpai.admin.restored import refuse_older
from lingpai.clock import Clock
from lingpai.config import Config, master_keys
from lingpai.keeper import Vault
from lingpai.observe import Metrics, Tracing
from lingpai.relay import Relay, open_relay, telling
from lingpai.secret import Sealer, random_bytes, random_fraction
from lingpai.storage.blobs import BlobSettings
from lingpai.storage.ledger_file import LedgerFile
from lingpai.storage.open import file_of, open_store
from lingpai.storage.port import StorageError, Store
from lingpai.tokens import Issuer, KeyRing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Open for as long as the server is."""

    config: Config
    clock: Clock
    metrics: Metrics
    tracing: Tracing | None
    store: Store
    relay: Relay
    vault: Vault
    sealer: Sealer
    issuer: Issuer
    ledger: Ledger


async def open_ground(config: Config, clock: Clock, stack: AsyncExitStack) -> Ground:
    """Closed with `stack`.

    Raises SchemaMismatchError, StorageUnavailableError, MasterKeyWrongError, SealBrokenError, TracingMissingError,
    DatabaseOlderError, RelaySettingsError.
    """
    tracing = _open_tracing(config, clock)
    if tracing is not None:
        stack.push_async_callback(tracing.aclose)
    store = await open_store(config.database_url, clock=clock)
    stack.push_async_callback(store.aclose)
    metrics = Metrics()
    relay = open_relay(config.redis_url, store, _installation(config), clock, metrics.nodes)
    stack.push_async_callback(relay.aclose)
    store = telling(store, relay) if config.redis_url else store
    ledger = await open_ledger(store, config)
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
        metrics=metrics,
        tracing=tracing,
        store=store,
        relay=relay,
        vault=vault,
        sealer=sealer,
        issuer=issuer,
        ledger=ledger,
    )


async def open_ledger(store: Store, config: Config) -> Ledger:
    """The ledger of the database, every line of it known there.

    Raises DatabaseOlderError, LedgerUnusableError, StorageUnavailableError.
    """
    ledger = ledger_of(store, config)
    await refuse_older(store, ledger)
    await ledger.catch_up(whole=True)
    return ledger


def ledger_of(store: Store, config: Config) -> Ledger:
    """The ledger that the settings name: by default beside the database, if that is a file."""
    beside = file_of(config.database_url)
    match config.ledger_file:
        case "none":
            path = None
        case "":
            path = None if beside is None else beside.with_name(beside.name + ".ledger")
        case named:
            path = Path(named)
    return Ledger(store, None if path is None else LedgerFile(path))


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


async def _leave(vault: Vault) -> None:
    with suppress(StorageError):  # whoever waits for this process learns of its end a moment later
        await vault.aclose()


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
