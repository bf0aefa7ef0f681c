"""Which releases a migrated database still lets work, told to the database itself.

Each version declares `compatible_with`: the schema of the oldest release that may work on what the version leaves.
A version that only adds declares what its predecessor declared; one that takes away what a release used declares
the first release that does without.
"""

from typing import Final

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, column, insert, inspect, select, table, update

FIRST: Final = "0013"
"""The first version that declares it: releases before it look at nothing but their own schema."""

_ROW: Final = table("compatibility", column("id"), column("oldest_schema"))


def declared(scripts: ScriptDirectory) -> dict[str, str]:
    """What each version declares, earliest first. Raises AttributeError for one that does not."""
    versions = sorted(scripts.walk_revisions(), key=lambda script: script.revision)
    return {script.revision: script.module.compatible_with for script in versions if script.revision >= FIRST}


def announce(connection: Connection, scripts: ScriptDirectory) -> None:
    """Raise what the database says to what the versions declare; it never falls. Nothing without the table.

    Called before the first step, too: where DDL commits by itself, an old release has to learn that it may
    work no longer before what it uses is taken away.
    """
    if not inspect(connection).has_table(_ROW.name):
        return
    oldest = max(declared(scripts).values())
    said = connection.execute(select(_ROW.c.oldest_schema).where(_ROW.c.id == 1)).scalar()
    if said is None:
        connection.execute(insert(_ROW).values(id=1, oldest_schema=oldest))
    elif said < oldest:
        connection.execute(update(_ROW).where(_ROW.c.id == 1).values(oldest_schema=oldest))
