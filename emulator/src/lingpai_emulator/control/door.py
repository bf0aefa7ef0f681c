"""Who may use the controls: programs on this machine, and no web page that happens to be open."""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from lingpai_emulator.control.json import reply
from lingpai_emulator.hosts import is_loopback


class Door:
    """Refuses foreign origins always, and foreign host names unless `any_host`.

    The second is against DNS rebinding: a page may point a name of its own at 127.0.0.1,
    but it cannot change the Host header its browser then sends.
    """

    def __init__(self, app: ASGIApp, *, any_host: bool) -> None:
        self._app = app
        self._any_host = any_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            reason = self._refusal(Headers(scope=scope))
            if reason is not None:
                await reply({"error": reason}, HTTPStatus.FORBIDDEN)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refusal(self, headers: Headers) -> str | None:
        host = _name(f"//{headers.get('host', '')}")
        if not self._any_host and not is_loopback(host):
            return "The controls answer to localhost only; start with --allow-remote to use another name."
        origin = headers.get("origin")
        if origin is not None and _name(origin) != host and not is_loopback(_name(origin)):
            return "A page of another origin may not use the controls."
        return None


def _name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
