"""A host on loopback that answers exactly what a test wants, byte for byte."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from lingpai.wechat import WeChatClient, WeChatSettings
from lingpai.wechat.endpoints.sns import JsCode2SessionRequest

APP = "wx00000000000000a1"
GOOD = b'{"session_key":"AAAAAAAAAAAAAAAAAAAA\\/w==","openid":"oXXXXXXXXXXXXXXXXXXXXXXXXXXX"}'


def http(body: bytes, status: str = "200 OK", headers: str = "X-A: b") -> bytes:
    head = f"HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Host:
    """Records every request it reads. ``behave`` writes the answer; without one it is a black hole.

    The connection is closed after an answer when ``close`` is set.
    """

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.answer: bytes | None = http(GOOD)
        self.close = False
        self.behave: Callable[[asyncio.StreamWriter, int], Awaitable[None]] = self._write_answer
        self._heard = asyncio.Condition()
        self._handlers: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []
        self.url = ""

    async def start(self, port: int = 0) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", port)
        self._servers.append(server)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
        for handler in self._handlers:
            handler.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)

    async def heard(self, count: int) -> None:
        """Wait until so many requests have been read."""
        async with self._heard:
            await self._heard.wait_for(lambda: len(self.requests) >= count)

    def answers(self, body: bytes = GOOD, status: str = "200 OK", headers: str = "X-A: b") -> None:
        """Answer like this from now on, well by default, and keep connections open."""
        self.answer, self.close = http(body, status, headers), False

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        handler = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._handlers.add(handler)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                for line in request.lower().split(b"\r\n"):
                    if line.startswith(b"content-length:"):
                        request += await reader.readexactly(int(line.split(b":")[1]))
                async with self._heard:
                    self.requests.append(request)
                    self._heard.notify_all()
                await self.behave(writer, len(self.requests))
                await writer.drain()
                if self.close:
                    return
        except (OSError, asyncio.IncompleteReadError):
            return
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _write_answer(self, writer: asyncio.StreamWriter, _number: int) -> None:
        if self.answer is None:
            await asyncio.get_running_loop().create_future()
        else:
            writer.write(self.answer)


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    host = Host()
    await host.start()
    yield host
    await host.stop()


@pytest.fixture
def framed() -> Callable[..., bytes]:
    """Builds an HTTP answer around a body."""
    return http


@pytest.fixture
def good() -> bytes:
    return GOOD


@pytest.fixture
def request_() -> JsCode2SessionRequest:
    return JsCode2SessionRequest(appid=APP, secret="0" * 32, js_code="c" * 32)


@pytest.fixture
async def connect() -> AsyncIterator[Callable[..., WeChatClient]]:
    """Builds clients and closes them: patient ones, or brief ones where a timeout is the point."""
    clients: list[WeChatClient] = []

    def build(base_url: str, *, brief=False, monotonic=None, on_call=None, **settings) -> WeChatClient:
        connect, read, total = (0.3, 0.6, 1.0) if brief else (20.0, 50.0, 60.0)
        times = {"connect_timeout": connect, "read_timeout": read, "total_timeout": total, "queue_wait": 0.2}
        clock = {"monotonic": monotonic} if monotonic else {}
        made = WeChatClient(
            WeChatSettings(base_url=base_url, **{**times, **settings}), on_call=on_call, **clock
        )
        clients.append(made)
        return made

    yield build
    for client in clients:
        await client.aclose()


class Clock:
    """Monotonic seconds that move only when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()
