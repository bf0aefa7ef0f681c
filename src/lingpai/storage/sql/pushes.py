"""Events of WeChat: put on record once, claimed, and acted on in one unit of work."""

from typing import Any, Final

import msgspec
from sqlalchemy import Connection, RowMapping, and_, delete, insert, or_, select, update

from lingpai.model import (
    ClaimedPushEvent,
    Deed,
    Done,
    NewPushEvent,
    PushEvent,
    PushPutting,
    PushSettings,
    user_digest,
)
from lingpai.storage.sql import erasures, webhooks
from lingpai.storage.sql.aliases import members, resolved
from lingpai.storage.sql.tables import (
    avatars,
    identities,
    phones,
    profiles,
    push_events,
    push_settings,
    users,
)

ROWS: Final = 400
_columns: Final = push_events.c
_KEPT: Final = ("key", "appid", "name", "digest", "received_at", "attempts", "outcome", "settled_at")


def settings(connection: Connection) -> list[PushSettings]:
    query = select(push_settings).order_by(push_settings.c.appid)
    return [PushSettings(**row) for row in connection.execute(query).mappings()]


def put_settings(connection: Connection, new: PushSettings) -> None:
    values = msgspec.structs.asdict(new)
    changed = update(push_settings).where(push_settings.c.appid == new.appid).values(values)
    if not connection.execute(changed).rowcount:
        connection.execute(insert(push_settings).values(values))


def remove_settings(connection: Connection, appid: str) -> bool:
    return connection.execute(delete(push_settings).where(push_settings.c.appid == appid)).rowcount > 0


def put(connection: Connection, event: NewPushEvent, now: int) -> PushPutting:
    query = select(_columns.key).where(or_(_columns.key == event.key, _columns.nonce == event.nonce))
    found = list(connection.scalars(query))
    if found:
        return "known" if event.key in found else "nonce_spent"
    connection.execute(
        insert(push_events).values(
            key=event.key,
            nonce=event.nonce,
            appid=event.appid,
            name=event.name,
            sealed=event.sealed,
            digest=event.digest,
            received_at=event.at,
            attempts=0,
            fence=0,
            next_at=now,
            forgotten="",
        )
    )
    return "new"


def due(connection: Connection, now: int) -> bool:
    """Whether anything can be claimed: asked of a reader, so that an idle node writes nothing."""
    query = select(_columns.key).where(_columns.next_at <= now).limit(1)
    return connection.execute(query).one_or_none() is not None


def claim(connection: Connection, limit: int, lease: int, now: int) -> list[ClaimedPushEvent]:
    due = (
        select(push_events)
        .where(_columns.next_at <= now)
        .order_by(_columns.next_at, _columns.received_at)
        .limit(limit)
    )
    claimed = []
    for row in connection.execute(due).mappings().all():
        fence = row["fence"] + 1
        taken = (
            update(push_events)
            .where(_columns.key == row["key"], _columns.fence == row["fence"], _columns.next_at.is_not(None))
            .values(fence=fence, next_at=now + lease, attempts=row["attempts"] + 1)
        )
        if connection.execute(taken).rowcount:
            claimed.append(ClaimedPushEvent(event=_event(row), sealed=row["sealed"], fence=fence))
    return claimed


def settle(connection: Connection, deed: Deed, now: int) -> Done | None:
    """The event is closed first: two nodes that believe it theirs meet at that row, and one finds it closed."""
    ours = (
        update(push_events)
        .where(_columns.key == deed.key, _columns.fence == deed.fence, _columns.next_at.is_not(None))
        .values(next_at=None, settled_at=deed.at, sealed=None)
    )
    if not connection.execute(ours).rowcount:
        return None
    user_id = _whom(connection, deed)
    if deed.openid is not None and user_id is None:
        done = Done(outcome="nobody", user_id=None)
    else:
        done = _done(connection, deed, user_id, now)
        webhooks.tell(connection, deed.notices, now)
    connection.execute(
        update(push_events)
        .where(_columns.key == deed.key)
        .values(
            outcome=done.outcome,
            forgotten=",".join(deed.forget) if done.outcome == "forgot" else "",
            user_digest=None if user_id is None else user_digest(user_id),
        )
    )
    return done


def set_back(connection: Connection, key: bytes, fence: int, retry_in: int, now: int) -> None:
    connection.execute(
        update(push_events)
        .where(_columns.key == key, _columns.fence == fence, _columns.next_at.is_not(None))
        .values(next_at=now + retry_in)
    )


def page(
    connection: Connection, limit: int, appid: str | None, before: tuple[int, bytes] | None
) -> list[PushEvent]:
    query = select(push_events).order_by(_columns.received_at.desc(), _columns.key.desc()).limit(limit)
    if appid is not None:
        query = query.where(_columns.appid == appid)
    if before is not None:
        at, key = before
        query = query.where(
            or_(_columns.received_at < at, and_(_columns.received_at == at, _columns.key < key))
        )
    return [_event(row) for row in connection.execute(query).mappings()]


def sweep(connection: Connection, before: int) -> int:
    query = select(_columns.key).where(_columns.settled_at < before).limit(ROWS)
    keys = list(connection.scalars(query))
    if keys:
        connection.execute(delete(push_events).where(_columns.key.in_(keys)))
    return len(keys)


def _whom(connection: Connection, deed: Deed) -> str | None:
    if deed.openid is None:
        return None
    appid = select(_columns.appid).where(_columns.key == deed.key).scalar_subquery()
    query = select(identities.c.user_id).where(
        identities.c.appid == appid, identities.c.openid == deed.openid
    )
    found: str | None = connection.execute(query).scalar_one_or_none()
    return None if found is None else resolved(connection, found)


def _done(connection: Connection, deed: Deed, user_id: str | None, now: int) -> Done:
    if user_id is None:
        return Done(outcome=deed.outcome, user_id=None)
    if deed.erasure is not None:
        erased = erasures.commit(connection, deed.erasure, user_id, now)
        if erased is None:
            return Done(outcome="nobody", user_id=None)
        return Done(outcome="erased", user_id=user_id, avatar_url=erased.avatar_url, sessions=erased.sessions)
    picture = None
    if "avatar" in deed.forget:
        query = select(users.c.avatar_url).where(users.c.id == user_id).with_for_update()
        picture = connection.execute(query).scalar_one_or_none()
    _forget(connection, deed, user_id)
    return Done(outcome=deed.outcome, user_id=user_id, avatar_url=picture)


def _forget(connection: Connection, deed: Deed, user_id: str) -> None:
    columns = {"nickname": "nickname", "avatar": "avatar_url"}
    gone: dict[str, Any] = {columns[field]: None for field in deed.forget if field in columns}
    if gone:
        connection.execute(update(users).where(users.c.id == user_id).values(gone))
    if "avatar" in deed.forget:
        connection.execute(update(avatars).where(avatars.c.user_id == user_id).values(user_id=None))
    if "phone" in deed.forget:
        connection.execute(delete(phones).where(phones.c.user_id.in_(members(connection, user_id))))
    told: dict[str, Any] = {"details": "{}"} if "details" in deed.forget else {}
    if deed.outcome == "outdated" or gone:
        # As old as can be: whoever reads profiles anew finds this one first.
        told["updated_at"] = 0
    if told:
        connection.execute(update(profiles).where(profiles.c.user_id == user_id).values(told))


def _event(row: RowMapping) -> PushEvent:
    forgotten: Any = tuple(row["forgotten"].split(",")) if row["forgotten"] else ()
    return PushEvent(
        **{name: row[name] for name in _KEPT}, forgotten=forgotten, user_digest=row["user_digest"]
    )
