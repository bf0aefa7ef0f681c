"""Who may hold the phone: a browser on this machine, showing the phone's own page."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRAME: Final = "/frame/"

_COMMON: Final = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
_PAGE: Final = _COMMON | {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
# The frame runs whatever the project contains, compiled in place, so it must evaluate. It has an
# opaque origin even when opened by itself, and no network but pictures and fonts: what `wx` sends
# goes through the page around it.
_FRAME: Final = _COMMON | {
    "content-security-policy": (
        "sandbox allow-scripts; default-src 'none'; script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src data: blob: http: https:; "
        "font-src data: blob: http: https:; media-src data: blob: http: https:; connect-src 'none'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    # An opaque origin is foreign to its own files. They are the same for everybody.
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
}


class Door:
    """Refuses foreign host names and foreign origins with 403, and sends the security headers.

    A page may let its own name resolve to 127.0.0.1 (DNS rebinding), but it cannot change
    the Host its browser then sends. Another page on this machine has another port, so its
    Origin is refused as well; so is the frame's, `null`, but for the files it consists of.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        in_frame = scope["path"].startswith(FRAME)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_FRAME if in_frame else _PAGE)
            await send(message)

        reason = _refusal(Headers(scope=scope), any_origin=in_frame)
        app = self._app if reason is None else PlainTextResponse(reason, 403)
        await app(scope, receive, guarded)


def _refusal(headers: Headers, *, any_origin: bool) -> str | None:
    host = headers.get("host", "")
    if not is_loopback(_name(host)):
        return "The phone answers to localhost only."
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}" and not any_origin:
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
