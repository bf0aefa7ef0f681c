"""F19: two hundred apps, and WeChat answers nothing for twenty of them."""

import asyncio
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from lingpai.clock import SystemClock
from lingpai.errors import Problem
from lingpai.testing.server import TestApp, running_server, server_config

APPS, DARK = 200, 20
APPIDS = [f"wx{n:016x}" for n in range(0xA000, 0xA000 + APPS)]
HOLES = frozenset(APPIDS[:: APPS // DARK])
ROUNDS = 3


class BlackHoles:
    """In front of WeChat: what is asked for some apps is taken, and never answered."""

    def __init__(self, to):
        self._to = urlsplit(to)
        self.swallowed = []

    @asynccontextmanager
    async def listening(self):
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()

    async def _serve(self, reader, writer):
        come, go = await asyncio.open_connection(self._to.hostname, self._to.port)
        try:
            await asyncio.gather(self._ask(reader, go), self._answer(come, writer))
        finally:
            for end in (writer, go):
                end.close()

    async def _ask(self, reader, go):
        while piece := await reader.read(65_536):
            hole = next((appid for appid in HOLES if appid.encode() in piece), None)
            if hole is None:
                go.write(piece)
            else:
                self.swallowed.append(hole)
        go.write_eof()

    async def _answer(self, come, writer):
        while piece := await come.read(65_536):
            writer.write(piece)


@pytest.fixture
async def far(wechat, tmp_path):
    """The rooms of a server whose WeChat has black holes, the holes, and the apps."""
    holes = BlackHoles(wechat.url)
    apps = []
    for n, appid in enumerate(APPIDS):
        fields = {"kind": "miniprogram", "slug": f"app-{n}", "secret": f"{n:032x}"}
        wechat.add_app(appid, **fields)
        apps.append(TestApp(appid=appid, slug=fields["slug"], secret=fields["secret"]))
    async with holes.listening() as url:
        config = server_config(tmp_path, url, log_level="error")
        async with running_server(config, apps, clock=SystemClock()) as running:
            yield running.server.rooms, holes


async def test_f19_apps_that_wechat_does_not_answer_for_cost_the_others_nothing(far, wechat):
    rooms, holes = far
    held = {appid: rooms.directory.known(appid) for appid in APPIDS}
    waiting = [
        asyncio.ensure_future(rooms.tokens.get(held[appid])) for appid in sorted(HOLES) for _ in range(ROUNDS)
    ]
    async with asyncio.timeout(30):
        while set(holes.swallowed) != HOLES:  # noqa: ASYNC110 - it is a list of what came over a socket
            await asyncio.sleep(0.01)
    tokens = await asyncio.gather(*(rooms.tokens.get(held[appid]) for appid in APPIDS if appid not in HOLES))
    assert len({token.value.reveal() for token in tokens}) == APPS - DARK
    assert len(wechat.calls("/cgi-bin/stable_token")) == APPS - DARK
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert {end.code if isinstance(end, Problem) else end for end in ends} == {"wechat_busy"}
    # One call for all who asked for an app, and a second one at most when the first was given up.
    assert len(holes.swallowed) <= 2 * DARK
