"""A field as the documentation tells it."""

from typing import Any

import msgspec

from lingpai.errors import Words


class Field(msgspec.Struct, frozen=True):
    """What a field means, and an obviously fake value for the examples."""

    words: Words
    example: Any
