"""Who may hold the phone: a browser on this machine, showing the phone's own page."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Door:
    """Refuses foreign host names and foreign origins with 403, and sends the security headers.

    A page may let its own name resolve to 127.0.0.1 (DNS rebinding), but it cannot change
    the Host its browser then sends. Another page on this machine has another port, so its
    Origin is refused as well.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        reason = _refusal(Headers(scope=scope))
        app = self._app if reason is None else PlainTextResponse(reason, 403)
        await app(scope, receive, guarded)


def _refusal(headers: Headers) -> str | None:
    host = headers.get("host", "")
    if not is_loopback(_name(host)):
        return "The phone answers to localhost only."
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        return "A page of another origin may not use the phone."
    return None


def is_loopback(name: str) -> bool:
    """Whether a host name or address (without brackets) can only mean this machine."""
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
