"""What names owe: looked at first, written then, by whoever runs such statements alone."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from lingpai.storage.sql.tables import debts

_MILLISECOND: Final = 1_000


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
