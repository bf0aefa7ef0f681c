"""Settings files (.env, .ini, .properties, .toml, .xml, .yaml) as tokens: each line a name and a text."""

import re
from typing import Final

from lingpai.scan.dialects import Reading
from lingpai.scan.tokens import Token, Tokens

_LINE: Final = re.compile(
    r"^(?P<indent>[ \t]*)(?:- )?(?:export |set )?[\"']?(?P<name>[\w.\-\[\]]{1,120})[\"']?[ \t]*[:=][ \t]*(?P<value>[^\n]*)$",
    re.MULTILINE,
)
_SECTION: Final = re.compile(r"^[ \t]*\[+([^\]\n]{1,120})\]+[ \t]*$", re.MULTILINE)
_QUOTED: Final = re.compile(r"([\"'])([^\"'\n]*)\1")
_TRAILING: Final = re.compile(r"\s[#;]")
_ELEMENT: Final = re.compile(r"<([\w:.\-]{1,80})>([^<>]{8,400})</")
_ATTRIBUTES: Final = re.compile(
    r"<[^<>]{0,400}?\b(?:name|key)\s*=\s*[\"']([^\"'<>]{1,120})[\"'][^<>]{0,200}?\b(?:value)\s*=\s*[\"']([^\"'<>]{1,400})[\"']"
)
_XML_COMMENT: Final = re.compile(r"<!--(?:[^-]|-(?!->))*+(?:-->)?")


def read_settings(text: str) -> Tokens:
    """Lines of `name = value`. A name carries the section, or the YAML keys above it: `wechat.secret`."""
    reading = Reading()
    sections = [(m.start(), m[1].strip()) for m in _SECTION.finditer(text)]
    above: list[tuple[int, str]] = []
    for match in _LINE.finditer(text):
        while sections and sections[0][0] < match.start():
            above = [(-1, sections.pop(0)[1])]
        indent = len(match["indent"])
        while above and above[-1][0] >= indent:
            above.pop()
        value, name = match["value"].strip(), match["name"]
        if not value or value.startswith("#"):
            above.append((indent, name))
            continue
        path = ".".join([*(word for _, word in above), name])
        _pair(reading, (path, match.start("name")), *_value(match))
    return reading.done()


def read_xml(text: str) -> Tokens:
    """`<name>value</name>` and `<x name="…" value="…">`."""
    reading = Reading()
    reading.comments.extend(match.span() for match in _XML_COMMENT.finditer(text))
    plain = _XML_COMMENT.sub(lambda match: " " * len(match[0]), text)
    pairs = [*_ELEMENT.finditer(plain), *_ATTRIBUTES.finditer(plain)]
    for match in sorted(pairs, key=lambda match: match.start()):
        _pair(reading, (match[1], match.start(1)), match[2].strip(), match.start(2), match.end(2))
    return reading.done()


def _value(match: re.Match[str]) -> tuple[str, int, int]:
    raw, start = match["value"], match.start("value")
    quoted = _QUOTED.match(raw)
    if quoted:
        return quoted[2], start, start + quoted.end()
    comment = _TRAILING.search(raw)
    bare = raw[: comment.start() if comment else None].rstrip()
    return bare, start, start + len(bare)


def _pair(reading: Reading, named: tuple[str, int], value: str, start: int, end: int) -> None:
    name, named_at = named
    reading.found += [
        Token("name", name, named_at, named_at + 1),
        Token("mark", "=", start, start),
        Token("text", value, start, end),
        Token("mark", ";", end, end),
    ]
