"""How often something was done in a period."""

from typing import Final

from sqlalchemy import Connection, insert, select, update

from lingpai.model import Draw
from lingpai.storage.port import StorageError
from lingpai.storage.sql.tables import budgets


class UsedUpError(StorageError):
    """A budget is used up; raised so that the unit of work takes back what it drew from the others."""

    def __init__(self, name: str) -> None:
        super().__init__("a budget is used up")
        self.name: Final = name


def draw(connection: Connection, draws: list[Draw], period: int) -> None:
    """Raises UsedUpError; TakenError when another unit of work opened the same budget at the same moment."""
    for one in sorted(draws, key=lambda each: each.name):  # one order for all, so that none waits in a circle
        row = (budgets.c.name == one.name, budgets.c.period == period)
        more = update(budgets).where(*row, budgets.c.used < one.limit).values(used=budgets.c.used + 1)
        if connection.execute(more).rowcount:
            continue
        there = connection.execute(select(budgets.c.used).where(*row)).one_or_none() is not None
        if there or one.limit < 1:
            raise UsedUpError(one.name)
        connection.execute(insert(budgets).values(name=one.name, period=period, used=1))


def used(connection: Connection, names: list[str], period: int) -> dict[str, int]:
    query = select(budgets.c.name, budgets.c.used).where(
        budgets.c.name.in_(names), budgets.c.period == period
    )
    return {row.name: row.used for row in connection.execute(query)}
