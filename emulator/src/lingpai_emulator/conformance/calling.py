"""How a probe is sent, to WeChat or to the emulator, and what of the answer is kept."""

import json
import re
from email.message import Message
from http.client import HTTPException, HTTPMessage
from typing import IO, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

import msgspec

from lingpai_emulator.conformance.probe import Pairs, Probe

_TIMEOUT: Final = 20.0  # seconds; WeChat answers in far less than one
_MOST: Final = 256 * 1024  # bytes of an answer
_PLACEHOLDER: Final = re.compile(r"<(\w+)>")

Values = dict[str, str]


class Reply(msgspec.Struct, frozen=True):
    """An answer as it came; header names in lower case, in order."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    @property
    def content_type(self) -> str:
        return next((value for name, value in self.headers if name == "content-type"), "")


class UnreachableError(Exception):
    """No answer came; the text says why and holds nothing of what was sent."""


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(  # noqa: PLR0917 - urllib's signature
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """A redirect is an answer like any other, and the secret goes nowhere else."""


class Caller:
    """Calls one side. `direct` pays no attention to a proxy of the environment."""

    def __init__(self, base: str, *, direct: bool) -> None:
        self._base = base
        handlers = [ProxyHandler({})] if direct else []
        self._opener: OpenerDirector = build_opener(_NoRedirect, *handlers)

    def ask(self, probe: Probe, values: Values) -> Reply:
        """Raises UnreachableError, and KeyError when a value that the probe needs is not there."""
        request = _request(self._base, probe, values)
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as answer:
                return _reply(answer.status, answer.headers, answer.read(_MOST))
        except HTTPError as answer:
            with answer:
                return _reply(answer.code, answer.headers, answer.read(_MOST))
        except (URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", error)
            raise UnreachableError(f"{self._base} gave no answer: {type(error).__name__}, {reason}") from None


def needs(probe: Probe) -> frozenset[str]:
    """The names of the values that a probe fills in."""
    texts = [value for _, value in (*probe.query, *(probe.form or ()), *(probe.json or {}).items())]
    return frozenset(name for text in texts for name in _PLACEHOLDER.findall(text))


def _request(base: str, probe: Probe, values: Values) -> Request:
    query = f"?{urlencode(_filled(probe.query, values), quote_via=quote)}" if probe.query else ""
    body, content_type = _body(probe, values)
    headers = {"User-Agent": "lingpai-emulator conformance", "Accept": "*/*"}
    if body is not None:
        headers["Content-Type"] = probe.content_type or content_type
    # Never another scheme: the base was checked where it came in.
    return Request(f"{base}{probe.path}{query}", body, headers, method=probe.method)  # noqa: S310


def _body(probe: Probe, values: Values) -> tuple[bytes | None, str]:
    if probe.json is not None:
        filled = dict(_filled(tuple(probe.json.items()), values))
        return json.dumps(filled).encode(), "application/json"
    if probe.form is not None:
        return urlencode(_filled(probe.form, values)).encode(), "application/x-www-form-urlencoded"
    return (None if probe.body is None else probe.body.encode()), "application/json"


def _filled(pairs: Pairs, values: Values) -> list[tuple[str, str]]:
    return [(name, _PLACEHOLDER.sub(lambda found: values[found[1]], value)) for name, value in pairs]


def _reply(status: int, headers: Message, body: bytes) -> Reply:
    named = tuple((name.lower(), value) for name, value in headers.items())
    return Reply(status, named, body.decode("utf-8", "replace"))
