"""Whose codes arrive: a mix of people who were here before and people who are new."""

import json
import random
from typing import Final

from bench.load import http_request

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_BITS: Final = 56
_ODD: Final = 0x9E3779B97F4A7C15
_NEW: Final = 0.3


class Codes:
    """An endless supply of codes; the same seed gives the same people in the same order.

    A code has 32 characters like WeChat's: 21 that never repeat, then 11 that name the person.
    """

    def __init__(self, seed: int = 1) -> None:
        self._random: Final = random.Random(seed)
        self._people = 0

    def first_visits(self, count: int) -> list[str]:
        """Codes of so many people nobody has seen."""
        return [self._code(self._newcomer()) for _ in range(count)]

    def mixed(self, count: int) -> list[str]:
        """Three in ten are new, the others come again."""
        return [
            self._code(
                self._newcomer()
                if not self._people or self._random.random() < _NEW
                else self._random.randrange(self._people)
            )
            for _ in range(count)
        ]

    def logins(self, path: str, codes: list[str]) -> list[str]:
        """Each code as the request of a client that sends a nonce with it."""
        return [
            http_request(
                "POST",
                path,
                body=json.dumps({"code": code, "nonce": f"{self._random.getrandbits(128):032x}"}),
            )
            for code in codes
        ]

    def _newcomer(self) -> int:
        self._people += 1
        return self._people - 1

    def _code(self, person: int) -> str:
        return f"{self._random.getrandbits(84):021x}{_name(person)}"


def _name(person: int) -> str:
    """11 characters; neighbours in number are far apart in the index, as real openids are."""
    number = (person + 1) * _ODD % (1 << _BITS)
    letters = []
    for _ in range(11):
        number, digit = divmod(number, 36)
        letters.append(_DIGITS[digit])
    return "".join(letters)
