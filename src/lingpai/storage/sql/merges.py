"""Joining two users who are one person, and telling them apart again.

Rows are taken in the order union → identity → session, as every login takes them.
"""

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from lingpai.model import Merge, MergeRefusal, NewMerge, SplitRefusal
from lingpai.storage.sql.aliases import members, resolved
from lingpai.storage.sql.tables import (
    identities,
    merges,
    phones,
    sessions,
    unions,
    user_aliases,
    users,
)

_FIELDS: Final = ("nickname", "avatar_url")


class Moved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went from the loser to the winner."""

    identities: tuple[tuple[str, str], ...] = ()
    unions: tuple[tuple[str, str], ...] = ()
    aliases: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    """Fields of the profile that the winner lacked."""


def join(connection: Connection, new: NewMerge) -> Merge | MergeRefusal:
    pair = _locked_pair(connection, new)
    if pair is None:
        return "unknown"
    winner, loser = pair
    if winner == loser:
        _note(connection, new)
        return "same"
    if _phones_conflict(connection, winner, loser):
        return "phones_conflict"
    if new.reason == "unionid" and _were_split(connection, winner, loser):
        return "were_split"
    moved = _move(connection, winner, loser)
    merge = Merge(id=new.id, winner=winner, loser=loser, reason=new.reason, at=new.at)
    connection.execute(
        insert(merges).values({**msgspec.structs.asdict(merge), "moved": msgspec.json.encode(moved).decode()})
    )
    _note(connection, new)
    return merge


def split(connection: Connection, user_id: str, at: int, window: int) -> Merge | SplitRefusal:
    query = (
        select(merges)
        .where(merges.c.loser == user_id, merges.c.undone_at.is_(None))
        .order_by(merges.c.at.desc(), merges.c.id.desc())
        .limit(1)
        .with_for_update()
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return "unknown"
    if at - row["at"] > window:
        return "too_late"
    moved = msgspec.json.decode(row["moved"], type=Moved)
    winner = resolved(connection, user_id)
    _lock(connection, (winner, user_id))
    _take_back(connection, winner, user_id, moved, at)
    connection.execute(update(merges).where(merges.c.id == row["id"]).values(undone_at=at))
    return _merge({**row, "undone_at": at})


def of_user(connection: Connection, user_id: str) -> list[Merge]:
    ids = members(connection, user_id)
    query = (
        select(merges)
        .where(or_(merges.c.winner.in_(ids), merges.c.loser.in_(ids)))
        .order_by(merges.c.at.desc(), merges.c.id.desc())
    )
    return [_merge(row) for row in connection.execute(query).mappings()]


def _merge(row: Any) -> Merge:
    return Merge(**{name: row[name] for name in Merge.__struct_fields__})


def _locked_pair(connection: Connection, new: NewMerge) -> tuple[str, str] | None:
    """Older and younger, both held; None when one of them does not exist.

    While the locks were waited for, either may have become an alias: then once more.
    """
    held: set[str] = set()
    while True:
        other = new.other_id or _owner(connection, new)
        if other is None:
            return None
        pair = sorted({resolved(connection, new.user_id), resolved(connection, other)})
        if set(pair) <= held:
            return pair[0], pair[-1]
        if len(_lock(connection, pair)) < len(pair):
            return None
        held |= set(pair)


def _owner(connection: Connection, new: NewMerge) -> str | None:
    late = new.late
    if late is None:
        return None
    query = select(unions.c.user_id).where(
        unions.c.open_platform == late.open_platform, unions.c.unionid == late.unionid
    )
    found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def _lock(connection: Connection, user_ids: Iterable[str]) -> list[str]:
    query = select(users.c.id).where(users.c.id.in_(list(user_ids))).order_by(users.c.id).with_for_update()
    return list(connection.scalars(query))


def _phones_conflict(connection: Connection, winner: str, loser: str) -> bool:
    numbers = [
        set(
            connection.scalars(
                select(phones.c.blind_index).where(phones.c.user_id.in_(members(connection, user)))
            )
        )
        for user in (winner, loser)
    ]
    return bool(numbers[0] and numbers[1] and not numbers[0] & numbers[1])


def _were_split(connection: Connection, winner: str, loser: str) -> bool:
    these, those = members(connection, winner), members(connection, loser)
    apart = or_(
        and_(merges.c.winner.in_(these), merges.c.loser.in_(those)),
        and_(merges.c.winner.in_(those), merges.c.loser.in_(these)),
    )
    query = select(merges.c.id).where(merges.c.undone_at.is_not(None), apart).limit(1)
    return connection.execute(query).first() is not None


def _move(connection: Connection, winner: str, loser: str) -> Moved:
    moved = Moved(
        unions=_pairs(connection, unions.c.open_platform, unions.c.unionid, unions.c.user_id == loser),
        identities=_pairs(connection, identities.c.appid, identities.c.openid, identities.c.user_id == loser),
        aliases=tuple(members(connection, loser)[1:]),
        filled=_fill(connection, winner, loser),
    )
    for table in (unions, identities, sessions, user_aliases):
        connection.execute(update(table).where(table.c.user_id == loser).values(user_id=winner))
    connection.execute(insert(user_aliases).values(alias_id=loser, user_id=winner))
    return moved


def _pairs(
    connection: Connection, first: ColumnElement[str], second: ColumnElement[str], where: ColumnElement[bool]
) -> tuple[tuple[str, str], ...]:
    rows = connection.execute(select(first, second).where(where).order_by(first, second))
    return tuple((row[0], row[1]) for row in rows)


def _fill(connection: Connection, winner: str, loser: str) -> tuple[str, ...]:
    of = {
        row["id"]: row
        for row in connection.execute(select(users).where(users.c.id.in_([winner, loser]))).mappings()
    }
    lacking = {name: of[loser][name] for name in _FIELDS if of[loser][name] and not of[winner][name]}
    if lacking:
        connection.execute(update(users).where(users.c.id == winner).values(lacking))
    return tuple(lacking)


def _note(connection: Connection, new: NewMerge) -> None:
    late = new.late
    if late is not None:
        connection.execute(
            update(identities)
            .where(
                identities.c.appid == late.appid,
                identities.c.openid == late.openid,
                identities.c.unionid.is_(None),
            )
            .values(unionid=late.unionid)
        )


def _take_back(connection: Connection, winner: str, loser: str, moved: Moved, at: int) -> None:
    back = {"user_id": loser}
    for open_platform, unionid in moved.unions:
        mine = and_(unions.c.open_platform == open_platform, unions.c.unionid == unionid)
        connection.execute(update(unions).where(mine, unions.c.user_id == winner).values(back))
    for appid, openid in moved.identities:
        mine = and_(identities.c.appid == appid, identities.c.openid == openid)
        connection.execute(update(identities).where(mine, identities.c.user_id == winner).values(back))
        mine = and_(
            sessions.c.appid == appid, sessions.c.openid == openid, sessions.c.user_id.in_([winner, loser])
        )
        running = and_(mine, sessions.c.ended_at.is_(None), sessions.c.expires_at > at)
        connection.execute(update(sessions).where(running).values(ended_at=at, end_reason="operator"))
        connection.execute(update(sessions).where(mine).values(back))
    connection.execute(delete(user_aliases).where(user_aliases.c.alias_id == loser))
    connection.execute(update(user_aliases).where(user_aliases.c.alias_id.in_(moved.aliases)).values(back))
    own = {row.id: row for row in connection.execute(select(users).where(users.c.id.in_([winner, loser])))}
    for name in moved.filled:
        if getattr(own[winner], name) == getattr(own[loser], name):
            connection.execute(update(users).where(users.c.id == winner).values({name: None}))
