"""`lingpai backup` and `lingpai restore`."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit, urlunsplit

import typer

from lingpai.accounts import Avatars, Erasing, Studio
from lingpai.admin.after_restore import AfterRestore, Followed
from lingpai.admin.audit import AuditLog
from lingpai.admin.backing_up import BackingUp, BackupElsewhereError, Made, refuse_existing
from lingpai.admin.restoring import RestoredFile, Restoring
from lingpai.app import VERSION, blob_settings, ledger_of
from lingpai.cli.output import ConfigFile, Json, complain, emit_json, emit_table, say, when
from lingpai.cli.person import whoever
from lingpai.cli.progress import progress
from lingpai.clock import SystemClock
from lingpai.config import Config, load_config, master_key_bytes, master_keys
from lingpai.keeper import open_vault
from lingpai.observe import configure_logs
from lingpai.storage import open_store
from lingpai.storage.blobs import Blobs, open_blobs
from lingpai.storage.ledger_file import LedgerFile, LedgerLine
from lingpai.storage.port import SchemaMismatchError, Store
from lingpai.webhooks import Notices

_MIB: Final = 1 << 20


class RestoreUsageError(ValueError):
    """A restore was asked for in a way that means nothing; the message says how to ask."""


def backup(
    file: Annotated[
        Path, typer.Argument(help="Where to write it. A file that is there is never overwritten.")
    ],
    *,
    plain: Annotated[
        bool,
        typer.Option("--plain", help="Do not encrypt it: an ordinary tar file, with personal data in it."),
    ] = False,
    without_avatars: Annotated[
        bool, typer.Option("--without-avatars", help="Leave the pictures out.")
    ] = False,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Write the database and the pictures to one file, encrypted under the master key; the server may run."""
    settings = _settings(config)
    made = asyncio.run(_backup(settings, file, plain=plain, pictures=not without_avatars, json=json))
    if json:
        emit_json(made)
        return
    say(f"{made.file} has the database as it was at {when(made.made_at)}, and {made.pictures} pictures.")
    if made.pictures_missing:
        complain(f"{made.pictures_missing} pictures on record were not found.")
    if made.sealed:
        say("It opens with the master key only. Keep that in another place.")
    else:
        complain("It is not encrypted: whoever has it can read nicknames and openids.")


