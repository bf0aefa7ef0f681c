"""What somebody may be called."""

import unicodedata
from typing import Final

from lingpai.accounts.profiles import ANONYMOUS_NICKNAMES
from lingpai.errors import Facts, Problem, Words
from lingpai.errors.catalogue_accounts import NICKNAME_ANONYMOUS, NICKNAME_REFUSED

MOST_CHARACTERS: Final = 64
MOST_BYTES: Final = 192
"""In UTF-8: 64 Chinese characters."""
_MOST_MARKS: Final = 4
"""Marks on one letter. Vietnamese needs two; a stack of them covers the lines above and below."""

# Zero-width joiners, the tags of flags: parts of scripts and emoji, nothing by themselves.
_JOINING: Final = {0x200C, 0x200D, *range(0xE0020, 0xE0080)}
# Letters and symbols by their category, and yet nothing to see.
_BLANK: Final = {0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0}
_VISIBLE: Final = frozenset("LNPS")

_LENGTH: Final = Words(
    "A nickname has 1 to 64 characters and at most 192 bytes in UTF-8.",
    "昵称应为 1 到 64 个字符，UTF-8 编码不超过 192 字节。",
)
_CHARACTER: Final = Words(
    "The nickname holds {character}, which is invisible or changes how text around it reads.",
    "昵称含有 {character}：它不可见，或会改变周围文字的显示。",
)
_NOTHING: Final = Words("Nothing of the nickname can be seen.", "昵称中没有任何可见字符。")
_STACKED: Final = Words(
    "The nickname stacks more than 4 marks on one letter.", "昵称在一个字母上叠加了超过 4 个符号。"
)


def fit_nickname(text: str) -> str:
    """The nickname as it is kept: composed (NFC), single spaces, none around it.

    Raises Problem nickname_refused, or nickname_anonymous for the name that WeChat gives everybody.
    """
    if len(text) > 4 * MOST_CHARACTERS:  # before any work is done on it
        raise _refused(_LENGTH)
    for character in text:
        if not _allowed(character):
            raise _refused(_CHARACTER, character=_named(character))
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 1 <= len(name) <= MOST_CHARACTERS or len(name.encode()) > MOST_BYTES:
        raise _refused(_LENGTH)
    if not any(_seen(character) for character in name):
        raise _refused(_NOTHING)
    if _stacked(name):
        raise _refused(_STACKED)
    if name in ANONYMOUS_NICKNAMES:
        raise Problem(NICKNAME_ANONYMOUS)
    return name


def _allowed(character: str) -> bool:
    """No control, no override of the direction, no lone surrogate, nothing unassigned, no line break."""
    if ord(character) in _JOINING:
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")


def _seen(character: str) -> bool:
    return unicodedata.category(character)[0] in _VISIBLE and ord(character) not in _BLANK


def _stacked(name: str) -> bool:
    run = 0
    for character in unicodedata.normalize("NFD", name):
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if run > _MOST_MARKS:
            return True
    return False


def _named(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def _refused(what: Words, **facts: str) -> Problem:
    told: Facts = {"what": what, **facts}
    return Problem(NICKNAME_REFUSED, facts=told)
