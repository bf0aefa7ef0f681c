"""A string that never prints itself."""

from typing import Final, final

_SHORTEST_SHOWN: Final = 12


@final
class Secret:
    """A secret in memory. `str`, `repr`, `format` and pickling never show it; `reveal` does.

    Two secrets compare equal when their texts do; the hash is that of the object,
    so that a secret cannot serve as a cache key by its text.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text: Final = text

    def reveal(self) -> str:
        """The text itself. Call it where the secret is used, nowhere else."""
        return self._text

    @property
    def last4(self) -> str:
        """What people may see: the last four characters, or nothing of a short one."""
        return self._text[-4:] if len(self._text) >= _SHORTEST_SHOWN else ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "Secret(…)"

    def __reduce__(self) -> str:
        raise TypeError("a Secret does not travel")
