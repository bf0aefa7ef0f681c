"""Running migrations on a connection that the dialect has opened and locked."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from lingpai.storage.sql.migrations.neighbours import announce


def revisions() -> frozenset[str]:
    """Every revision this release knows."""
    scripts = ScriptDirectory.from_config(_config())
    return frozenset(script.revision for script in scripts.walk_revisions())


def upgrade(connection: Connection) -> None:
    """Bring the database to the last revision, and say which releases may still work with it.

    Begins and commits nothing: that is the caller's part.
    """
    if not connection.in_transaction():
        connection.begin()  # Alembic leaves a transaction alone that it did not begin
    config = _config()
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    announce(connection, scripts)
    command.upgrade(config, "head")
    announce(connection, scripts)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
