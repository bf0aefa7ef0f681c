"""Running migrations on a connection that the dialect has opened and locked."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from lingpai.storage.port import OnProgress
from lingpai.storage.sql.migrations.neighbours import announce


def revisions() -> frozenset[str]:
    """Every revision this release knows."""
    scripts = ScriptDirectory.from_config(_config())
    return frozenset(script.revision for script in scripts.walk_revisions())


def upgrade(connection: Connection, found: str | None, on_progress: OnProgress | None = None) -> None:
    """Bring the database from revision `found` to the last, and say which releases may still work with it.

    Begins and commits nothing: that is the caller's part.
    """
    config = _config()
    scripts = ScriptDirectory.from_config(config)
    due = list(scripts.iterate_revisions("head", found or "base"))
    done = 0

    def applied(**_told: Any) -> None:
        nonlocal done
        done += 1
        if on_progress is not None:
            on_progress(done, len(due))

    if not connection.in_transaction():
        connection.begin()  # Alembic leaves a transaction alone that it did not begin
    config.attributes["connection"] = connection
    config.attributes["on_version_apply"] = applied
    announce(connection, scripts)
    command.upgrade(config, "head")
    announce(connection, scripts)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
