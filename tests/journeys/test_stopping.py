"""A server that stops: what a proxy that keeps connections sees of it, and what readyz says of a database it cannot use."""

import asyncio
import errno
import select
import socket
import sqlite3
from contextlib import ExitStack, asynccontextmanager, closing

import pytest

from lingpai.app import open_server
from lingpai.clock import SystemClock
from lingpai.config import at_port
from lingpai.storage import migrate
from lingpai.storage.sql.tables import SCHEMA
from lingpai.testing.server import server_config
from lingpai.web import hush
from lingpai.web.listen import Listener, bind

ASK = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"
PATIENCE = 20
SYN_SENT = 2  # include/net/tcp_states.h


@pytest.fixture
def listening(wechat, tmp_path):
    """A server, its socket, and the means to stop it while one looks on."""

    @asynccontextmanager
    async def listen(*, grace):
        config = server_config(tmp_path, wechat.url, log_level="error")
        migrate(config.database_url)
        sock = bind(config.host, 0)
        config = at_port(config, sock.getsockname()[1])
        async with open_server(config, clock=SystemClock()) as server:
            listener = Listener(server.front, sock, server.rooms.mood, grace=grace, drain=5)
            await listener.start()
            yield config.port, sock, server.rooms.mood, listener

    return listen


class Kept:
    """One kept-alive connection."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    @classmethod
    async def to(cls, port):
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self):
        """The head of the answer."""
        self.writer.write(ASK)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert head.startswith("http/1.1 200")
        await self.reader.readexactly(len('{"alive":true}'))
        return head

    async def ended(self):
        return await self.reader.read() == b""

    def close(self):
        self.writer.close()


async def until(condition):
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - it is a file descriptor's state
            await asyncio.sleep(0.005)


async def test_from_the_moment_it_is_to_stop_each_answer_ends_its_connection(listening):
    async with listening(grace=0.3) as (port, _, mood, listener):
        kept = await Kept.to(port)
        assert "connection: close" not in await kept.ask()
        stopping = asyncio.create_task(listener.stop())
        await until(lambda: mood.draining)
        assert "connection: close" in await kept.ask()
        assert await kept.ended()
        late = await Kept.to(port)
        assert "connection: close" in await late.ask()
        await stopping
        kept.close()
        late.close()


async def test_a_request_that_was_on_its_way_when_the_socket_closed_is_answered(listening):
    async with listening(grace=1.0) as (port, sock, _, listener):
        used, unused = await Kept.to(port), await Kept.to(port)
        await used.ask()
        stopping = asyncio.create_task(listener.stop())
        await until(lambda: sock.fileno() < 0)
        heads = await asyncio.gather(used.ask(), unused.ask())
        assert all("connection: close" in head for head in heads)
        await stopping
        used.close()
        unused.close()


async def test_a_connection_that_nobody_uses_does_not_hold_it(listening):
    async with listening(grace=0.2) as (port, _, _, listener):
        idle = await Kept.to(port)
        async with asyncio.timeout(PATIENCE):
            await listener.stop()
        assert await idle.ended()
        idle.close()


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_hushed_socket_begins_no_connection_and_finishes_those_it_has(family, host):
    with ExitStack() as stack:
        listening, made, late = (
            stack.enter_context(closing(socket.socket(family, socket.SOCK_STREAM))) for _ in range(3)
        )
        listening.bind((host, 0))
        listening.listen(8)
        made.connect(listening.getsockname())
        assert hush.refuse_handshakes(listening)
        late.setblocking(False)
        assert late.connect_ex(listening.getsockname()) == errno.EINPROGRESS
        assert late.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1) == bytes([SYN_SENT])
        accepted = stack.enter_context(listening.accept()[0])
        made.sendall(b"still here")
        assert accepted.recv(100) == b"still here"
        listening.close()
        # Its kernel tries again, and is refused now.
        assert select.select([], [late], [], PATIENCE)[1] == [late]
        assert late.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNREFUSED


async def test_readyz_says_which_of_the_two_has_to_move(stack, tmp_path):
    async def ready_after(*statements):
        with closing(sqlite3.connect(tmp_path / "lingpai.db")) as db:
            for statement in statements:
                db.execute(statement)
            db.commit()
        answer = await stack.http.get("/readyz")
        return answer.status_code, answer.json()["database"]

    later = ("UPDATE alembic_version SET version_num = '9999'",)
    assert await ready_after(*later) == (200, "ok")
    status, said = await ready_after("UPDATE compatibility SET oldest_schema = '9999'")
    assert (status, said) == (
        503,
        f"SchemaMismatch: schema 9999, wanted {SCHEMA}; this release is too old for it: upgrade lingpai",
    )
    back = ("UPDATE alembic_version SET version_num = '0006'", "DELETE FROM compatibility")
    status, said = await ready_after(*back)
    assert (status, said) == (503, f"SchemaMismatch: schema 0006, wanted {SCHEMA}; run lingpai migrate")
