"""The database and its vault, opened for one command."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lingpai.accounts import Avatars, Erasing, Exports, Ledger, Portraits, Studio
from lingpai.admin.apps import AppsAdmin
from lingpai.admin.audit import AuditLog
from lingpai.admin.audit_checking import AuditChecking
from lingpai.admin.clients import ClientsAdmin
from lingpai.admin.held_tokens import HeldTokensAdmin
from lingpai.admin.keys import SigningKeysAdmin
from lingpai.admin.operators import OperatorKeys, OperatorsAdmin
from lingpai.admin.people import PeopleAdmin
from lingpai.admin.pushes import PushesAdmin
from lingpai.admin.requests import RequestsAdmin
from lingpai.admin.sealing import SealingAdmin
from lingpai.admin.webhooks import WebhooksAdmin
from lingpai.app import blob_settings, ledger_of
from lingpai.clock import SystemClock
from lingpai.config import Config, at_port, load_config, master_keys
from lingpai.keeper import Vault
from lingpai.observe import configure_logs
from lingpai.secret import Sealer
from lingpai.storage import open_store
from lingpai.storage.blobs import open_blobs
from lingpai.storage.port import Store
from lingpai.webhooks import Notices, Reachable

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Desk:
    """What an operator works with."""

    store: Store
    sealer: Sealer
    vault: Vault
    sealing: SealingAdmin
    apps: AppsAdmin
    clients: ClientsAdmin
    keys: SigningKeysAdmin
    people: PeopleAdmin
    requests: RequestsAdmin
    held_tokens: HeldTokensAdmin
    pushes: PushesAdmin
    webhooks: WebhooksAdmin
    ledger: Ledger
    audit: AuditLog
    audit_checking: AuditChecking
    operators: OperatorsAdmin
    operator_keys: OperatorKeys


@asynccontextmanager
async def open_desk(config: Config) -> AsyncIterator[Desk]:
    """Open the database and the pictures of `config`. Raises what storage and the vault raise."""
    clock = SystemClock()
    blobs, studio = open_blobs(blob_settings(config)), Studio()
    store = await open_store(config.database_url, clock=clock)
    ledger = ledger_of(store, config)
    avatars = Avatars(store, blobs, studio, clock)
    try:
        vault = Vault(store, master_keys(config), clock)
        sealer = await vault.open()
        audit = AuditLog(store, clock)
        yield Desk(
            store,
            sealer,
            vault,
            SealingAdmin(store, vault, clock),
            AppsAdmin(store, sealer, clock),
            ClientsAdmin(store, clock),
            SigningKeysAdmin(store, sealer, clock),
            PeopleAdmin(store, clock),
            RequestsAdmin(
                store,
                Exports(store, Portraits(store, sealer), avatars, clock),
                Erasing(store, avatars, clock, notices=Notices(sealer), ledger=ledger),
                clock,
            ),
            HeldTokensAdmin(store),
            PushesAdmin(store, sealer, clock, at_port(config, config.port).public_url),
            WebhooksAdmin(store, sealer, clock, Reachable(config.webhook_networks)),
            ledger,
            audit,
            AuditChecking(store, audit, clock),
            OperatorsAdmin(store, clock, public_url=at_port(config, config.port).public_url),
            OperatorKeys(store, clock),
        )
    finally:
        await studio.aclose()
        await blobs.aclose()
        await store.aclose()


def at_configured_desk(config_file: str | None, work: Callable[[Desk, Config], Awaitable[Result]]) -> Result:
    """Do one thing at the desk that needs the settings, too."""
    config = load_config(Path(config_file) if config_file else None)
    configure_logs(config.log_level, config.log_format)  # onto stderr: stdout is data

    async def run() -> Result:
        async with open_desk(config) as desk:
            return await work(desk, config)

    return asyncio.run(run())


def at_desk(config_file: str | None, work: Callable[[Desk], Awaitable[Result]]) -> Result:
    """Do one thing at the desk."""

    def alone(desk: Desk, _config: Config) -> Awaitable[Result]:
        return work(desk)

    return at_configured_desk(config_file, alone)
