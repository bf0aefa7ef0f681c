"""Pages: what HTML, Vue and WXML hold as tokens. Scripts and `{{ }}` are JavaScript, attributes are texts."""

import html
import re
from typing import Final

from lingpai.scan.dialects import JAVASCRIPT, Reading, read_into
from lingpai.scan.tokens import Token, Tokens

_NEXT: Final = re.compile(
    r"<!--|<script\b[^<>]*>|\{\{|(?P<name>[\w:@.-]{1,80}+)\s*=\s*(?P<value>\"[^\"]*+\"|'[^']*+')",
    re.IGNORECASE,
)
_CODE_ATTRIBUTE: Final = re.compile(r"^(?:v-|:|@|on[a-z])")


def read_markup(text: str) -> Tokens:
    """A whole page."""
    reading = Reading()
    at = 0
    lowered = text.lower()
    while match := _NEXT.search(text, at):
        opened, at = match.start(), match.end()
        if match["name"]:
            _attribute(reading, text, match)
        elif match[0] == "<!--":
            at = _after(text, "-->", at)
            reading.comments.append((opened, at))
        elif match[0] == "{{":
            end = text.find("}}", at)
            if end < 0:
                break
            read_into(reading, text, JAVASCRIPT, at, end)
            _part(reading, end)
            at = end + 2
        else:
            end = lowered.find("</script", at)
            end = len(text) if end < 0 else end
            read_into(reading, text, JAVASCRIPT, at, end)
            _part(reading, end)
            at = end
    return reading.done()


def _attribute(reading: Reading, text: str, match: re.Match[str]) -> None:
    start, end = match.span("value")
    if _CODE_ATTRIBUTE.match(match["name"]):
        read_into(reading, text, JAVASCRIPT, start + 1, end - 1)
    elif "{{" in match["value"]:
        for hole in re.finditer(r"\{\{([^{}]*)\}\}", match["value"]):
            read_into(reading, text, JAVASCRIPT, start + hole.start(1), start + hole.end(1))
    else:
        name = match["name"]
        reading.found.append(Token("name", name, match.start("name"), match.end("name")))
        reading.found.append(Token("mark", "=", match.end("name"), match.end("name") + 1))
        reading.found.append(Token("text", html.unescape(match["value"][1:-1]), start, end))
    _part(reading, end)


def _part(reading: Reading, at: int) -> None:
    """Two parts of a page are two statements."""
    reading.found.append(Token("mark", ";", at, at))


def _after(text: str, end: str, at: int) -> int:
    found = text.find(end, at)
    return len(text) if found < 0 else found + len(end)
