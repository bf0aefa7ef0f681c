"""How often something may be done in a day."""

import msgspec


class Draw(msgspec.Struct, frozen=True, kw_only=True):
    """The wish to do something once more: one unit from the budget called `name`."""

    name: str
    """At most 80 characters; tells what is counted and for whom, without being readable for whom."""
    limit: int
    """Units in the period."""
