"""People and their WeChat identities: reading."""

from sqlalchemy import Connection, func, or_, select

from lingpai.model import Identity, User
from lingpai.storage.sql.aliases import resolved
from lingpai.storage.sql.tables import identities, user_aliases, users

_ITSELF = users.c.id.not_in(select(user_aliases.c.alias_id))
"""Not joined to another: an alias is no user of its own any more."""


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
    """Looks at every row: people search seldom, and an index would make each login dearer."""
    if not text:
        return []
    named = select(identities.c.user_id).where(or_(identities.c.openid == text, identities.c.unionid == text))
    query = (
        select(users)
        .where(
            _ITSELF,
            or_(
                users.c.id == resolved(connection, text),
                users.c.id.in_(named),
                func.substr(users.c.nickname, 1, len(text)) == text,
            ),
        )
        .order_by(users.c.id.desc())
        .limit(limit)
    )
    return [User(**row) for row in connection.execute(query).mappings()]


def count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(users).where(_ITSELF)).scalar_one()
