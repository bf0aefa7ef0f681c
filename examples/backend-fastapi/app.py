"""The tea shop's backend: which teas does each person keep? Run it with: uvicorn app:app --port 8010"""

from typing import Annotated

import told
from fastapi import FastAPI, Path
from kept import Database
from signed_in import UserId

app = FastAPI(title="Tea shop")
app.include_router(told.router)
Tea = Annotated[str, Path(pattern="^[a-z]{1,32}$")]


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
