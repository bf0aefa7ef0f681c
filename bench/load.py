"""How fast does a server answer? A lean load generator, in a process of its own.

It reads a `Batch` as one line of JSON, opens its connections, sends the warm-up, says `ready`, waits for
`go`, sends the batch and writes an `Outcome` as one line of JSON. Requests are bytes made beforehand; each
connection is kept alive and has one request under way.
"""

import asyncio
import re
import sys
import time
from collections.abc import Iterator
from typing import Final, cast

import msgspec
import uvloop

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_HEAD_END: Final = b"\r\n\r\n"


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What to send to `port` of this machine, over how many connections at once."""

    port: int
    connections: int
    requests: list[str]
    """Whole HTTP/1.1 requests, ASCII; see `http_request`."""
    warmup: list[str] = []
    keep_bodies: bool = False
    longest: float = 30.0
    """Seconds; what is not answered by then counts as lost."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came back."""

    seconds: float
    latencies: list[int]
    """Microseconds, one for each answer, of whatever status."""
    statuses: dict[int, int]
    """Answers by HTTP status."""
    lost: int
    """Requests without an answer."""
    bodies: list[str]
    """Bodies of the answers with 200, in no order; empty unless they were asked for."""


def http_request(
    method: str, path: str, *, body: str | None = None, headers: dict[str, str] | None = None
) -> str:
    """An HTTP/1.1 request as text."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: lingpai-bench"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body.encode())}"]
    return "\r\n".join(lines) + "\r\n\r\n" + (body or "")


class _Run:
    """A list of requests on its way."""

    def __init__(self, requests: list[str], *, keep_bodies: bool) -> None:
        self._waiting: Final[Iterator[bytes]] = iter([request.encode() for request in requests])
        self._missing = len(requests)
        self._keep_bodies: Final = keep_bodies
        self.latencies: Final[list[int]] = []
        self.statuses: Final[dict[int, int]] = {}
        self.bodies: Final[list[str]] = []
        self.over: Final = asyncio.Event()
        if not requests:
            self.over.set()

    @property
    def missing(self) -> int:
        return self._missing

    def next(self) -> bytes | None:
        return next(self._waiting, None)

    def answered(self, status: int, body: bytes, seconds: float) -> None:
        self.latencies.append(round(seconds * 1_000_000))
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if self._keep_bodies and status == 200:
            self.bodies.append(body.decode())
        self._missing -= 1
        if not self._missing:
            self.over.set()


class _Connection(asyncio.Protocol):
    """One kept-alive connection with one request under way."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._run: _Run | None = None
        self._received = b""
        self._sent_at = 0.0
        self.gone: Final = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transport is one in all but the name.
        self._transport = cast(asyncio.Transport, transport)

    def begin(self, run: _Run) -> None:
        self._run = run
        self._send(run)

    def data_received(self, data: bytes) -> None:
        received = self._received + data if self._received else data
        head_ends = received.find(_HEAD_END)
        length = _LENGTH.search(received, 0, head_ends) if head_ends >= 0 else None
        body_at = head_ends + len(_HEAD_END)
        if length is None or len(received) < body_at + int(length[1]):
            self._received = received
            return
        self._received = b""
        if self._run is not None:
            seconds = time.perf_counter() - self._sent_at
            self._run.answered(int(received[9:12]), received[body_at:], seconds)
            self._send(self._run)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc  # a request without an answer is counted by its absence
        self.gone.set()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _send(self, run: _Run) -> None:
        request = run.next()
        if request is not None and self._transport is not None:
            self._sent_at = time.perf_counter()
            self._transport.write(request)


async def _connect(port: int) -> _Connection:
    _, connection = await asyncio.get_running_loop().create_connection(_Connection, "127.0.0.1", port)
    return connection


async def _kept(port: int, connection: _Connection, run: _Run) -> None:
    """Send over this connection, and over a new one whenever it is lost."""
    while True:
        connection.begin(run)
        await connection.gone.wait()
        try:
            connection = await _connect(port)
        except OSError:
            return


async def _send_all(batch: Batch, connections: list[_Connection], run: _Run) -> float:
    """Seconds until everything was answered, given up or late."""
    began = time.perf_counter()
    lanes = [asyncio.create_task(_kept(batch.port, each, run)) for each in connections]
    all_gone = asyncio.create_task(asyncio.wait(lanes))
    over = asyncio.create_task(run.over.wait())
    await asyncio.wait([over, all_gone], timeout=batch.longest, return_when=asyncio.FIRST_COMPLETED)
    seconds = time.perf_counter() - began
    for task in (over, all_gone, *lanes):
        task.cancel()
    await asyncio.gather(over, all_gone, *lanes, return_exceptions=True)
    return seconds


async def _main() -> None:
    batch = msgspec.json.decode(sys.stdin.buffer.readline(), type=Batch)
    connections = [await _connect(batch.port) for _ in range(batch.connections)]
    await _send_all(batch, connections, _Run(batch.warmup, keep_bodies=False))
    run = _Run(batch.requests, keep_bodies=batch.keep_bodies)
    print("ready", flush=True)
    sys.stdin.buffer.readline()
    seconds = await _send_all(batch, connections, run)
    for connection in connections:
        connection.close()
    outcome = Outcome(
        seconds=seconds,
        latencies=run.latencies,
        statuses=run.statuses,
        lost=run.missing,
        bodies=run.bodies,
    )
    print(msgspec.json.encode(outcome).decode(), flush=True)


if __name__ == "__main__":
    uvloop.run(_main())
