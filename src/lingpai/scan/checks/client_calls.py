"""What client code must not do: call WeChat's own host, carry an access_token in a URL, hold a session_key."""

import re
from collections.abc import Iterator
from typing import Final

from lingpai.scan.findings import Hit
from lingpai.scan.rules import ACCESS_TOKEN_IN_CLIENT, SESSION_KEY_IN_CLIENT, WECHAT_API_IN_CLIENT
from lingpai.scan.source import Source
from lingpai.scan.tokens import HOLE, Token

_WECHATS_HOST: Final = re.compile(r"(?:^|//)(?:api2?|sh\.api|sz\.api|hk\.api)\.weixin\.qq\.com(?:[/:?]|$)")
_HOST_OR_TOKEN: Final = re.compile(r"weixin\.qq\.com|access_token", re.IGNORECASE)
_TOKEN_IN_URL: Final = re.compile(r"[?&]access_token=(?P<value>[^&#]*)", re.IGNORECASE)
_URL: Final = re.compile(r"^(?:https?://|//|/|\0|[\w./-]+\?)")
_PUBLIC_TOKENS: Final = re.compile(
    r"//[\w.-]*(?:mapbox|cesium|facebook|instagram|github|baidubce)\.(?:com|org)"
)
"""Hosts whose browser tokens are made to be seen, or are not ours to judge."""
_SEARCHING: Final = frozenset(
    ("indexOf", "includes", "split", "startsWith", "match", "search", "replace", "test")
)
_WECHATS_DATA: Final = re.compile(
    r"\b(?:wx|uni|Taro)\.\w|encryptedData|jscode2session|code2session|weixin|wechat", re.IGNORECASE
)


def client_calls(source: Source) -> Iterator[Hit]:
    """Hits in a client's file; none in a type declaration."""
    if source.side != "client" or source.path.endswith(".d.ts"):
        return
    if _HOST_OR_TOKEN.search(source.text):
        yield from _urls(source)
    if "session_key" in source.text or "sessionKey" in source.text:
        yield from _session_keys(source)


def _urls(source: Source) -> Iterator[Hit]:
    for value in source.values:
        token = source.tokens[value.first]
        if _WECHATS_HOST.search(value.text):
            yield Hit(WECHAT_API_IN_CLIENT, token.at)
        match = _TOKEN_IN_URL.search(value.text)
        searched = _is_argument_of(source.tokens, value.first, _SEARCHING)
        if match and _URL.search(value.text) and not searched and not _PUBLIC_TOKENS.search(value.text):
            given = match["value"] or _goes_on(source.tokens, value.last)
            if given:
                yield Hit(ACCESS_TOKEN_IN_CLIENT, token.at)


def _goes_on(tokens: list[Token], last: int) -> bool:
    """Whether something is still joined to a text that ends with `access_token=`."""
    following = tokens[last + 1].text if last + 1 < len(tokens) else ""
    return following in {"+", ",", HOLE, ".concat"}


def _is_argument_of(tokens: list[Token], index: int, names: frozenset[str]) -> bool:
    return index > 1 and tokens[index - 1].text == "(" and tokens[index - 2].text in names


def _session_keys(source: Source) -> Iterator[Hit]:
    tokens = source.tokens
    told: set[int] = set()
    for index, token in enumerate(tokens):
        if token.kind == "mark" or token.text not in {"session_key", "sessionKey"}:
            continue
        if token.text == "sessionKey" and not _is_wechats(source, tokens, index):
            continue
        if token.kind == "text" and not _is_key(tokens, index):
            continue
        line = source.line(token.at)
        if line not in told:
            told.add(line)
            yield Hit(SESSION_KEY_IN_CLIENT, token.at)


def _is_key(tokens: list[Token], index: int) -> bool:
    """A text that names a field or a storage entry, not one that is shown."""
    before = tokens[index - 1].text if index else ""
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    return (
        (before in {"[", "("} and after in {"]", ",", ")"})
        or after == ":"
        or (before == ":" and after in {",", "}"})
    )


def _is_wechats(source: Source, tokens: list[Token], index: int) -> bool:
    """`sessionKey` is an everyday name; WeChat's is one that is read, sent or stored where WeChat is spoken to."""
    before = tokens[index - 1].text if index else ""
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    handled = before in {".", "?."} or after in {":", ",", "}", "]", ")"}
    return handled and bool(_WECHATS_DATA.search(source.text))
