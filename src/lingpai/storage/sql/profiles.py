"""What is known of people beside their identities: profile and phone number."""

from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from lingpai.model import Phone, Profile, ProfileChange, ProfileDetails, User
from lingpai.storage.sql.tables import phones, profiles, users


def get(connection: Connection, user_id: str) -> Profile | None:
    query = (
        select(users, profiles.c.details, profiles.c.source, profiles.c.updated_at)
        .join(profiles, profiles.c.user_id == users.c.id, isouter=True)
        .where(users.c.id == user_id)
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    names = User.__struct_fields__
    return Profile(
        user=User(**{name: row[name] for name in names}),
        details=msgspec.json.decode(row["details"] or "{}", type=ProfileDetails),
        source=row["source"],
        updated_at=row["updated_at"],
    )


def put(connection: Connection, user_id: str, change: ProfileChange) -> Profile | None:
    if not _locked(connection, user_id):
        return None
    named: dict[str, Any] = {
        name: value
        for name in ("nickname", "avatar_url")
        if (value := getattr(change, name)) is not msgspec.UNSET
    }
    if named:
        connection.execute(update(users).where(users.c.id == user_id).values(named))
    told: dict[str, Any] = {"source": change.source, "updated_at": change.at}
    if change.details is not msgspec.UNSET:
        told["details"] = msgspec.json.encode(change.details).decode()
    changed = connection.execute(update(profiles).where(profiles.c.user_id == user_id).values(told))
    if not changed.rowcount:
        connection.execute(insert(profiles).values({"user_id": user_id, "details": "{}", **told}))
    return get(connection, user_id)


def phone(connection: Connection, user_id: str) -> Phone | None:
    row = connection.execute(select(phones).where(phones.c.user_id == user_id)).mappings().one_or_none()
    return None if row is None else Phone(**row)


def put_phone(connection: Connection, new: Phone) -> bool:
    if not _locked(connection, new.user_id):
        return False
    values = msgspec.structs.asdict(new)
    changed = connection.execute(update(phones).where(phones.c.user_id == new.user_id).values(values))
    if not changed.rowcount:
        connection.execute(insert(phones).values(values))
    return True


def with_phone(connection: Connection, blind_index: bytes, limit: int) -> list[User]:
    query = (
        select(users)
        .join(phones, phones.c.user_id == users.c.id)
        .where(phones.c.blind_index == blind_index)
        .order_by(users.c.id.desc())
        .limit(limit)
    )
    return [User(**row) for row in connection.execute(query).mappings()]


def _locked(connection: Connection, user_id: str) -> bool:
    """Whether there is such a user; the row is held, so that two changes go one after the other."""
    query = select(users.c.id).where(users.c.id == user_id).with_for_update()
    return connection.execute(query).one_or_none() is not None
