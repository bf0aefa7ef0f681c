"""The login history: reading."""

from sqlalchemy import Connection, select

from lingpai.model import LoginEvent
from lingpai.storage.sql.aliases import members
from lingpai.storage.sql.flights import read
from lingpai.storage.sql.tables import login_events


def recent(connection: Connection, limit: int, user_id: str | None) -> list[LoginEvent]:
    query = select(login_events).order_by(login_events.c.id.desc()).limit(limit)
    if user_id is not None:
        query = query.where(login_events.c.user_id.in_(members(connection, user_id)))
    return [read(row) for row in connection.execute(query).mappings()]
