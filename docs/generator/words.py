"""The words that the code does not have: docs/words/*.toml, held against what the code does have."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from lingpai.errors import Words

FOLDER: Final = Path(__file__).resolve().parents[1] / "words"


class WordsMissingError(Exception):
    """Something in the code has no words, or words are left over; the message names each."""


def load(name: str) -> dict[str, Any]:
    """A table of words by its file name."""
    file = FOLDER / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def hold(what: str, *, code: Iterable[str], words: Iterable[str]) -> None:
    """Raises WordsMissingError unless both name the same things."""
    here, there = set(code), set(words)
    lacking = [f"{what}: no words for {name}" for name in sorted(here - there)]
    left = [f"{what}: words for {name}, which is not there" for name in sorted(there - here)]
    if lacking or left:
        raise WordsMissingError("\n".join(lacking + left))


def both(row: dict[str, str]) -> Words:
    """A row with `en` and `zh`."""
    return Words(row["en"], row["zh"])
