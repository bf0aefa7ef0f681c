"""Forgetting a person: one unit of work over every table that knows of somebody."""

import msgspec
from sqlalchemy import Connection, delete, exists, insert, or_, select, update

from lingpai.model import Erased, Erasure, ledger_of
from lingpai.storage.sql.aliases import members
from lingpai.storage.sql.tables import (
    avatars,
    erased_sessions,
    erasures,
    identities,
    login_attempts,
    login_events,
    merges,
    phones,
    profiles,
    refresh_tokens,
    session_keys,
    sessions,
    tickets,
    unions,
    user_aliases,
    user_tokens,
    users,
)


def commit(connection: Connection, erasure: Erasure, user_id: str, now: int) -> Erased | None:
    ids = members(connection, user_id)
    # The lock keeps a login from finding the person in between.
    person = select(users.c.avatar_url).where(users.c.id == ids[0]).with_for_update()
    found = connection.execute(person).one_or_none()
    if found is None:
        return None
    known = _known(connection, erasure.user_digest)
    for line in ledger_of(erasure, user_id, ids):
        if _known(connection, line.user_digest) is None:
            connection.execute(insert(erasures).values(msgspec.structs.asdict(line)))
    ended = _sessions(connection, ids, now)
    _identities(connection, ids)
    connection.execute(
        update(login_events).where(login_events.c.user_id.in_(ids)).values(user_id=None, session_id=None)
    )
    connection.execute(update(avatars).where(avatars.c.user_id.in_(ids)).values(user_id=None))
    for table in (phones, profiles):
        connection.execute(delete(table).where(table.c.user_id.in_(ids)))
    # What a merge moved is written there by openid and unionid.
    connection.execute(delete(merges).where(or_(merges.c.winner.in_(ids), merges.c.loser.in_(ids))))
    connection.execute(delete(user_aliases).where(user_aliases.c.user_id.in_(ids)))
    connection.execute(delete(users).where(users.c.id.in_(ids)))
    return Erased(erasure=known or erasure, sessions=ended, avatar_url=found.avatar_url)


def remember(connection: Connection, lines: list[Erasure]) -> int:
    known = set(
        connection.scalars(
            select(erasures.c.user_digest).where(
                erasures.c.user_digest.in_([line.user_digest for line in lines])
            )
        )
    )
    taken = set(
        connection.scalars(select(erasures.c.id).where(erasures.c.id.in_([line.id for line in lines])))
    )
    new = [line for line in lines if line.user_digest not in known and line.id not in taken]
    if new:
        connection.execute(insert(erasures), [msgspec.structs.asdict(line) for line in new])
    return len(new)


def page(connection: Connection, limit: int, before: str | None) -> list[Erasure]:
    query = select(erasures).order_by(erasures.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(erasures.c.id < before)
    return [Erasure(**row) for row in connection.execute(query).mappings()]


def _known(connection: Connection, digest: bytes) -> Erasure | None:
    query = select(erasures).where(erasures.c.user_digest == digest)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Erasure(**row)


def _sessions(connection: Connection, user_ids: list[str], at: int) -> tuple[str, ...]:
    """End and remove the sessions with all that hangs on them; their ids."""
    own = sessions.c.user_id.in_(user_ids)
    ids = list(connection.scalars(select(sessions.c.id).where(own).order_by(sessions.c.id).with_for_update()))
    if ids:
        connection.execute(insert(erased_sessions), [{"id": each, "ended_at": at} for each in ids])
    mine = select(sessions.c.id).where(own)
    for table in (refresh_tokens, tickets):
        connection.execute(delete(table).where(table.c.session_id.in_(mine)))
    # By the time they share with their session, which is indexed; the session alone would mean every attempt.
    began = select(sessions.c.created_at).where(own)
    connection.execute(
        delete(login_attempts).where(
            login_attempts.c.created_at.in_(began), login_attempts.c.session_id.in_(mine)
        )
    )
    connection.execute(delete(sessions).where(own))
    return tuple(ids)


def _identities(connection: Connection, user_ids: list[str]) -> None:
    for table in (session_keys, user_tokens):
        connection.execute(
            delete(table).where(
                exists().where(
                    identities.c.user_id.in_(user_ids),
                    identities.c.appid == table.c.appid,
                    identities.c.openid == table.c.openid,
                )
            )
        )
    for owned in (identities, unions):
        connection.execute(delete(owned).where(owned.c.user_id.in_(user_ids)))
