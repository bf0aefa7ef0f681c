"""How each language writes comments, texts and names, and how a file in it becomes tokens."""

import re
from typing import Final

import msgspec

from lingpai.scan.tokens import HOLE, Token, Tokens, tokens_of, unescape

_SLASHES: Final = r"//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?"
_HASH: Final = r"\#[^\n]*"
_QUOTED: Final = r"\"(?:\\.|[^\"\\\n])*+\"?|'(?:\\.|[^'\\\n])*+'?"
_LONG: Final = r"\"(?:\\.|[^\"\\])*+\"?|'(?:\\.|[^'\\])*+'?"
_TRIPLE: Final = r"\"\"\"(?:\\.|[^\"\\]|\"(?!\"\"))*+(?:\"\"\")?|'''(?:\\.|[^'\\]|'(?!''))*+(?:''')?"
_NAME: Final = r"[^\W\d][\w$]*|\$[\w$]+"
_MARK: Final = r"===|!==|=>|->|:=|==|!=|<=|>=|\?\.|\?\?|\?:|::|\|\||&&|\+=|\.=|\.\.\.|[^\s\w]"


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """One language as far as tokens go."""

    name: str
    comment: str
    text: str
    adjacent: bool = False
    """Two texts beside each other are one text."""
    join: str = "+"
    """The mark that joins two texts."""
    slash_patterns: bool = False
    """`/…/` may be a pattern."""
    sigils: bool = False
    """Names begin with `$`, and texts in double quotes have names in them."""
    indented: bool = False
    """Blocks are told by indentation."""
    prefixes: bool = False
    """Texts may have letters before their quote."""


JAVASCRIPT: Final = Dialect(name="javascript", comment=_SLASHES, text=_QUOTED, slash_patterns=True)
JAVA: Final = Dialect(name="java", comment=_SLASHES, text=_TRIPLE + "|" + _QUOTED)
GO: Final = Dialect(name="go", comment=_SLASHES, text=_QUOTED + r"|`[^`]*+`?")
PHP: Final = Dialect(
    name="php",
    comment=_SLASHES + r"|\#(?!\[)[^\n]*",
    text=_LONG,
    join=".",
    sigils=True,
)
PYTHON: Final = Dialect(
    name="python",
    comment=_HASH,
    text=_TRIPLE + "|" + _QUOTED,
    adjacent=True,
    indented=True,
    prefixes=True,
)

_PATTERN: Final = re.compile(r"/(?![*/])(?:\\.|\[(?:\\.|[^\]\n\\]){0,200}+\]|[^/\n\\\[]){1,400}+/[a-z]*")
_BEFORE_VALUE: Final = frozenset("=([{,;:!&|?+-*%<>~^}") | {
    "=>", "==", "===", "!=", "!==", "&&", "||", "??", "return", "typeof", "case", "in", "of"
}  # fmt: skip
_SIGIL_HOLE: Final = re.compile(r"\{?\$(\w+)(?:->(\w+)|\[['\"]?(\w+)['\"]?\])?\}?")
_BRACE_HOLE: Final = re.compile(r"(?<!\{)\{([^{}\n]*)\}(?!\})")


def _compiled(dialect: Dialect) -> re.Pattern[str]:
    prefix = r"(?P<prefix>(?:\b[rRbBuUfF]{1,2})(?=[\"']))?" if dialect.prefixes else ""
    parts = [
        r"(?P<space>\s+)",
        f"(?P<comment>{dialect.comment})",
        f"(?P<text>{prefix}(?:{dialect.text}))",
        f"(?P<name>{_NAME})",
        r"(?P<number>\d[\w.]*)",
        f"(?P<mark>{_MARK})",
    ]
    return re.compile("|".join(parts), re.DOTALL)


_READERS: Final = {d.name: _compiled(d) for d in (JAVASCRIPT, JAVA, GO, PHP, PYTHON)}


class Reading:
    """The tokens found so far."""

    def __init__(self) -> None:
        self.found: list[Token] = []
        self.comments: list[tuple[int, int]] = []

    def done(self) -> Tokens:
        """All of them, brackets paired."""
        return tokens_of(self.found, self.comments)


def read(text: str, dialect: Dialect) -> Tokens:
    """A whole file."""
    reading = Reading()
    if dialect is PHP:
        for start, end in _php_parts(text):
            read_into(reading, text, dialect, start, end)
    else:
        read_into(reading, text, dialect, 0, len(text))
    return reading.done()


