"""Walking a table by its key: rows beyond the last one seen, however many columns the key has.

Written out, not as a comparison of tuples: MySQL reads the whole table for that.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_


def beyond(key: Sequence[ColumnElement[Any]], last: Sequence[Any]) -> ColumnElement[bool]:
    """Rows whose key comes after `last`."""
    return or_(
        *(
            and_(
                *(column == value for column, value in zip(key[:at], last[:at], strict=True)),
                key[at] > last[at],
            )
            for at in range(len(key))
        )
    )


def up_to(key: Sequence[ColumnElement[Any]], last: Sequence[Any]) -> ColumnElement[bool]:
    """Rows whose key comes before `last`, and `last` itself."""
    same = and_(*(column == value for column, value in zip(key, last, strict=True)))
    return or_(
        same,
        *(
            and_(
                *(column == value for column, value in zip(key[:at], last[:at], strict=True)),
                key[at] < last[at],
            )
            for at in range(len(key))
        ),
    )
