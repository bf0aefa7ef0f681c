"""What names owe, and which places are taken: looked at first, written then, by whoever runs such statements alone."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from lingpai.storage.sql.tables import debts, guesses

_MILLISECOND: Final = 1_000
_FREE: Final = 0


def spend(connection: Connection, spent: Mapping[str, int], now: int) -> dict[str, int]:
    """`now` in milliseconds, of the database."""
    at = now * _MILLISECOND
    known = {
        name: max(paid_at, at)
        for name, paid_at in connection.execute(
            select(debts.c.name, debts.c.paid_at).where(debts.c.name.in_(spent))
        )
    }
    # One order for all, so that no two nodes wait for one another in a circle.
    after = {name: known.get(name, at) + spent[name] for name in sorted(spent)}
    more = [{"known": name, "paid_at": paid_at} for name, paid_at in after.items() if name in known]
    new = [{"name": name, "paid_at": paid_at} for name, paid_at in after.items() if name not in known]
    if more:
        change = update(debts).where(debts.c.name == bindparam("known"))
        connection.execute(change.values(paid_at=bindparam("paid_at")), more)
    if new:
        connection.execute(insert(debts), new)
    return {name: paid_at - at for name, paid_at in after.items()}


def guess(connection: Connection, name: str, places: int, at: int, until: int) -> int | None:
    query = select(guesses.c.place, guesses.c.until).where(guesses.c.name == name, guesses.c.place < places)
    rows = connection.execute(query.order_by(guesses.c.place).with_for_update())
    taken: dict[int, int] = {row.place: row.until for row in rows}
    for place in range(places):
        if place not in taken:
            connection.execute(insert(guesses).values(name=name, place=place, until=until))
            return None
        if taken[place] <= at:
            _until(connection, name, place, until)
            return None
    return min(taken.values(), default=until)


def give_back(connection: Connection, name: str, until: int) -> bool:
    query = select(guesses.c.place).where(guesses.c.name == name, guesses.c.until == until).limit(1)
    place = connection.execute(query.with_for_update()).scalar_one_or_none()
    if place is None:
        return False
    _until(connection, name, place, _FREE)
    return True


def _until(connection: Connection, name: str, place: int, until: int) -> None:
    mine = (guesses.c.name == name, guesses.c.place == place)
    connection.execute(update(guesses).where(*mine).values(until=until))
