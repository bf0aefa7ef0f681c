"""The command line as a whole: its commands, and what its exit codes mean."""

import sys
from typing import Final

import typer

from lingpai.admin.audit_checking import AuditInvalidError
from lingpai.admin.clients import ClientInvalidError
from lingpai.admin.import_rows import MappingInvalidError
from lingpai.admin.invalid import AppInvalidError
from lingpai.admin.operators import OperatorInvalidError
from lingpai.admin.people import SameUserError
from lingpai.admin.sealing import MasterKeysError, NodesBehindError
from lingpai.admin.webhooks import WebhookInvalidError
from lingpai.cli import (
    apps,
    audit,
    backup,
    clients,
    dev,
    doctor,
    erasures,
    explain,
    importing,
    keys,
    operators,
    pushes,
    scan,
    serve,
    setup,
    token,
    users,
    webhooks,
)
from lingpai.cli.backup_errors import BACKUP_ERRORS, told_of_backups
from lingpai.cli.erasures import LedgerInvalidError
from lingpai.cli.output import NotFoundError, complain
from lingpai.config import ConfigInvalidError
from lingpai.errors import Problem
from lingpai.keeper import MasterKeyWrongError
from lingpai.observe import TracingMissingError
from lingpai.relay import RelaySettingsError
from lingpai.secret import SealBrokenError
from lingpai.storage.blobs import BlobSettingsError
from lingpai.storage.port import SchemaMismatchError, StorageError, TakenError
from lingpai.storage.port_sources import SourceUnusableError
from lingpai.web.listen import PortTakenError

EXIT_CODES: Final = {
    0: "done",
    1: "failed; of `scan` and `doctor`: something was found; of `audit verify`: the chain is broken",
    2: "wrong usage",
    3: "the settings cannot be used",
    4: "the database is missing, out of date or unavailable",
    5: "what was named does not exist",
    130: "interrupted",
}
"""Documented in the reference; a test holds the two together."""

cli: Final = typer.Typer(
    name="lingpai",
    help="A self-hosted identity server for WeChat apps. 微信应用的自托管身份服务器。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cli.command("dev")(dev.dev)
cli.command("serve")(serve.serve)
cli.command("init")(setup.init)
cli.command("migrate")(setup.migrate)
cli.command("backup")(backup.backup)
cli.command("restore")(backup.restore)
cli.command("doctor")(doctor.doctor)
# A number such as -41003 is no option.
cli.command("explain", context_settings={"ignore_unknown_options": True})(explain.explain)
cli.command("token")(token.token)
cli.command("scan")(scan.scan)
apps.cli.command("push")(pushes.push)
apps.cli.command("events")(pushes.events)
cli.add_typer(apps.cli, name="apps")
cli.add_typer(webhooks.cli, name="webhooks")
users.cli.command("import")(importing.import_users)
users.cli.command("export")(erasures.export)
users.cli.command("erase")(erasures.erase)
users.cli.command("erasures")(erasures.erasures)
cli.add_typer(users.cli, name="users")
cli.add_typer(clients.cli, name="clients")
cli.add_typer(keys.cli, name="keys")
cli.add_typer(audit.cli, name="audit")
cli.add_typer(operators.cli, name="operators")


_UNUSABLE: Final = (
    AppInvalidError,
    AuditInvalidError,
    ClientInvalidError,
    LedgerInvalidError,
    MappingInvalidError,
    OperatorInvalidError,
    SameUserError,
    SourceUnusableError,
    WebhookInvalidError,
)
_REFUSED: Final = (MasterKeysError, NodesBehindError)
_EXPECTED: Final[tuple[type[Exception], ...]] = (
    *_UNUSABLE,
    *BACKUP_ERRORS,
    BlobSettingsError,
    ConfigInvalidError,
    MasterKeyWrongError,
    NotFoundError,
    PortTakenError,
    Problem,
    RelaySettingsError,
    SealBrokenError,
    StorageError,
    TracingMissingError,
)


def main() -> None:
    """Run a command; every expected failure is a sentence and an exit code, never a trace."""
    try:
        cli()
    except _REFUSED as error:
        complain(f"{error}.")
        sys.exit(1)
    except _EXPECTED as error:
        code, lines = told_of_backups(error) or _told(error)
        complain(*lines)
        sys.exit(code)


def _told(error: Exception) -> tuple[int, list[str]]:
    """The exit code and the sentences for a failure that was expected."""
    told: tuple[int, list[str]]
    match error:
        case ConfigInvalidError():
            told = 3, ["The settings cannot be used:", *(f"  {line}" for line in error.complaints)]
        case BlobSettingsError() | RelaySettingsError() | TracingMissingError():
            told = 3, [f"The settings cannot be used: {error}."]
        case MasterKeyWrongError():
            told = (
                3,
                [
                    f"{error}.",
                    "Restore the key file that was in use when the database was made, or last had its master key changed.",
                    "Without it nobody can read what is sealed: AppSecrets, session_keys, phone numbers, signing keys.",
                ],
            )
        case SchemaMismatchError():
            told = 4, [f"The database has the wrong schema ({error}); {error.remedy}."]
        case TakenError():
            told = 1, [f"The {error.what} is taken."]
        case StorageError() | SealBrokenError():
            told = 4, [f"The database cannot be used: {error}"]
        case NotFoundError():
            told = 5, [str(error)]
        case Problem():
            words = (error.kind.title, error.kind.detail, error.hint)
            told = 1, [sentence.say("en", error.facts) for sentence in words]
        case PortTakenError():
            told = 1, [f"{error}. Choose another with --port, or --port 0 for a free one."]
        case _:
            told = 2, [f"{error}."]
    return told
