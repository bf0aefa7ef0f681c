"""People and their WeChat identities: reading."""

from typing import Final

from sqlalchemy import Connection, Select, func, select

from lingpai.model import Identity, User
from lingpai.storage.sql.aliases import resolved
from lingpai.storage.sql.tables import identities, user_aliases, users

_ITSELF = users.c.id.not_in(select(user_aliases.c.alias_id))
"""Not joined to another: an alias is no user of its own any more."""
_SURROGATES: Final = 0xD800
_BEHIND_SURROGATES: Final = 0xE000


def get(connection: Connection, user_id: str) -> User | None:
    query = select(users).where(users.c.id == resolved(connection, user_id))
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else User(**row)


def identities_of(connection: Connection, user_id: str) -> list[Identity]:
    rows = connection.execute(
        select(identities)
        .where(identities.c.user_id == resolved(connection, user_id))
        .order_by(identities.c.created_at, identities.c.appid, identities.c.openid)
    )
    return [Identity(**row) for row in rows.mappings()]


def page(connection: Connection, limit: int, before: str | None) -> list[User]:
    query = select(users).where(_ITSELF).order_by(users.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(users.c.id < before)
    return [User(**row) for row in connection.execute(query).mappings()]


def find(connection: Connection, text: str, limit: int) -> list[User]:
    """Each way to be meant has an index of its own, so each is a question of its own."""
    if not text:
        return []
    ids = {resolved(connection, text)}
    for name in (identities.c.openid, identities.c.unionid):
        named = select(identities.c.user_id).where(name == text).distinct()
        ids.update(connection.scalars(named.order_by(identities.c.user_id.desc()).limit(limit)))
    ids.update(connection.scalars(_nicknamed(text).limit(limit)))
    query = select(users).where(_ITSELF, users.c.id.in_(ids)).order_by(users.c.id.desc()).limit(limit)
    return [User(**row) for row in connection.execute(query).mappings()]


def _nicknamed(beginning: str) -> Select[tuple[str]]:
    """Users whose nickname begins so: a range of the index, and within it the very text."""
    within = [users.c.nickname >= beginning, func.substr(users.c.nickname, 1, len(beginning)) == beginning]
    end = _behind(beginning)
    if end is not None:
        within.append(users.c.nickname < end)
    return select(users.c.id).where(_ITSELF, *within).order_by(users.c.id.desc())


def _behind(beginning: str) -> str | None:
    """The first text behind all that begin so; None, when there is none."""
    shortened = beginning.rstrip("\U0010ffff")
    if not shortened:
        return None
    after = ord(shortened[-1]) + 1
    # Surrogates are no characters; no database holds one.
    return shortened[:-1] + chr(_BEHIND_SURROGATES if after == _SURROGATES else after)


def named(connection: Connection, user_ids: list[str]) -> dict[str, User]:
    aliases = select(user_aliases).where(user_aliases.c.alias_id.in_(user_ids))
    meant = {row.alias_id: row.user_id for row in connection.execute(aliases)}
    wanted = {one: meant.get(one, one) for one in user_ids}
    query = select(users).where(users.c.id.in_(set(wanted.values())))
    known = {row["id"]: User(**row) for row in connection.execute(query).mappings()}
    return {one: known[now] for one, now in wanted.items() if now in known}


def count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(users).where(_ITSELF)).scalar_one()
