"""WeChat's tokens: read a row under a lock, apply the rule, write it back if nobody did meanwhile."""

from collections.abc import Callable
from typing import Any, Final, cast

import msgspec
from sqlalchemy import Connection, RowMapping, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from lingpai.model import (
    Brought,
    Checked,
    Claim,
    Claimed,
    Forcing,
    Looked,
    NotClaimed,
    Setback,
    TokenKind,
    TokenRow,
    TokenTrouble,
)
from lingpai.storage import leasing
from lingpai.storage.sql.tables import access_tokens

_columns: Final = access_tokens.c
_trouble: Final = msgspec.json.Decoder(TokenTrouble)
_instants: Final = msgspec.json.Decoder(tuple[int, ...])


def look(connection: Connection, appid: str, kind: TokenKind, now: int) -> Looked:
    return Looked(_read(connection, appid, kind, lock=False), now)


def every(connection: Connection) -> list[TokenRow]:
    query = select(access_tokens).order_by(_columns.appid, _columns.kind)
    return [_row(row) for row in connection.execute(query).mappings()]


def claim(connection: Connection, wish: Claim, now: int) -> Claimed | NotClaimed:
    row = _read(connection, wish.appid, wish.kind, lock=True)
    found = leasing.claimed(row, wish, now)
    if isinstance(found, TokenRow):
        if row is not None:
            _write(connection, found)
            return Claimed(found, now)
        if _insert(connection, found):
            return Claimed(found, now)
        found, row = "leased", _read(connection, wish.appid, wish.kind, lock=True)
    return NotClaimed(found, row or TokenRow(appid=wish.appid, kind=wish.kind), now)


def force(connection: Connection, wish: Forcing, now: int) -> bool:
    return _changed(connection, wish.appid, wish.kind, lambda row: leasing.forced(row, wish, now)) is not None


def keep(connection: Connection, brought: Brought, now: int) -> TokenRow | None:
    return _changed(connection, brought.appid, brought.kind, lambda row: leasing.kept(row, brought, now))


def set_back(connection: Connection, setback: Setback, now: int) -> TokenRow | None:
    return _changed(connection, setback.appid, setback.kind, lambda row: leasing.set_back(row, setback, now))


def checked(connection: Connection, check: Checked, now: int) -> TokenRow | None:
    return _changed(connection, check.appid, check.kind, lambda row: leasing.checked(row, check, now))


def want(connection: Connection, wanted: list[tuple[str, TokenKind]], now: int) -> None:
    for appid, kind in wanted:
        connection.execute(update(access_tokens).where(_key(appid, kind)).values(wanted_at=now))


def leap(connection: Connection) -> int:
    rows = every(connection)
    for row in rows:
        _write(connection, leasing.leapt(row))
    return len(rows)


def forget(connection: Connection, appid: str) -> int:
    return connection.execute(delete(access_tokens).where(_columns.appid == appid)).rowcount


def _changed(
    connection: Connection, appid: str, kind: TokenKind, rule: Callable[[TokenRow | None], TokenRow | None]
) -> TokenRow | None:
    row = rule(_read(connection, appid, kind, lock=True))
    if row is not None:
        _write(connection, row)
    return row


def _key(appid: str, kind: TokenKind) -> Any:
    return and_(_columns.appid == appid, _columns.kind == kind)


def _read(connection: Connection, appid: str, kind: TokenKind, *, lock: bool) -> TokenRow | None:
    query = select(access_tokens).where(_key(appid, kind))
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return None if row is None else _row(row)


def _insert(connection: Connection, row: TokenRow) -> bool:
    """False: another claim made the first row of this token at the same moment."""
    try:
        with connection.begin_nested():
            connection.execute(insert(access_tokens).values(_values(row)))
    except IntegrityError:
        return False
    return True


def _write(connection: Connection, row: TokenRow) -> None:
    # `wanted_at` is written by `want` alone, which takes no lock.
    values = {name: value for name, value in _values(row).items() if name != "wanted_at"}
    connection.execute(update(access_tokens).where(_key(row.appid, row.kind)).values(values))


def _values(row: TokenRow) -> dict[str, Any]:
    return msgspec.structs.asdict(row) | {
        "trouble": None if row.trouble is None else msgspec.json.encode(row.trouble).decode(),
        "forced_at": msgspec.json.encode(row.forced_at).decode(),
        "replaced_at": msgspec.json.encode(row.replaced_at).decode(),
    }


def _row(row: RowMapping) -> TokenRow:
    fields = {
        **row,
        "trouble": None if row["trouble"] is None else _trouble.decode(row["trouble"]),
        "forced_at": _instants.decode(row["forced_at"]),
        "replaced_at": _instants.decode(row["replaced_at"]),
    }
    return TokenRow(**cast(Any, fields))
