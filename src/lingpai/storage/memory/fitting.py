"""Refusing what no database holds, so that the reference refuses what they refuse."""

from typing import Any, Final

import msgspec

from lingpai.storage.port import UnfitError

_WIDEST: Final = 1 << 63


def fit(value: msgspec.Struct) -> None:
    """Raises UnfitError for a number beyond 64 bits or a text that is not Unicode, at any depth."""
    for part in msgspec.structs.astuple(value):
        _fit(part)


def _fit(part: Any) -> None:
    match part:
        case int() if not -_WIDEST <= part < _WIDEST:
            raise UnfitError("OverflowError")
        case str():
            try:
                part.encode()
            except UnicodeEncodeError:
                raise UnfitError("UnicodeEncodeError") from None
        case msgspec.Struct():
            fit(part)
