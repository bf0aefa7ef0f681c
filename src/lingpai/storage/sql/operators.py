"""Operators: who they are, and how they prove it."""

from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, Update, delete, func, insert, select, update

from lingpai.model import Operator, Passkey, Role
from lingpai.storage.sql.tables import (
    operator_codes,
    operator_keys,
    operator_passkeys,
    operator_sessions,
    operator_steps,
    operators,
)


def add(connection: Connection, operator: Operator) -> None:
    values = msgspec.structs.asdict(operator) | {"roles": _json(operator.roles)}
    connection.execute(insert(operators).values(values))


def every(connection: Connection) -> list[Operator]:
    query = select(operators).order_by(operators.c.name)
    return [_operator(row) for row in connection.execute(query).mappings()]


def get(connection: Connection, operator_id: str) -> Operator | None:
    row = connection.execute(select(operators).where(operators.c.id == operator_id)).mappings().one_or_none()
    return None if row is None else _operator(row)


def by_name(connection: Connection, name: str) -> Operator | None:
    row = connection.execute(select(operators).where(operators.c.name == name)).mappings().one_or_none()
    return None if row is None else _operator(row)


def put_roles(connection: Connection, operator_id: str, roles: tuple[Role, ...]) -> bool:
    return _changed(connection, operator_id, roles=_json(roles))


def put_disabled(connection: Connection, operator_id: str, at: int | None) -> bool:
    if at is not None:
        connection.execute(delete(operator_sessions).where(operator_sessions.c.operator_id == operator_id))
    return _changed(connection, operator_id, disabled_at=at)


def put_password(
    connection: Connection, operator_id: str, password_hash: str, totp_sealed: bytes, step: int
) -> bool:
    return _changed(
        connection, operator_id, password_hash=password_hash, totp_sealed=totp_sealed, totp_step=step
    )


def use_totp(connection: Connection, operator_id: str, step: int) -> bool:
    newer = _of(operator_id).where(operators.c.totp_step < step)
    return connection.execute(newer.values(totp_step=step)).rowcount > 0


def put_codes(connection: Connection, operator_id: str, digests: list[bytes]) -> None:
    connection.execute(delete(operator_codes).where(operator_codes.c.operator_id == operator_id))
    if digests:
        rows = [{"digest": digest, "operator_id": operator_id} for digest in digests]
        connection.execute(insert(operator_codes), rows)


def use_code(connection: Connection, operator_id: str, digest: bytes) -> bool:
    own = (operator_codes.c.operator_id == operator_id, operator_codes.c.digest == digest)
    return connection.execute(delete(operator_codes).where(*own)).rowcount > 0


def codes_left(connection: Connection, operator_id: str) -> int:
    query = select(func.count()).select_from(operator_codes)
    return connection.execute(query.where(operator_codes.c.operator_id == operator_id)).scalar_one()


def add_passkey(connection: Connection, passkey: Passkey) -> None:
    connection.execute(insert(operator_passkeys).values(msgspec.structs.asdict(passkey)))


def passkey(connection: Connection, passkey_id: bytes) -> Passkey | None:
    query = select(operator_passkeys).where(operator_passkeys.c.id == passkey_id)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Passkey(**row)


def passkeys(connection: Connection, operator_id: str) -> list[Passkey]:
    query = (
        select(operator_passkeys)
        .where(operator_passkeys.c.operator_id == operator_id)
        .order_by(operator_passkeys.c.created_at, operator_passkeys.c.id)
    )
    return [Passkey(**row) for row in connection.execute(query).mappings()]


def use_passkey(connection: Connection, passkey_id: bytes, before: int, count: int, at: int) -> bool:
    change = (
        update(operator_passkeys)
        .where(operator_passkeys.c.id == passkey_id, operator_passkeys.c.sign_count == before)
        .values(sign_count=count, last_used_at=at)
    )
    return connection.execute(change).rowcount > 0


def remove_passkey(connection: Connection, operator_id: str, passkey_id: bytes) -> bool:
    own = (operator_passkeys.c.operator_id == operator_id, operator_passkeys.c.id == passkey_id)
    return connection.execute(delete(operator_passkeys).where(*own)).rowcount > 0


def reset(connection: Connection, operator_id: str, at: int) -> bool:
    _take_away(connection, operator_id)
    running = (operator_keys.c.operator_id == operator_id, operator_keys.c.revoked_at.is_(None))
    connection.execute(update(operator_keys).where(*running).values(revoked_at=at))
    return _changed(connection, operator_id, password_hash=None, totp_sealed=None, totp_step=0)


def remove(connection: Connection, operator_id: str) -> bool:
    _take_away(connection, operator_id)
    connection.execute(delete(operator_keys).where(operator_keys.c.operator_id == operator_id))
    return connection.execute(delete(operators).where(operators.c.id == operator_id)).rowcount > 0


def _take_away(connection: Connection, operator_id: str) -> None:
    for table in (operator_sessions, operator_codes, operator_passkeys, operator_steps):
        connection.execute(delete(table).where(table.c.operator_id == operator_id))


def _of(operator_id: str) -> Update:
    return update(operators).where(operators.c.id == operator_id)


def _changed(connection: Connection, operator_id: str, **values: Any) -> bool:
    # MySQL counts rows that changed, not those that were found: the same value again is no missing operator.
    there = select(operators.c.id).where(operators.c.id == operator_id).with_for_update()
    if connection.execute(there).one_or_none() is None:
        return False
    connection.execute(_of(operator_id).values(values))
    return True


def _json(values: tuple[str, ...]) -> str:
    return msgspec.json.encode(values).decode()


def _operator(row: RowMapping) -> Operator:
    roles = msgspec.json.decode(row["roles"], type=tuple[Role, ...])
    return Operator(**{**row, "roles": roles})
