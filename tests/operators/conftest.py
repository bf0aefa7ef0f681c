"""A server in production with operators, and operators who talk to it: with a browser, and without."""

import base64
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from lingpai.testing.actors import TESTER
from lingpai.testing.clock import FrozenClock
from lingpai.testing.server import RunningServer, running_server, server_config
from tests.console.people import APPS, fill

PASSWORD = "seven blue horses swim at noon"
STEP = 30


@pytest.fixture(scope="module")
def clock() -> FrozenClock:
    return FrozenClock()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(
    tmp_path_factory: pytest.TempPathFactory, clock: FrozenClock
) -> AsyncIterator[RunningServer]:
    """`lingpai serve` at http://localhost, where browsers have passkeys; shared by a file's tests."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder: Path = tmp_path_factory.mktemp("operators")
    config = server_config(folder, "http://127.0.0.1:9", port=port, public_url=f"http://localhost:{port}")
    async with running_server(config, APPS, clock=clock) as server:
        await fill(server)
        yield server


@dataclass
class Operator:
    """Somebody who works at the console, without a screen."""

    name: str
    id: str
    http: httpx.AsyncClient
    clock: FrozenClock
    address: str
    seed: bytes = b""
    codes: tuple[str, ...] = ()

    def code(self, steps: int = 0) -> str:
        """What the authenticator app shows."""
        seconds = self.clock.now() // 1_000 + steps * STEP
        return TOTP(self.seed, 6, SHA1(), STEP).generate(seconds).decode()

    async def csrf(self, page: str = "/console/account") -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', (await self.http.get(page)).text)
        assert found, page
        return found[1]

    async def post(self, path: str, **fields: object) -> httpx.Response:
        """A form of this session."""
        return await self.http.post(path, data={"csrf": await self.csrf(), **fields})

    async def sign_in(self, password: str = PASSWORD, code: str | None = None) -> httpx.Response:
        """Both steps; the last answer."""
        answer = await self.http.post("/console/sign-in", data={"name": self.name, "password": password})
        if answer.status_code != 303:
            return answer
        self.clock.advance(STEP)  # the code before may have been used
        return await self.http.post("/console/sign-in/code", data={"code": code or self.code()})

    async def again(self) -> None:
        """Show the factor once more."""
        self.clock.advance(STEP)
        answer = await self.post("/console/sign-in/again", code=self.code())
        assert answer.status_code == 303, answer.text

    @property
    def signed_in(self) -> bool:
        return bool(self.http.cookies.get("lingpai_console"))


Hire = Callable[..., Awaitable[Operator]]


def browser_of(running: RunningServer, address: str = "") -> httpx.AsyncClient:
    """What a browser sends along with forms of our pages, from an address of its own."""
    headers = {"accept": "text/html", "origin": running.url, "sec-fetch-site": "same-origin"}
    transport = httpx.ASGITransport(app=running.server.front, client=(address, 1)) if address else None
    return httpx.AsyncClient(base_url=running.url, headers=headers, transport=transport)


def seed_in(page: str) -> bytes:
    found = re.search(r"data-seed>([A-Z2-7 ]+)<", page)
    assert found
    return base64.b32decode(found[1].replace(" ", ""))


async def set_up(operator: Operator, link: str, password: str = PASSWORD) -> httpx.Response:
    """Open the link and choose a password; the last answer."""
    opened = await operator.http.post("/console/sign-in/set-up", data={"link": link.partition("#")[2]})
    if opened.status_code != 303:
        return opened
    page = await operator.http.get(opened.headers["location"])
    operator.seed = seed_in(page.text)
    fields = {"password": password, "again": password, "code": operator.code()}
    done = await operator.http.post("/console/sign-in/set-up/ways", data=fields)
    operator.codes = tuple(re.findall(r"<li><code>([a-z2-7-]+)</code>", done.text))
    return done


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hire(running: RunningServer, clock: FrozenClock) -> AsyncIterator[Hire]:
    """`hire("security")` → an operator with these roles, set up and signed in, at an address of their own."""
    clients: list[httpx.AsyncClient] = []

    async def hiring(*roles: str, ready: bool = True) -> Operator:
        number = len(clients) + 1
        address = f"198.51.{number // 250}.{number % 250 + 1}"
        clients.append(browser_of(running, address))
        made, link = await running.server.rooms.operators.registry.add(f"person-{number}", roles, by=TESTER)
        operator = Operator(made.name, made.id, clients[-1], clock, address)
        if ready:
            done = await set_up(operator, link.reveal())
            assert done.status_code == 200, done.text
        return operator

    yield hiring
    for client in clients:
        await client.aclose()