def read_into(reading: Reading, text: str, dialect: Dialect, start: int, end: int) -> None:
    """The part of a file from `start` to `end`, as if nothing stood around it."""
    match_at = _READERS[dialect.name].match
    templates = dialect is JAVASCRIPT
    # Ends of the holes of the template texts that are open, each with where its template goes on.
    holes: list[int] = []
    at = start
    while at < end:
        if templates and text[at] == "`":
            at = _template(reading, text, at, end, holes)
            continue
        if holes and text[at] in "{}":
            holes[-1] += 1 if text[at] == "{" else -1
            if holes[-1] == 0:
                holes.pop()
                reading.found.append(Token("mark", "}", at, at + 1))
                at = _template(reading, text, at, end, holes)
                continue
        if dialect.slash_patterns and text[at] == "/" and _value_may_begin(reading.found):
            pattern = _PATTERN.match(text, at, end)
            if pattern:
                reading.found.append(Token("mark", "/…/", at, pattern.end()))
                at = pattern.end()
                continue
        match = match_at(text, at, end)
        if match is None:
            at += 1
            continue
        _keep(reading, dialect, match)
        at = match.end()


def _keep(reading: Reading, dialect: Dialect, match: re.Match[str]) -> None:
    kind, at, end = match.lastgroup, match.start(), match.end()
    if kind == "comment":
        reading.comments.append((at, end))
    elif kind == "text":
        reading.found.extend(_text(dialect, match[0], at, end))
    elif kind == "name":
        word = match[0].lstrip("$") if dialect.sigils else match[0]
        reading.found.append(Token("name", word, at, end))
    elif kind in {"mark", "number"}:
        reading.found.append(Token("mark", match[0], at, end))


def _text(dialect: Dialect, raw: str, at: int, end: int) -> list[Token]:
    body = raw
    letters = ""
    if dialect.prefixes:
        body = raw.lstrip("rRbBuUfF")
        letters = raw[: len(raw) - len(body)].lower()
    width = 3 if body[:3] in {'"""', "'''"} else 1
    closed = len(body) >= 2 * width and body.endswith(body[:width])
    inner = body[width : -width if closed else None]
    if body[0] == "`" or "r" in letters:
        return [Token("text", inner, at, end)]
    holes = None
    if "f" in letters:
        holes = _BRACE_HOLE
    elif dialect.sigils and body[0] == '"':
        holes = _SIGIL_HOLE
    if holes is None:
        return [Token("text", unescape(inner), at, end)]
    words = [word for hole in holes.finditer(inner) for word in _words_of(hole)]
    tokens = [Token("text", unescape(holes.sub(HOLE, inner)), at, end)]
    if words:
        tokens += [Token("mark", "${", end, end)]
        tokens += [Token("name" if w[0] not in ".[]'" else "mark", w, end, end) for w in words]
        tokens += [Token("mark", "}", end, end)]
    return tokens


def _words_of(hole: re.Match[str]) -> list[str]:
    if hole.re is _BRACE_HOLE:
        return re.findall(r"[^\W\d]\w*|\.", hole[1])
    first, attribute, key = hole.groups()
    inner = attribute or key
    return [first, ".", inner] if inner else [first]


def _template(reading: Reading, text: str, at: int, end: int, holes: list[int]) -> int:
    """Read on from the backtick or the closing brace at `at` to the next hole, or to the end of the template."""
    begun, here = at, at + 1
    pieces: list[str] = []
    while here < end:
        stop = _TEMPLATE_STOP.search(text, here, end)
        if stop is None:
            pieces.append(text[here:end])
            here = end
            break
        pieces.append(text[here : stop.start()])
        here = stop.end()
        if stop[0] == "${":
            reading.found.append(Token("text", "".join(pieces) + HOLE, begun, here))
            reading.found.append(Token("mark", "${", here - 2, here))
            holes.append(1)
            return here
        if stop[0] == "`":
            break
        pieces.append(unescape(stop[0]))
    reading.found.append(Token("text", "".join(pieces), begun, here))
    return here


_TEMPLATE_STOP: Final = re.compile(r"`|\$\{|\\.", re.DOTALL)


def _value_may_begin(found: list[Token]) -> bool:
    return not found or (found[-1].kind != "text" and found[-1].text in _BEFORE_VALUE)


def _php_parts(text: str) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    at = 0
    while (opened := text.find("<?", at)) >= 0:
        start = opened + (5 if text.startswith("<?php", opened) else 2)
        closed = text.find("?>", start)
        end = len(text) if closed < 0 else closed
        parts.append((start, end))
        at = end
    return parts
