"""One dictionary of errors: ours, WeChat's, and those of the software around it, by every spelling.

Each sentence stands in one table (`catalogue*.py`, `errcodes*.py`, `client_errors.py`); here they become entries
that can be looked up. `lingpai explain`, the documentation and the console show the same ones.
"""

import difflib
import re
from typing import Final, Literal

import msgspec

from lingpai.errors.catalogue import CATALOGUE
from lingpai.errors.client_errors import CLIENT_ERRORS, SPELLINGS
from lingpai.errors.errcode_meaning import ErrcodeMeaning
from lingpai.errors.errcodes import ERRCODES
from lingpai.errors.problem import Words

Source = Literal["problem", "wechat", "client"]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One error."""

    name: str
    """A problem code, an errcode, or the number or name of a client's error."""
    source: Source
    status: int | None = None
    """HTTP, of a problem."""
    title: Words
    """What it says, in its own words."""
    cause: Words
    fix: Words
    spellings: tuple[str, ...] = ()
    """What it is called elsewhere."""


def _of_wechat(name: str, meaning: ErrcodeMeaning, source: Source) -> Entry:
    said = Words(meaning.errmsg, meaning.errmsg)
    return Entry(
        name=name,
        source=source,
        title=said,
        cause=meaning.means,
        fix=meaning.do,
        spellings=SPELLINGS.get(name, ()),
    )


ENTRIES: Final[dict[str, Entry]] = {
    **{
        code: Entry(
            name=code,
            source="problem",
            status=kind.status,
            title=kind.title,
            cause=kind.why,
            fix=kind.hint,
            spellings=SPELLINGS.get(code, ()),
        )
        for code, kind in CATALOGUE.items()
    },
    **{code: _of_wechat(code, meaning, "wechat") for code, meaning in ERRCODES.items()},
    **{code: _of_wechat(code, meaning, "client") for code, meaning in CLIENT_ERRORS.items()},
}
"""By name."""

_NUMBER: Final = re.compile(r"(?<![\w.-])-?\d{1,8}(?![\w.])")
_BETWEEN: Final = re.compile(r"[\W_]+")
_SHORTEST: Final = 4
"""Characters of a text that may stand for a longer one."""
_NEAR: Final = 3


def _plain(text: str) -> str:
    return _BETWEEN.sub(" ", text).strip().casefold()


def _spelt() -> dict[str, str]:
    """Plain text → name. A message that two errcodes share finds the first."""
    spelt: dict[str, str] = {}
    for entry in ENTRIES.values():
        for text in (entry.name, *entry.spellings, entry.title.en, entry.title.zh):
            if _plain(text):
                spelt.setdefault(_plain(text), entry.name)
    return spelt


_SPELT: Final = _spelt()


def look_up(text: str) -> list[Entry]:
    """What `text` means: a name, a number within a longer message, or a spelling. Best first, often one, or none."""
    if text in ENTRIES:
        return [ENTRIES[text]]
    plain = _plain(text)
    if text.startswith("-") and plain.isdecimal():
        plain = ""  # a number with another sign is another number
    if plain in _SPELT:
        return [ENTRIES[_SPELT[plain]]]
    named = [_number(number) for number in _NUMBER.findall(text)]
    found = [ENTRIES[name] for name in dict.fromkeys(named) if name is not None]
    if found or not plain:
        return found
    inside = [name for spelling, name in _SPELT.items() if _holds(plain, spelling)]
    return [ENTRIES[name] for name in dict.fromkeys(inside)]


def _number(number: str) -> str | None:
    if number in ENTRIES:
        return number
    return next((name for name, spellings in SPELLINGS.items() if number in spellings), None)


def _holds(plain: str, spelling: str) -> bool:
    """Whether one stands in the other as whole words; between Chinese characters there is nothing to stop at."""
    if len(spelling) < _SHORTEST or len(plain) < _SHORTEST:
        return False
    if not spelling.isascii() or not plain.isascii():
        return spelling in plain or plain in spelling
    return f" {spelling} " in f" {plain} " or f" {plain} " in f" {spelling} "


def near(text: str) -> list[str]:
    """Names and spellings that `text` may have meant, the likeliest first."""
    spelt = difflib.get_close_matches(_plain(text), list(_SPELT), n=_NEAR)
    return list(dict.fromkeys(_SPELT[each] for each in spelt))
