"""Where the teas are kept: a connection for one request."""

import os
import sqlite3
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends


def database() -> Iterator[sqlite3.Connection]:
    """Committed when the request went well."""
    connection = sqlite3.connect(os.environ.get("TEA_DATABASE", "teas.db"), check_same_thread=False)
    try:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS kept (user_id TEXT, tea TEXT, PRIMARY KEY (user_id, tea)) WITHOUT ROWID"
        )
        with connection:
            yield connection
    finally:
        connection.close()


Database = Annotated[sqlite3.Connection, Depends(database)]
