"""A query string becomes a struct, or a problem that says what is wrong with it."""

from typing import Final, TypeVar
from urllib.parse import parse_qsl

import msgspec

from lingpai.web.call import Call
from lingpai.web.reading import invalid

Shape = TypeVar("Shape")

_LONGEST: Final = 8_000
_PASSERS_BY: Final = frozenset({"lang", "from", "isappinstalled", "clicktime", "enterid", "nsukey"})
"""`lang` chooses the language of a page; the others WeChat puts on links that are shared."""


def read_query(call: Call, shape: type[Shape]) -> Shape:
    """The query string. Raises Problem invalid_request (422), also for a parameter that stands twice."""
    if len(call.query) > _LONGEST:
        raise invalid("the query string is too long")
    try:
        pairs = parse_qsl(call.query.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise invalid("the query string is not ASCII, or not UTF-8 once decoded") from None
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            raise invalid(f"{name[:40]} stands twice")
        given[name] = value
    wanted = {name: value for name, value in given.items() if name not in _PASSERS_BY}
    try:
        return msgspec.convert(wanted, shape, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(str(error)) from None
