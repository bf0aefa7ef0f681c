"""Listening: a socket, uvicorn behind it, and an end without a dropped request."""

import asyncio
import math
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from lingpai.web import hush
from lingpai.web.rooms import Mood

_BACKLOG: Final = 2048
_LONGEST_HEAD: Final = 65_536
_IDLE_SECONDS: Final = 75
"""Longer than the proxies in front keep a connection, which is a minute as a rule: whoever sends next on a
connection should not be the one who finds it closed.
"""
_LINGER: Final = 1.0
"""Seconds that a connection without a request is left open when the server closes: one may be on its way."""
_TOO_LONG: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)


class PortTakenError(Exception):
    """Somebody else listens there."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"port {port} on {host} is taken")
        self.port: Final = port


class _Quiet(uvicorn.Server):
    """uvicorn that leaves signals to the command, says when it is up, and closes its socket with care."""

    def __init__(self, config: uvicorn.Config, *, hasty: bool) -> None:
        """`hasty`: nobody stands in front who could lose a request."""
        super().__init__(config)
        self.up: Final = asyncio.Event()
        self._hasty: Final = hasty

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if not self._hasty:
            for sock in sockets or []:
                await _emptied(sock)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Connection(HttpToolsProtocol):
    """uvicorn's protocol, with an end to a request's head, which its parser would read on for ever, and with a
    last answer: from the moment the server is to stop, each answer says that its connection ends.
    """

    def __init__(self, *given: Any, mood: Mood, linger: float, **named: Any) -> None:
        super().__init__(*given, **named)
        self._head: float = 0
        self._mood: Final = mood
        self._linger: Final = linger

    def data_received(self, data: bytes) -> None:
        self._head += len(data)
        super().data_received(data)
        if self._head > _LONGEST_HEAD and not self.transport.is_closing():
            self.transport.write(_TOO_LONG)
            self.transport.close()

    def on_headers_complete(self) -> None:
        self._head = -math.inf  # the body is the endpoint's to measure
        super().on_headers_complete()
        if self._mood.draining:
            self.end_with_answer()

    def end_with_answer(self) -> None:
        """Say with the answer under way, if there is one, that it is the last."""
        cycle = cast(RequestResponseCycle | None, self.cycle)  # uvicorn's annotation forgets the first moment
        if cycle is not None and not cycle.response_started:
            cycle.keep_alive = False

    def shutdown(self) -> None:
        cycle = cast(RequestResponseCycle | None, self.cycle)
        if self._linger and (cycle is None or cycle.response_complete):
            self.loop.call_later(self._linger, self._close_unused)
        else:
            super().shutdown()

    def _close_unused(self) -> None:
        if self.transport.is_closing():
            return
        if hush.has_come(self.transport.get_extra_info("socket").fileno()):
            # The process was kept from running, and its timers come before what it has to read.
            self.loop.call_later(hush.SECONDS, self._close_unused)
        else:
            super().shutdown()

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


async def _emptied(sock: socket.socket) -> None:
    """When no connection begins on it any more, and those that had begun were taken."""
    if hush.refuse_handshakes(sock):
        await asyncio.sleep(hush.SECONDS)
        while hush.has_come(sock.fileno()):  # noqa: ASYNC110 - the kernel sets no Event
            await asyncio.sleep(hush.SECONDS / 4)


class Listener:
    """Answers on a bound socket until it is told to stop."""

    def __init__(self, app: ASGIApp, sock: socket.socket, mood: Mood, *, grace: float, drain: float) -> None:
        """`grace` and `drain` in seconds: see the settings shutdown_grace and shutdown_drain."""
        self._sock: Final = sock
        self._mood: Final = mood
        self._grace: Final = grace
        connection = partial(_Connection, mood=mood, linger=min(grace, _LINGER))
        self._server: Final = _Quiet(
            uvicorn.Config(
                app,
                http=connection,  # type: ignore[arg-type]  # called like the class it makes
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=_IDLE_SECONDS,
                timeout_graceful_shutdown=max(1, round(drain)),
            ),
            hasty=grace == 0,
        )
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to answer."""
        self._serving = asyncio.get_running_loop().create_task(self._server.serve(sockets=[self._sock]))
        await self._server.up.wait()

    async def stop(self) -> None:
        """Turn unready, wait for the load balancer, take nothing new, finish what has begun.

        Meanwhile each answer ends its connection, so that a proxy keeps none to us.
        """
        self._mood.draining = True
        for connection in self._server.server_state.connections:
            if isinstance(connection, _Connection):
                connection.end_with_answer()
        await asyncio.sleep(self._grace)
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving
