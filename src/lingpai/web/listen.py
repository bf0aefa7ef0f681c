"""Listening: a socket, uvicorn behind it, and an end without a dropped request."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from lingpai.web.rooms import Mood

_BACKLOG: Final = 2048


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


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 picks a free one. Raises PortTakenError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
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
                http="httptools",
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
