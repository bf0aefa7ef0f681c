"""What `lingpai backup`, `restore` and a server after a restore say when it cannot be done: exit code and words."""

from typing import Final

from lingpai.admin.backing_up import BackupElsewhereError, BackupExistsError, BackupFailedError
from lingpai.admin.backup_archive import BackupInvalidError
from lingpai.admin.restored import DatabaseOlderError
from lingpai.admin.restoring import PlaceTakenError
from lingpai.cli.backup import RestoreUsageError
from lingpai.secret import OtherKeyError
from lingpai.storage.blobs import BlobsUnavailableError
from lingpai.storage.ledger_file import LedgerUnusableError
from lingpai.storage.port_files import DatabaseInUseError

BACKUP_ERRORS: Final[dict[type[Exception], tuple[int, str]]] = {
    BackupInvalidError: (1, "The backup cannot be used: {error}."),
    BackupFailedError: (1, "The backup cannot be written: {error}."),
    BlobsUnavailableError: (1, "The pictures cannot be reached: {error}."),
    BackupElsewhereError: (2, "{error}"),
    BackupExistsError: (2, "{error}. A backup is never overwritten."),
    PlaceTakenError: (2, "{error}. With --force it is moved aside and kept."),
    RestoreUsageError: (2, "{error}."),
    OtherKeyError: (
        3,
        "The backup was sealed under another master key. Put the one that was in force when it was made into master_key_previous_file, or in the place of the present one.",
    ),
    DatabaseInUseError: (4, "{error}. Stop every server, and every command that has it open."),
    DatabaseOlderError: (
        4,
        "The database came from a backup, and was not seen to: {error}. Run: lingpai restore --after-dump",
    ),
    LedgerUnusableError: (4, "The ledger cannot be used: {error}."),
}


def told_of_backups(error: Exception) -> tuple[int, list[str]] | None:
    """The exit code and the sentence, or None for an error of something else."""
    for kind, (code, words) in BACKUP_ERRORS.items():
        if isinstance(error, kind):
            return code, [words.format(error=error)]
    return None
