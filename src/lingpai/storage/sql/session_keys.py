"""The ring of session_keys, changed by something else than a login."""

from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from lingpai.model import NewSessionKey
from lingpai.storage.sql.tables import session_keys

_KEPT: Final = 3


def push(connection: Connection, appid: str, openid: str, key: NewSessionKey, at: int) -> None:
    """Raises TakenError when another unit of work pushes the same key at the same moment."""
    ring = (session_keys.c.appid == appid, session_keys.c.openid == openid)
    newest = connection.scalar(select(func.max(session_keys.c.position)).where(*ring)) or 0
    connection.execute(delete(session_keys).where(*ring, session_keys.c.fingerprint == key.fingerprint))
    connection.execute(
        insert(session_keys).values(
            appid=appid,
            openid=openid,
            fingerprint=key.fingerprint,
            sealed=key.sealed,
            received_at=at,
            position=newest + 1,
        )
    )
    kept = select(session_keys.c.position).where(*ring).order_by(session_keys.c.position.desc()).limit(_KEPT)
    last = list(connection.scalars(kept))[-1]
    connection.execute(delete(session_keys).where(*ring, session_keys.c.position < last))