def restore(
    file: Annotated[Path | None, typer.Argument(help="A file that `lingpai backup` wrote.")] = None,
    *,
    after_dump: Annotated[
        bool,
        typer.Option(
            "--after-dump", help="The database is back already (pg_restore, mariadb): do what must follow."
        ),
    ] = False,
    ledger: Annotated[
        Path | None, typer.Option(help="A ledger from elsewhere, beside the one that the settings name.")
    ] = None,
    revoke_service_keys: Annotated[
        bool,
        typer.Option(
            "--revoke-service-keys", help="Revoke every key that comes back, of services and of operators."
        ),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="There is a database: move it aside. It is kept.")
    ] = False,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Bring a backup back: erased people go again, no session of before runs. Stop every server first."""
    if (file is None) != after_dump:
        raise RestoreUsageError(
            "Say which FILE to restore, or --after-dump when the database is back already"
        )
    settings = _settings(config)
    extra = _lines_of(ledger)
    if file is None:
        followed = asyncio.run(_after_dump(settings, extra, all_keys=revoke_service_keys, json=json))
        _tell(followed, json=json)
        return
    restored = asyncio.run(
        _restore(settings, file, extra, all_keys=revoke_service_keys, force=force, json=json)
    )
    if json:
        emit_json(restored)
        return
    say(f"The database of {when(restored.made_at)} is in its place, with {restored.pictures} pictures.")
    if restored.schema_found != restored.schema_now:
        say(f"It went from schema {restored.schema_found} to {restored.schema_now}.")
    if restored.former is not None:
        say(f"The former database lies at {restored.former}. It holds personal data: delete it when you can.")
    _tell(restored.followed, json=False)


async def _backup(config: Config, file: Path, *, plain: bool, pictures: bool, json: bool) -> Made:
    try:
        blobs = open_blobs(blob_settings(config)) if pictures else None
        backing_up = BackingUp(config.database_url, blobs, SystemClock(), release=VERSION)
    except BackupElsewhereError:
        raise BackupElsewhereError(_elsewhere(config)) from None
    key = None if plain else master_key_bytes(config)
    refuse_existing(file)
    told = {"sealed": str(not plain).lower(), "pictures": str(pictures).lower()}
    try:
        async with _noted(config, file, **told):
            with (
                progress("Copying, pages", None, json=json) as copied,
                progress("Writing, MiB", None, json=json) as wrote,
            ):
                return await backing_up.make(
                    file,
                    key,
                    on_copied=copied.reach,
                    on_written=lambda done, total: wrote.reach(done // _MIB, -(-(total or 0) // _MIB)),
                )
    finally:
        if blobs is not None:
            await blobs.aclose()


@contextlib.asynccontextmanager
async def _noted(config: Config, file: Path, **told: str) -> AsyncIterator[None]:
    """Said in the audit log, if it is one that this release can write to: a backup before a migration must work."""
    try:
        store = await open_store(config.database_url, clock=SystemClock())
    except SchemaMismatchError as mismatch:
        complain(f"Not noted in the audit log: {mismatch}.")
        yield
        return
    try:
        async with AuditLog(store, SystemClock()).doing(whoever(), "backup.made", file.name, **told):
            yield
    finally:
        await store.aclose()


async def _restore(
    config: Config, file: Path, extra: list[LedgerLine], *, all_keys: bool, force: bool, json: bool
) -> RestoredFile:
    async with _blobs(config) as blobs:

        async def follow(store: Store, known: list[LedgerLine]) -> Followed:
            return await _follow(config, store, blobs, known + extra, (file.name, all_keys), json=json)

        restoring = Restoring(config.database_url, blobs, SystemClock())
        with progress("Reading, MiB", None, json=json) as read:
            return await restoring.restore(
                file,
                master_keys(config),
                follow,
                force=force,
                on_read=lambda done, total: read.reach(done // _MIB, -(-(total or 0) // _MIB)),
            )


async def _after_dump(config: Config, extra: list[LedgerLine], *, all_keys: bool, json: bool) -> Followed:
    async with _blobs(config) as blobs:
        store = await open_store(config.database_url, clock=SystemClock())
        try:
            return await _follow(config, store, blobs, extra, ("a dump", all_keys), json=json)
        finally:
            await store.aclose()


async def _follow(
    config: Config, store: Store, blobs: Blobs, known: list[LedgerLine], what: tuple[str, bool], *, json: bool
) -> Followed:
    clock = SystemClock()
    sealer = await open_vault(store, master_keys(config), clock)
    ledger = ledger_of(store, config)
    studio = Studio()
    try:
        avatars = Avatars(store, blobs, studio, clock)
        erasing = Erasing(store, avatars, clock, notices=Notices(sealer), ledger=ledger)
        lines = {(line.what, line.id): line for line in [*await ledger.lines(), *known]}
        after = AfterRestore(store, sealer, erasing, ledger, clock)
        with (
            progress("Withdrawing, rows", None, json=json) as rows,
            progress("Looking for erased people", None, json=json) as people,
        ):
            return await after.follow(
                list(lines.values()),
                by=whoever(),
                backup=what[0],
                revoke_all_keys=what[1],
                on_rows=rows,
                on_people=people.reach,
            )
    finally:
        await studio.aclose()


@contextlib.asynccontextmanager
async def _blobs(config: Config) -> AsyncIterator[Blobs]:
    blobs = open_blobs(blob_settings(config))
    try:
        yield blobs
    finally:
        await blobs.aclose()


def _tell(followed: Followed, *, json: bool) -> None:
    if json:
        emit_json(followed)
        return
    gone = followed.withdrawn
    say(
        f"{followed.erased_again} erased people came back, and are gone again "
        f"({followed.ledger_lines} lines of the ledger).",
        f"{gone.sessions} sessions ended; every access token of before is refused. People sign in again by wx.login.",
    )
    if followed.keys_revoked:
        say(f"Keys revoked: {', '.join(followed.keys_revoked)}.")
    if followed.keys_valid:
        say(
            f"Service keys that are good: {', '.join(followed.keys_valid)}. If one was revoked and the ledger does "
            "not know it: lingpai clients revoke NAME"
        )
    if followed.operators:
        say(
            f"Operators who can sign in again: {', '.join(followed.operators)}. Disable whoever was disabled or "
            "removed since."
        )
    if followed.apps:
        say("AppSecrets as the backup has them; one that was changed since has to be given again:")
        emit_table(
            ["app", "ends with", "since"], [(a.slug, a.secret_last4, a.secret_since) for a in followed.apps]
        )


def _lines_of(ledger: Path | None) -> list[LedgerLine]:
    if ledger is None:
        return []
    if not ledger.exists():
        raise RestoreUsageError(f"{ledger}: there is no such file")
    lines, unreadable = LedgerFile(ledger).read()
    if unreadable:
        complain(f"{ledger}: {unreadable} lines cannot be read.")
    return lines


def _settings(config: str | None) -> Config:
    settings = load_config(Path(config) if config else None)
    configure_logs(settings.log_level, settings.log_format)  # onto stderr: stdout is data
    return settings


def _elsewhere(config: Config) -> str:
    """The commands for a database that is a server, without its password."""
    parts = urlsplit(config.database_url)
    where = parts._replace(netloc=_named(parts.netloc))
    database = parts.path.removeprefix("/")
    if parts.scheme == "postgresql":
        dump = f"pg_dump --format=custom --file=lingpai.dump '{urlunsplit(where)}'"
    else:
        user = f" --user={parts.username}" if parts.username else ""
        port = f" --port={parts.port}" if parts.port else ""
        dump = (
            f"mariadb-dump --single-transaction --host={parts.hostname or 'localhost'}{port}{user} --password "
            f"{database} > lingpai.sql"
        )
    return (
        f"This database is backed up by its own tools:\n  {dump}\nBack up {config.avatar_dir} and the ledger with "
        "it. After a restore, before any server starts: lingpai restore --after-dump"
    )


def _named(netloc: str) -> str:
    """The user stays, the password does not."""
    who, at, host = netloc.rpartition("@")
    return who.partition(":")[0] + at + host
