"""The tea shop's backend: which teas does each person keep? Run it with: uvicorn app:app --port 8010"""

import os
import sqlite3
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI, Path
from signed_in import UserId

app = FastAPI(title="Tea shop")
Tea = Annotated[str, Path(pattern="^[a-z]{1,32}$")]


def database() -> Iterator[sqlite3.Connection]:
    """A connection for one request, committed when it went well."""
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


@app.get("/favourites")
def favourites(user_id: UserId, database: Database) -> dict[str, list[str]]:
    """The caller's own, and nobody else's: the id comes from the token, never from the request."""
    rows = database.execute("SELECT tea FROM kept WHERE user_id = ? ORDER BY tea", (user_id,))
    return {"favourites": [tea for (tea,) in rows]}


@app.put("/favourites/{tea}")
def keep(tea: Tea, user_id: UserId, database: Database) -> dict[str, list[str]]:
    database.execute("INSERT OR IGNORE INTO kept VALUES (?, ?)", (user_id, tea))
    return favourites(user_id, database)


@app.delete("/favourites/{tea}")
def drop(tea: Tea, user_id: UserId, database: Database) -> dict[str, list[str]]:
    database.execute("DELETE FROM kept WHERE user_id = ? AND tea = ?", (user_id, tea))
    return favourites(user_id, database)
