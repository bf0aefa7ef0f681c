"""What WeChat remembers of a call that failed, by the rid of its answer."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode

import msgspec

from lingpai_emulator.calls import Call

KEPT: Final = 7 * 86_400  # seconds
SHAPE: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}\Z")

_SECRETS: Final = frozenset({"access_token", "secret", "appsecret"})
_SHOWN: Final = 7


class Trace(msgspec.Struct, frozen=True):
    """A call at Unix seconds, and the body it was answered with."""

    at: float
    call: Call
    answer: bytes


def named(call: Call, name: str) -> str | None:
    """A parameter of a call, wherever it stands: query string or JSON body."""
    return call.params().get(name) or _fields(call.body).get(name)


def shown_query(call: Call) -> str:
    """The query string, of secrets only the beginning, as the page's sample has it."""
    params = parse_qsl(call.query.decode("utf-8", "replace"), keep_blank_values=True)
    return urlencode([(name, _cut(value) if name in _SECRETS else value) for name, value in params])


def shown_body(call: Call) -> str:
    """The body, of secrets only the beginning."""
    text = call.body.decode("utf-8", "replace")
    for name, value in _fields(call.body).items():
        if name in _SECRETS and value:
            text = text.replace(value, _cut(value))
    return text


def _fields(body: bytes) -> dict[str, str]:
    try:
        fields = msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def _cut(secret: str) -> str:
    return secret[:_SHOWN] + "xxxx"
