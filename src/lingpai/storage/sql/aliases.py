"""Which user an id means: itself, or the one it was joined to."""

from sqlalchemy import Connection, select

from lingpai.storage.sql.tables import user_aliases


def resolved(connection: Connection, user_id: str) -> str:
    """The user `user_id` means now."""
    query = select(user_aliases.c.user_id).where(user_aliases.c.alias_id == user_id)
    found: str | None = connection.execute(query).scalar_one_or_none()
    return user_id if found is None else found


def members(connection: Connection, user_id: str) -> list[str]:
    """Every id that means the same user as `user_id`, its own first."""
    user = resolved(connection, user_id)
    aliases = select(user_aliases.c.alias_id).where(user_aliases.c.user_id == user)
    return [user, *connection.scalars(aliases.order_by(user_aliases.c.alias_id))]
