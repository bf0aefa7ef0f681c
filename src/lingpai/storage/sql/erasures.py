"""Forgetting a person: one unit of work over every table that knows of somebody."""

import msgspec
from sqlalchemy import Connection, delete, exists, insert, select, update

from lingpai.model import Erased, Erasure
from lingpai.storage.sql.tables import (
    avatars,
    erased_sessions,
    erasures,
    identities,
    login_attempts,
    login_events,
    phones,
    profiles,
    refresh_tokens,
    session_keys,
    sessions,
    unions,
    users,
)


def commit(connection: Connection, erasure: Erasure, user_id: str, now: int) -> Erased | None:
    # The lock keeps a login from finding the person in between.
    person = select(users.c.avatar_url).where(users.c.id == user_id).with_for_update()
    found = connection.execute(person).one_or_none()
    if found is None:
        return None
    known = _known(connection, erasure.user_digest)
    if known is None:
        connection.execute(insert(erasures).values(msgspec.structs.asdict(erasure)))
    ended = _sessions(connection, user_id, now)
    _identities(connection, user_id)
    connection.execute(
        update(login_events).where(login_events.c.user_id == user_id).values(user_id=None, session_id=None)
    )
    connection.execute(update(avatars).where(avatars.c.user_id == user_id).values(user_id=None))
    for table in (phones, profiles):
        connection.execute(delete(table).where(table.c.user_id == user_id))
    connection.execute(delete(users).where(users.c.id == user_id))
    return Erased(erasure=known or erasure, sessions=ended, avatar_url=found.avatar_url)


def page(connection: Connection, limit: int, before: str | None) -> list[Erasure]:
    query = select(erasures).order_by(erasures.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(erasures.c.id < before)
    return [Erasure(**row) for row in connection.execute(query).mappings()]


def _known(connection: Connection, digest: bytes) -> Erasure | None:
    query = select(erasures).where(erasures.c.user_digest == digest)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Erasure(**row)


def _sessions(connection: Connection, user_id: str, at: int) -> tuple[str, ...]:
    """End and remove the sessions with all that hangs on them; their ids."""
    own = sessions.c.user_id == user_id
    ids = list(connection.scalars(select(sessions.c.id).where(own).order_by(sessions.c.id).with_for_update()))
    if ids:
        connection.execute(insert(erased_sessions), [{"id": each, "ended_at": at} for each in ids])
    mine = select(sessions.c.id).where(own)
    connection.execute(delete(refresh_tokens).where(refresh_tokens.c.session_id.in_(mine)))
    # By the time they share with their session, which is indexed; the session alone would mean every attempt.
    began = select(sessions.c.created_at).where(own)
    connection.execute(
        delete(login_attempts).where(
            login_attempts.c.created_at.in_(began), login_attempts.c.session_id.in_(mine)
        )
    )
    connection.execute(delete(sessions).where(own))
    return tuple(ids)


def _identities(connection: Connection, user_id: str) -> None:
    connection.execute(
        delete(session_keys).where(
            exists().where(
                identities.c.user_id == user_id,
                identities.c.appid == session_keys.c.appid,
                identities.c.openid == session_keys.c.openid,
            )
        )
    )
    for table in (identities, unions):
        connection.execute(delete(table).where(table.c.user_id == user_id))
