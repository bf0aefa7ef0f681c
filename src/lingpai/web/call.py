"""One HTTP request as an endpoint sees it."""

import re
from typing import Final

from starlette.types import Receive, Scope

from lingpai.errors import Problem
from lingpai.errors.catalogue import BODY_TOO_LARGE
from lingpai.observe import Flight, current_trace
from lingpai.secret import random_bytes
from lingpai.web.language import Language, preferred

_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9_-]{8,64}")
_LONGEST_AGENT: Final = 200
_LONGEST_LANGUAGES: Final = 200


class ClientGoneError(Exception):
    """The client closed the connection before its request was complete."""


class Call:
    """A request: its path parameters, headers and body, and the id it is known by."""

    __slots__ = ("_headers", "_receive", "began", "flight", "params", "request_id", "scope")

    def __init__(self, scope: Scope, receive: Receive, began: float) -> None:
        """`began` is on the monotonic clock."""
        self.scope: Final = scope
        self.began: Final = began
        self._receive: Final = receive
        self.flight: Flight | None = None
        self._headers: dict[bytes, bytes] | None = None
        self.params: dict[str, str] = scope.get("path_params") or {}
        given = self.header(b"x-request-id")
        self.request_id: Final = (
            given.decode() if given and _REQUEST_ID.fullmatch(given) else random_bytes(8).hex()
        )
        trace = current_trace()
        if trace is not None:
            trace.known_as(self.request_id)

    @property
    def headers(self) -> dict[bytes, bytes]:
        """By lower-case name; of a repeated header, the last."""
        if self._headers is None:
            self._headers = dict(self.scope["headers"])
        return self._headers

    def header(self, name: bytes) -> bytes | None:
        """One header, or None."""
        return self.headers.get(name)

    @property
    def method(self) -> str:
        """In upper case."""
        method: str = self.scope["method"]
        return method

    @property
    def query(self) -> bytes:
        """The raw query string."""
        query: bytes = self.scope["query_string"]
        return query

    @property
    def language(self) -> Language:
        """What the caller reads."""
        return preferred((self.header(b"accept-language") or b"")[:_LONGEST_LANGUAGES])

    @property
    def user_agent(self) -> str:
        """The client's own words, printable and cut to 200 characters."""
        text = (self.header(b"user-agent") or b"").decode("utf-8", "replace")[:_LONGEST_AGENT]
        return text if text.isprintable() else "".join(c for c in text if c.isprintable())

    def bearer(self) -> str | None:
        """The token of an `Authorization: Bearer` header (RFC 6750 §2.1)."""
        scheme, _, token = self.authorization().partition(b" ")
        if scheme.lower() != b"bearer" or not token:
            return None
        return token.strip().decode("latin-1")

    def authorization(self) -> bytes:
        """The Authorization header; nothing when there is more than one.

        Of two, a proxy in front might believe the other one.
        """
        found = [value for name, value in self.scope["headers"] if name == b"authorization"]
        return found[0] if len(found) == 1 else b""

    async def body(self, limit: int) -> bytes:
        """The whole body. Raises Problem body_too_large before more than `limit` bytes are kept."""
        whole = await self._whole(limit)
        own = self.flight
        if own is not None:
            own.step("read", own.began, own.now(), bytes=len(whole))
        return whole

    async def _whole(self, limit: int) -> bytes:
        parts: list[bytes] = []
        size = 0
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            part: bytes = message.get("body", b"")
            size += len(part)
            if size > limit:
                raise Problem(BODY_TOO_LARGE, facts={"limit": str(limit)})
            if not message.get("more_body", False):
                return part if not parts else b"".join([*parts, part])
            parts.append(part)
