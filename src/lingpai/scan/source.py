"""A file that is being looked at: its tokens, whose side it is on, and where in it things stand."""

import bisect
import re
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final, Literal

from lingpai.scan.dialects import GO, JAVA, JAVASCRIPT, PHP, PYTHON, Dialect, read
from lingpai.scan.markup import read_markup
from lingpai.scan.settings_files import read_settings, read_xml
from lingpai.scan.tokens import Token, Tokens
from lingpai.scan.values import Value, values_of

Side = Literal["client", "backend", "unknown"]

_CODE: Final = {
    **dict.fromkeys(("js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "wxs", "json"), JAVASCRIPT),
    "py": PYTHON,
    "java": JAVA,
    "kt": JAVA,
    "php": PHP,
    "go": GO,
}
_MARKUP: Final = frozenset(("html", "htm", "vue", "nvue", "uvue", "wxml"))
_SETTINGS: Final = frozenset(("env", "ini", "properties", "toml", "yml", "yaml", "cfg", "conf"))
_XML: Final = frozenset(("xml",))


_LINE: Final = 160
"""Characters that count as a line where nobody breaks lines."""


def kind_of(path: str) -> str:
    """The ending that decides how a file is read; empty when it is not looked at."""
    name = PurePosixPath(path).name.lower()
    if name == ".env" or name.startswith(".env."):
        return "env"
    ending = name.rpartition(".")[2]
    known = ending in _CODE or ending in _MARKUP or ending in _SETTINGS or ending in _XML
    return ending if known else ""


class Source:
    """One file. What is expensive is worked out when somebody asks."""

    def __init__(self, path: str, text: str, side: Side) -> None:
        self.path: Final = path
        self.text: Final = text
        self.side: Final = side
        self.kind: Final = kind_of(path)

    @property
    def dialect(self) -> Dialect:
        """How texts are joined here; pages and settings as in JavaScript."""
        return _CODE.get(self.kind, JAVASCRIPT)

    @property
    def is_code(self) -> bool:
        """A program, not a page, data or settings."""
        return self.kind in _CODE and self.kind != "json"

    @cached_property
    def parsed(self) -> Tokens:
        """Its tokens."""
        if self.kind in _MARKUP:
            return read_markup(self.text)
        if self.kind in _SETTINGS:
            return read_settings(self.text)
        if self.kind in _XML:
            return read_xml(self.text)
        return read(self.text, self.dialect)

    @property
    def tokens(self) -> list[Token]:
        """Its tokens, comments left out."""
        return self.parsed.all

    @cached_property
    def values(self) -> list[Value]:
        """Its texts, put together where the program puts them together."""
        return values_of(self.parsed, self.dialect)

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line(self, at: int) -> int:
        """The line of a character, from 1."""
        return bisect.bisect_right(self._lines, at)

    def column(self, at: int) -> int:
        """The column of a character, from 1."""
        return at - self._lines[self.line(at) - 1] + 1

    def lines_around(self, at: int, lines: int) -> str:
        """The text from `lines` before to `lines` after the line of a character; of long lines what is near."""
        here = self.line(at)
        first = self._lines[max(here - 1 - lines, 0)]
        after = here + lines
        last = self._lines[after] if after < len(self._lines) else len(self.text)
        near = lines * _LINE
        return self.text[max(first, at - near) : min(last, at + near)]

    def line_text(self, line: int) -> str:
        """One line, without its end."""
        end = self._lines[line] if line < len(self._lines) else len(self.text)
        return self.text[self._lines[line - 1] : end].rstrip("\r\n")
