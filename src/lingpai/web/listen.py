"""Listening: a socket, uvicorn behind it, and an end without a dropped request."""

import asyncio
import math
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lingpai.web.rooms import Mood

_BACKLOG: Final = 2048
_LONGEST_HEAD: Final = 65_536
_TOO_LONG: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)


class PortTakenError(Exception):
    """Somebody else listens there."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"port {port} on {host} is taken")
        self.port: Final = port


class _Quiet(uvicorn.Server):
    """uvicorn that leaves signals to the command, and says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up: Final = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _ShortHead(HttpToolsProtocol):
    """uvicorn's protocol, with an end to a request's head: its parser would read on for ever."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._head: float = 0

    def data_received(self, data: bytes) -> None:
        self._head += len(data)
        super().data_received(data)
        if self._head > _LONGEST_HEAD and not self.transport.is_closing():
            self.transport.write(_TOO_LONG)
            self.transport.close()

    def on_headers_complete(self) -> None:
        self._head = -math.inf  # the body is the endpoint's to measure
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._head = 0
        super().on_message_complete()


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 picks a free one. Raises PortTakenError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP: asyncio turns Nagle's delay off only for a socket that says what it is.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise PortTakenError(host, port) from None
    sock.listen(_BACKLOG)
    return sock


class Listener:
    """Answers on a bound socket until it is told to stop."""

    def __init__(self, app: ASGIApp, sock: socket.socket, mood: Mood, *, grace: float, drain: float) -> None:
        """`grace` and `drain` in seconds: see the settings shutdown_grace and shutdown_drain."""
        self._sock: Final = sock
        self._mood: Final = mood
        self._grace: Final = grace
        self._server: Final = _Quiet(
            uvicorn.Config(
                app,
                http=_ShortHead,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=max(1, round(drain)),
            )
        )
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to answer."""
        self._serving = asyncio.get_running_loop().create_task(self._server.serve(sockets=[self._sock]))
        await self._server.up.wait()

    async def stop(self) -> None:
        """Turn unready, wait for the load balancer, take nothing new, finish what has begun."""
        self._mood.draining = True
        await asyncio.sleep(self._grace)
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving
