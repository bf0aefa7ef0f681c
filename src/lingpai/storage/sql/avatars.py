"""Which pictures are kept for whom."""

from sqlalchemy import Connection, and_, delete, insert, select

from lingpai.model import Adopted, Avatar, ProfileChange
from lingpai.storage.sql import profiles
from lingpai.storage.sql.tables import avatars, users


def begin(connection: Connection, avatar: Avatar) -> bool:
    if not _locked(connection, avatar.user_id):
        return False
    values = {"url": avatar.url, "user_id": avatar.user_id, "created_at": avatar.at}
    connection.execute(insert(avatars).values(values))
    return True


def adopt(connection: Connection, avatar: Avatar) -> Adopted | None:
    if not _locked(connection, avatar.user_id):
        return None
    query = select(users.c.avatar_url).where(users.c.id == avatar.user_id)
    replaced = connection.execute(query).scalar_one()
    change = ProfileChange(avatar_url=avatar.url, source="person", at=avatar.at)
    profiles.put(connection, avatar.user_id, change)
    return Adopted(replaced=replaced)


def orphans(connection: Connection, before: int, limit: int) -> list[str]:
    in_use = and_(users.c.id == avatars.c.user_id, users.c.avatar_url == avatars.c.url)
    query = (
        select(avatars.c.url)
        .join(users, in_use, isouter=True)
        .where(avatars.c.created_at < before, users.c.id.is_(None))
        .order_by(avatars.c.created_at, avatars.c.url)
        .limit(limit)
    )
    return list(connection.scalars(query))


def forget(connection: Connection, url: str) -> None:
    connection.execute(delete(avatars).where(avatars.c.url == url))


def _locked(connection: Connection, user_id: str) -> bool:
    """Whether there is such a user; the row is held, so that no erasure slips in between."""
    query = select(users.c.id).where(users.c.id == user_id).with_for_update()
    return connection.execute(query).one_or_none() is not None
