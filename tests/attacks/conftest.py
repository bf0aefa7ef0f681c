"""What the attacks share: bytes on a bare socket, what a refusal has to look like, the log as it is written."""

import asyncio
import io
import json
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import structlog

from lingpai.errors import CATALOGUE
from lingpai.observe import configure_logs, logs

PATIENCE = 30  # seconds until an answer that does not come counts as none
MEMBERS = {"type", "title", "status", "code", "detail", "hint", "request_id"}


class RawAnswer(NamedTuple):
    """An answer as it came over the wire."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The only header of this name; two are an error."""
        values = [value for known, value in self.headers if known == name]
        assert len(values) < 2, values
        return values[0] if values else None

    def json(self) -> Any:
        return json.loads(self.body)


class Wire:
    """A connection on which any bytes may be sent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        async with asyncio.timeout(PATIENCE):
            await self._writer.drain()

    async def answer(self, *, head_only: bool = False) -> RawAnswer | None:
        """The next answer; None when the server has hung up."""
        try:
            async with asyncio.timeout(PATIENCE):
                head = await self._reader.readuntil(b"\r\n\r\n")
                lines = head.decode("latin-1").split("\r\n")
                headers = [_header(line) for line in lines[1:-2]]
                sizes = {value for name, value in headers if name == "content-length"}
                size = 0 if head_only or not sizes else int(sizes.pop())
                body = await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        return RawAnswer(int(lines[0].split(" ")[1]), headers, body)

    async def everything(self) -> bytes:
        """All that still comes until the server hangs up."""
        async with asyncio.timeout(PATIENCE):
            return await self._reader.read()

    def leave(self) -> None:
        """Go away without a word."""
        self._writer.transport.abort()


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(": ")
    return name.lower(), value


@pytest.fixture
def dial(stack: Any) -> Callable[[], Any]:
    """`async with dial() as wire`: a bare connection to the server."""
    where = urlsplit(stack.url)

    @asynccontextmanager
    async def connected() -> AsyncIterator[Wire]:
        reader, writer = await asyncio.open_connection(where.hostname, where.port, limit=1 << 20)
        try:
            yield Wire(reader, writer)
        finally:
            writer.transport.abort()

    return connected


@pytest.fixture
def until() -> Callable[[Callable[[], object]], Any]:
    """`await until(condition)`: wait for it, and fail when it does not come."""

    async def wait(condition: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while True:
                if condition():
                    return
                await asyncio.sleep(0.01)

    return wait


@pytest.fixture
def a_problem() -> Callable[[Any], str]:
    """Checks that an answer is a documented problem and nothing more; its code."""

    def check(answer: Any) -> str:
        text = answer.body.decode() if isinstance(answer, RawAnswer) else answer.text
        status = answer.status if isinstance(answer, RawAnswer) else answer.status_code
        headers = dict(answer.headers)
        assert 400 <= status < 500, (status, text[:300])
        assert headers["content-type"] == "application/problem+json", text[:300]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        told = json.loads(text)
        assert set(told) - {"wechat"} == MEMBERS
        assert told["status"] == status
        assert told["code"] in CATALOGUE
        assert told["request_id"] == headers["x-request-id"]
        assert len(text) < 4_000
        assert "Traceback" not in text
        assert "lingpai/" not in text
        code: str = told["code"]
        return code

    return check


@pytest.fixture
def healthy(stack: Any) -> Callable[[], Any]:
    """Afterwards everything works as before, for somebody who did nothing wrong."""

    async def check() -> None:
        assert (await stack.http.get("/readyz")).status_code == 200
        answer = await stack.signed_in("sam")
        assert (await stack.session(answer["access_token"])).status_code == 200

    return check


@pytest.fixture
def log_to(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[io.BytesIO], None]]:
    """Lets this process log as `serve` would, as JSON lines, into a stream."""
    before, level = logging.root.handlers[:], logging.root.level
    kept: list[io.TextIOWrapper] = []

    def begin(stream: io.BytesIO) -> None:
        kept.append(io.TextIOWrapper(stream, write_through=True))
        monkeypatch.setattr(sys, "stderr", kept[-1])
        monkeypatch.setattr(logs._Current, "log", logs.logger())  # put back afterwards
        configure_logs("debug", "json")

    yield begin
    monkeypatch.undo()
    structlog.reset_defaults()
    logging.root.handlers[:] = before
    logging.root.setLevel(level)
    for wrapper in kept:
        wrapper.detach()


@pytest.fixture
def log_lines(log_to: Callable[[io.BytesIO], None]) -> Callable[[], list[bytes]]:
    """What was logged so far."""
    stream = io.BytesIO()
    log_to(stream)
    return lambda: stream.getvalue().split(b"\n")[:-1]
