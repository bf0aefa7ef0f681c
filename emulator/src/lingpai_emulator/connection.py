"""How a connection is broken on purpose: the one thing ASGI has no word for."""

import asyncio
from typing import Final, cast

from starlette.types import Receive, Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_EXTENSION: Final = "lingpai_emulator.connection"


class BreakableProtocol(HttpToolsProtocol):
    """uvicorn's protocol that hands the transport to the application."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {_EXTENSION: {"transport": self.transport}}


async def drop(scope: Scope, receive: Receive) -> None:
    """Drop the connection at once, also what waits to be sent."""
    _transport(scope).abort()
    await _until_gone(receive)


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Send what has been written so far, then close, whatever Content-Length promised."""
    _transport(scope).close()
    await _until_gone(receive)


class Waiting:
    """The callers whose answer is being delayed."""

    def __init__(self) -> None:
        self._transports: set[asyncio.Transport] = set()

    async def pause(self, seconds: float, scope: Scope, receive: Receive) -> bool:
        """Let real time pass, but no longer than the caller waits; whether the caller is still there."""
        transport = _transport(scope)
        self._transports.add(transport)
        try:
            await asyncio.wait_for(_until_gone(receive), seconds)
        except TimeoutError:
            return True
        finally:
            self._transports.discard(transport)
        return False

    def drop_all(self) -> None:
        """Drop their connections: nobody waits longer than the emulator runs."""
        for transport in tuple(self._transports):
            transport.abort()


def _transport(scope: Scope) -> asyncio.Transport:
    return cast(asyncio.Transport, scope["extensions"][_EXTENSION]["transport"])


async def _until_gone(receive: Receive) -> None:
    # Returning earlier would make uvicorn send a 500 on a connection it still believes in.
    while (await receive())["type"] != "http.disconnect":
        pass
