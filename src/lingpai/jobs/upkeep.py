"""The jobs of one server."""

from typing import Final

from lingpai.accounts import Avatars, Ledger
from lingpai.clock import Clock
from lingpai.jobs.sweeping import Sweeping
from lingpai.jobs.timers import Job
from lingpai.keeper import Directory, Keeper, SecretWatch, ServiceKeys, Vault
from lingpai.logins import Recorder
from lingpai.relay import Relay
from lingpai.secret import Sealer
from lingpai.sessions import RunningSessions
from lingpai.storage.port import Store
from lingpai.tokens import Issuer, KeyRing

FOLLOW_EVERY: Final = 0.5
KEEP_EVERY: Final = 1.0
VAULT_EVERY: Final = 1.5
"""Seconds; a node that cannot know a key within two would keep a rotation waiting."""
_NOTE_EVERY: Final = 1.0
_RELOAD_EVERY: Final = 2.0
_LEDGER_EVERY: Final = 2.0
_WATCH_EVERY: Final = 1.0
_KEYS_EVERY: Final = 10.0
_SWEEP_EVERY: Final = 600.0


def upkeep_jobs(
    *,
    relay: Relay,
    store: Store,
    sealer: Sealer,
    vault: Vault,
    issuer: Issuer,
    running: RunningSessions,
    directory: Directory,
    avatars: Avatars,
    ledger: Ledger,
    keeper: Keeper,
    service_keys: ServiceKeys,
    secrets: SecretWatch,
    clock: Clock,
    keep_logins_days: int,
    keep_logins_rows: int,
    recorder: Recorder,
) -> list[Job]:
    """What a serving process does besides answering."""

    async def read_keys() -> None:
        rows = await store.keys.signing()
        await sealer.prepare(*(row.sealed_private for row in rows))
        issuer.adopt(KeyRing.opened(rows, sealer))

    sweeping = Sweeping(
        store, clock, lifetime=issuer.lifetime, keep_days=keep_logins_days, keep_rows=keep_logins_rows
    )
    # What another node tells of is looked at once; the timers below look all the same.
    relay.listen("sessions", running.follow)
    relay.listen("service_keys", service_keys.follow)
    relay.listen("apps", directory.reload)
    relay.listen("signing_keys", read_keys)
    return [
        Job("follow_ends", FOLLOW_EVERY, running.follow),
        Job("follow_sealing_keys", VAULT_EVERY, vault.follow),
        Job("keep_tokens", KEEP_EVERY, keeper.follow),
        Job("follow_service_keys", FOLLOW_EVERY, service_keys.follow),
        Job("note_key_uses", _NOTE_EVERY, service_keys.flush),
        Job("write_flights", FOLLOW_EVERY, recorder.follow),
        Job("read_apps", _RELOAD_EVERY, directory.reload),
        Job("watch_app_secrets", _WATCH_EVERY, secrets.follow),
        Job("read_signing_keys", _KEYS_EVERY, read_keys),
        Job("keep_ledger", _LEDGER_EVERY, ledger.catch_up),
        Job("sweep", _SWEEP_EVERY, sweeping.run),
        Job("sweep_avatars", _SWEEP_EVERY, avatars.sweep),
    ]
