"""What lingpai tells this backend by webhook: verified by hand, taken once, acted on."""

import base64
import hashlib
import hmac
import json
import os
import sqlite3
import time
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from kept import Database

router = APIRouter()
_FRESH = 300  # seconds


async def message(request: Request) -> dict[str, object]:
    """The message, proven to be lingpai's (Standard Webhooks, v1). The bytes are verified before they are read."""
    body = await request.body()
    try:
        given = {name: request.headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature")}
        key = base64.b64decode(os.environ["LINGPAI_WEBHOOK_SECRET"].removeprefix("whsec_"))
        fresh = abs(time.time() - int(given["timestamp"])) < _FRESH
    except (KeyError, ValueError):
        raise HTTPException(401, "not signed") from None
    content = f"{given['id']}.{given['timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    # Two signatures while the secret is being changed.
    if not fresh or not any(hmac.compare_digest(wanted, each) for each in given["signature"].split(" ")):
        raise HTTPException(401, "not signed by lingpai, or too long ago")
    return {"id": given["id"], **json.loads(body)}


@router.post("/hooks/lingpai", status_code=204)
def told(told: Annotated[dict[str, object], Depends(message)], database: Database) -> None:
    """A message may come twice: its id is kept in the same transaction as what it causes."""
    database.execute("CREATE TABLE IF NOT EXISTS told (id TEXT PRIMARY KEY) WITHOUT ROWID")
    try:
        database.execute("INSERT INTO told VALUES (?)", (told["id"],))
    except sqlite3.IntegrityError:
        return
    data = told["data"]
    if told["type"] == "user.erased" and isinstance(data, dict):
        database.execute("DELETE FROM kept WHERE user_id = ?", (data["user_id"],))
    if told["type"] == "user.merged" and isinstance(data, dict):
        database.execute(
            "UPDATE OR IGNORE kept SET user_id = ? WHERE user_id = ?",
            (data["user_id"], data["merged_user_id"]),
        )
