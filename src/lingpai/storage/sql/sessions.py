"""Being signed in: lists, counts, and ending everything of one user."""

from sqlalchemy import Connection, and_, delete, exists, func, select, union_all, update

from lingpai.model import EndReason, Session
from lingpai.storage.sql.aliases import resolved
from lingpai.storage.sql.tables import erased_sessions, identities, session_keys, sessions


def end_all(connection: Connection, user_id: str, reason: EndReason, at: int) -> list[str]:
    user_id = resolved(connection, user_id)
    running = and_(sessions.c.user_id == user_id, sessions.c.ended_at.is_(None), sessions.c.expires_at > at)
    ids = list(
        connection.scalars(select(sessions.c.id).where(running).order_by(sessions.c.id).with_for_update())
    )
    connection.execute(update(sessions).where(running).values(ended_at=at, end_reason=reason))
    connection.execute(
        delete(session_keys).where(
            exists().where(
                identities.c.user_id == user_id,
                identities.c.appid == session_keys.c.appid,
                identities.c.openid == session_keys.c.openid,
            )
        )
    )
    return ids


def ended_since(connection: Connection, at: int) -> list[tuple[str, int]]:
    ended = union_all(
        *(
            select(each.c.id, each.c.ended_at).where(each.c.ended_at >= at)
            for each in (sessions, erased_sessions)
        )
    ).subquery()
    rows = connection.execute(select(ended).order_by(ended.c.ended_at, ended.c.id))
    return [(row.id, row.ended_at) for row in rows]


def of_user(connection: Connection, user_id: str, limit: int | None) -> list[Session]:
    user_id = resolved(connection, user_id)
    query = select(sessions).where(sessions.c.user_id == user_id).order_by(sessions.c.id.desc()).limit(limit)
    return [Session(**row) for row in connection.execute(query).mappings()]


def recent(connection: Connection, limit: int) -> list[Session]:
    query = select(sessions).order_by(sessions.c.id.desc()).limit(limit)
    return [Session(**row) for row in connection.execute(query).mappings()]


def count_running(connection: Connection, at: int) -> int:
    query = select(func.count()).where(sessions.c.ended_at.is_(None), sessions.c.expires_at > at)
    return connection.execute(query).scalar_one()
