"""What a setting is."""

from collections.abc import Callable
from typing import Any

import msgspec

from lingpai.config import checks
from lingpai.errors import Words

Check = Callable[[Any], str | None]


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting: `name` in lingpai.toml, `LINGPAI_NAME` in the environment."""

    name: str
    type: type
    default: Any
    words: Words
    check: Check = checks.anything
    secret: bool = False
    """Never in lingpai.toml: it comes from the environment, or from the file that `NAME_file` names."""

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return f"LINGPAI_{self.name.upper()}"
