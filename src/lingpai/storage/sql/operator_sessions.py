"""Who is signed in at the console, what is under way, keys of programs, and how often somebody failed."""

import msgspec
from sqlalchemy import Connection, RowMapping, delete, insert, or_, select, update

from lingpai.model import OperatorKey, OperatorSession, OperatorStep, Permission, Tries
from lingpai.storage.port import StorageError
from lingpai.storage.sql.tables import operator_keys, operator_sessions, operator_steps, operator_tries


class TooManyError(StorageError):
    """Somebody failed too often; raised so that the unit of work takes back what it drew from the others."""


def add(connection: Connection, session: OperatorSession) -> None:
    connection.execute(insert(operator_sessions).values(msgspec.structs.asdict(session)))


def get(connection: Connection, digest: bytes) -> OperatorSession | None:
    query = select(operator_sessions).where(operator_sessions.c.digest == digest)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else OperatorSession(**row)


def of_operator(connection: Connection, operator_id: str) -> list[OperatorSession]:
    query = (
        select(operator_sessions)
        .where(operator_sessions.c.operator_id == operator_id)
        .order_by(operator_sessions.c.created_at.desc(), operator_sessions.c.id.desc())
    )
    return [OperatorSession(**row) for row in connection.execute(query).mappings()]


def touch(connection: Connection, digest: bytes, at: int) -> None:
    change = update(operator_sessions).where(operator_sessions.c.digest == digest)
    connection.execute(change.values(seen_at=at))


def replace(connection: Connection, digest: bytes, new: OperatorSession) -> bool:
    old = delete(operator_sessions).where(operator_sessions.c.digest == digest)
    if connection.execute(old).rowcount == 0:
        return False
    add(connection, new)
    return True


def end(connection: Connection, operator_id: str, session_id: str) -> bool:
    own = (operator_sessions.c.operator_id == operator_id, operator_sessions.c.id == session_id)
    return connection.execute(delete(operator_sessions).where(*own)).rowcount > 0


def end_all(connection: Connection, operator_id: str, but: bytes | None) -> int:
    change = delete(operator_sessions).where(operator_sessions.c.operator_id == operator_id)
    if but is not None:
        change = change.where(operator_sessions.c.digest != but)
    return connection.execute(change).rowcount


def put_step(connection: Connection, new: OperatorStep) -> None:
    connection.execute(insert(operator_steps).values(msgspec.structs.asdict(new)))


def step(connection: Connection, digest: bytes) -> OperatorStep | None:
    query = select(operator_steps).where(operator_steps.c.digest == digest)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else OperatorStep(**row)


def take_step(connection: Connection, digest: bytes, at: int) -> bool:
    columns = operator_steps.c
    change = (
        update(operator_steps)
        .where(columns.digest == digest, columns.used_at.is_(None), columns.expires_at > at)
        .values(used_at=at)
    )
    return connection.execute(change).rowcount > 0


def add_key(connection: Connection, new: OperatorKey) -> None:
    permissions = msgspec.json.encode(new.permissions).decode()
    values = msgspec.structs.asdict(new) | {"permissions": permissions}
    connection.execute(insert(operator_keys).values(values))


def key(connection: Connection, digest: bytes) -> OperatorKey | None:
    query = select(operator_keys).where(operator_keys.c.digest == digest)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _key(row)


def keys(connection: Connection, operator_id: str | None) -> list[OperatorKey]:
    query = select(operator_keys).order_by(operator_keys.c.created_at, operator_keys.c.id)
    if operator_id is not None:
        query = query.where(operator_keys.c.operator_id == operator_id)
    return [_key(row) for row in connection.execute(query).mappings()]


def revoke_key(connection: Connection, operator_id: str, name: str, at: int) -> bool:
    columns = operator_keys.c
    change = (
        update(operator_keys)
        .where(columns.operator_id == operator_id, columns.name == name, columns.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    return connection.execute(change).rowcount > 0


def note_key(connection: Connection, key_id: str, at: int) -> None:
    columns = operator_keys.c
    older = or_(columns.last_used_at.is_(None), columns.last_used_at < at)
    connection.execute(update(operator_keys).where(columns.id == key_id, older).values(last_used_at=at))


def draw_try(connection: Connection, subjects: list[str], limit: int, window: int, at: int) -> None:
    """Raises TooManyError; TakenError when another unit of work wrote the same row at the same moment."""
    columns = operator_tries.c
    for subject in sorted(set(subjects)):  # one order for all, so that none waits in a circle
        # The lock, not the condition, decides among many at once.
        query = select(operator_tries).where(columns.subject == subject).with_for_update()
        known = connection.execute(query).one_or_none()
        own = update(operator_tries).where(columns.subject == subject)
        if known is None:
            connection.execute(insert(operator_tries).values(subject=subject, failures=1, since=at))
        elif known.since <= at - window:
            connection.execute(own.values(failures=1, since=at))
        elif known.failures < limit:
            connection.execute(own.values(failures=columns.failures + 1))
        else:
            raise TooManyError("too many failures")


def give_back(connection: Connection, subjects: list[str]) -> None:
    columns = operator_tries.c
    for subject in sorted(set(subjects)):
        change = update(operator_tries).where(columns.subject == subject, columns.failures > 0)
        connection.execute(change.values(failures=columns.failures - 1))


def forgive(connection: Connection, subject: str) -> None:
    connection.execute(delete(operator_tries).where(operator_tries.c.subject == subject))


def tries(connection: Connection, subject: str) -> Tries | None:
    query = select(operator_tries).where(operator_tries.c.subject == subject)
    row = connection.execute(query).one_or_none()
    return None if row is None else Tries(row.failures, row.since)


def sweep(connection: Connection, steps: int, sessions: int) -> int:
    return sum(
        connection.execute(delete(column.table).where(column < before)).rowcount
        for column, before in (
            (operator_steps.c.expires_at, steps),
            (operator_tries.c.since, steps),
            (operator_sessions.c.created_at, sessions),
        )
    )


def _key(row: RowMapping) -> OperatorKey:
    permissions = msgspec.json.decode(row["permissions"], type=tuple[Permission, ...])
    return OperatorKey(**{**row, "permissions": permissions})
