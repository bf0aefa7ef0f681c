"""Which pages of other origins may call: those of the apps, named one by one (Fetch standard, CORS)."""

from collections.abc import Collection, Sequence
from typing import Final

import msgspec

from lingpai.keeper import Directory
from lingpai.web.answering import NO_STORE, Answer
from lingpai.web.call import Call

_VARY: Final = (b"vary", b"origin")
_CREDENTIALS: Final = (b"access-control-allow-credentials", b"true")
_HEADERS: Final = (b"access-control-allow-headers", b"authorization, content-type, traceparent, x-request-id")
_EXPOSED: Final = (b"access-control-expose-headers", b"retry-after, x-request-id")
_KEPT: Final = (b"access-control-max-age", b"600")


class CrossOrigin:
    """Lets listed origins read answers. That a cookie counts for its app's origins alone is checked elsewhere."""

    def __init__(self, directory: Directory) -> None:
        self._directory: Final = directory

    def readable(self, call: Call, answer: Answer) -> Answer:
        """The answer, readable for the page that asks if its origin is listed."""
        origin = call.header(b"origin")
        if origin is None:
            return answer
        granted = self._granted(call, origin)
        return msgspec.structs.replace(answer, headers=(*answer.headers, _VARY, *granted))

    def preflight(self, call: Call, methods: Sequence[str]) -> Answer | None:
        """204 for a listed origin, without anything granted for another; None when this is no preflight."""
        origin = call.header(b"origin")
        if origin is None or call.header(b"access-control-request-method") is None:
            return None
        granted = self._granted(call, origin)
        if granted:
            granted += ((b"access-control-allow-methods", ", ".join(methods).encode()), _HEADERS, _KEPT)
        return Answer(204, b"", (NO_STORE, _VARY, *granted))

    def _granted(self, call: Call, origin: bytes) -> tuple[tuple[bytes, bytes], ...]:
        if origin.decode("latin-1") not in self._listed(call):
            return ()
        return ((b"access-control-allow-origin", origin), _CREDENTIALS, _EXPOSED)

    def _listed(self, call: Call) -> Collection[str]:
        name = call.params.get("app")
        if name is None:
            return self._directory.origins
        app = self._directory.known(name)
        return () if app is None else app.app.settings.origins
