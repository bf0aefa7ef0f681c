"""A `state` that is the same for everybody, in a URL of open.weixin.qq.com or in the parameters of one."""

import re
from collections.abc import Iterator
from typing import Final

from lingpai.scan.findings import Hit
from lingpai.scan.rules import STATE_CONSTANT
from lingpai.scan.source import Source
from lingpai.scan.tokens import Token

_AUTHORIZE: Final = re.compile(r"open\.weixin\.qq\.com/connect/(?:oauth2/authorize|qrconnect)")
_STATE: Final = re.compile(r"[?&]state=([^&#]*)")
_OPEN_ENDED: Final = re.compile(r"\0|%[sdv@]|\{|\}|\$|<|^:|^\[")
"""A value that is filled in later: `%s`, `{state}`, `${state}`, `<state>`, `:state`."""
_SIBLINGS: Final = frozenset(("scope", "redirect_uri", "redirectUri", "response_type", "responseType"))
_GROUP: Final = 200
"""How many tokens the parameters of one URL may have."""
_OAUTH: Final = re.compile(r"open\.weixin\.qq\.com/connect|snsapi_(?:base|userinfo|login)")


def constant_states(source: Source) -> Iterator[Hit]:
    """Hits on any side."""
    if not _OAUTH.search(source.text):
        return
    for value in source.values:
        if not _AUTHORIZE.search(value.text) or _is_documentation(source.tokens, value.first, value.last):
            continue
        match = _STATE.search(value.text)
        if match and match[1] and not _OPEN_ENDED.search(match[1]):
            yield Hit(STATE_CONSTANT, source.tokens[value.first].at)
    if source.is_code:
        yield from _parameters(source)


def _parameters(source: Source) -> Iterator[Hit]:
    """`{redirect_uri: …, scope: "snsapi_base", state: "STATE"}`."""
    tokens, partner = source.tokens, source.parsed.partner
    inside: dict[int, int] = {}
    for opening, closing in partner.items():
        if opening < closing and closing - opening < _GROUP:
            for index in range(opening + 1, closing):
                inside[index] = max(inside.get(index, -1), opening)
    for index, token in enumerate(tokens[:-2]):
        if (
            token.text != "state"
            or tokens[index + 1].text not in {":", "=>", "=", ","}
            or index not in inside
        ):
            continue
        given = tokens[index + 2]
        ends = index + 3 >= len(tokens) or tokens[index + 3].text in {",", "}", "]", ")"}
        if given.kind != "text" or not given.text or _OPEN_ENDED.search(given.text) or not ends:
            continue
        opening = inside[index]
        around = {t.text for t in tokens[opening : partner[opening]] if t.kind != "mark"}
        if around & _SIBLINGS:
            yield Hit(STATE_CONSTANT, token.at)


def _is_documentation(tokens: list[Token], first: int, last: int) -> bool:
    """A text that stands alone, as a docstring does, or is printed as an example."""
    before = tokens[first - 1] if first else None
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    alone = before is None or (before.kind == "mark" and before.text in {":", ";"})
    return alone and (after is None or (after.kind == "name" and tokens[first].text.count("\n") > 0))
