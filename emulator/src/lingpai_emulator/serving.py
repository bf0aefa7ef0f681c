"""How the emulator runs: inside a loop that is already there, with its sockets bound before it starts."""

import asyncio
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Protocol, cast

import uvicorn
from starlette.types import ASGIApp

from lingpai_emulator.apps import App
from lingpai_emulator.connection import BreakableProtocol
from lingpai_emulator.emulator import Emulator
from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.seed import Seed
from lingpai_emulator.server import build_app
from lingpai_emulator.world import World

_PHONE: Final = "lingpai_emulator.phone.app"
_IDLE = 75  # seconds a connection is kept open for the next request
_GRACE = 1  # seconds an answer may still take when the emulator stops


@dataclass(frozen=True)
class EmulatorOptions:
    """Where to listen and what to start with.

    Port 0 picks a free one; `phone_port` None leaves the phone out. `server_url` is the
    program the phone's mini program talks to. `miniprogram` is a folder the phone runs instead of
    the demo; `any_appid` lets it name an AppID this emulator does not know. `allow_remote` permits an address other
    machines can reach, and other host names than localhost for the controls.
    """

    host: str = "127.0.0.1"
    port: int = 8001
    phone_port: int | None = 8002
    server_url: str | None = None
    miniprogram: Path | None = None
    any_appid: bool = False
    seed: Seed = field(default_factory=Seed)
    allow_remote: bool = False


@dataclass(frozen=True)
class RunningEmulator:
    """An emulator that answers. URLs have no trailing slash; `phone_url` is None without a phone."""

    url: str
    phone_url: str | None
    emulator: Emulator

    @property
    def world(self) -> World:
        """The present world; a reset puts another one in its place."""
        return self.emulator.world

    @property
    def apps(self) -> list[App]:
        return self.world.apps.all()


@asynccontextmanager
async def running(options: EmulatorOptions | None = None) -> AsyncIterator[RunningEmulator]:
    """Run until the block ends. Installs no signal handlers.

    Raises MistakeError when the address may not be used or is taken.
    """
    options = options or EmulatorOptions()
    if not options.allow_remote and not _is_loopback(options.host):
        raise MistakeError(
            f"{options.host} can be reached from other machines, and everything the emulator holds "
            "is open to them. Use 127.0.0.1, or --allow-remote if you mean it."
        )
    async with AsyncExitStack() as stack:
        emulator = Emulator(options.seed)
        app = build_app(emulator, any_host=options.allow_remote)
        sock, url = _bind(stack, options.host, options.port)
        await stack.enter_async_context(_served(app, sock, lifespan="off"))
        stack.callback(emulator.waiting.drop_all)
        build_phone = None if options.phone_port is None else _phone_builder()
        phone_url = None
        if options.phone_port is not None and build_phone is not None:
            phone_sock, phone_url = _bind(stack, options.host, options.phone_port)
            known = None if options.any_appid else frozenset(app.appid for app in emulator.world.apps.all())
            phone = build_phone(url, options.server_url, options.miniprogram, known)
            await stack.enter_async_context(_served(phone, phone_sock, lifespan="auto"))
        yield RunningEmulator(url, phone_url, emulator)


class _Server(uvicorn.Server):
    """uvicorn that leaves signals to whoever owns the process, and says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@asynccontextmanager
async def _served(app: ASGIApp, sock: socket.socket, *, lifespan: str) -> AsyncIterator[None]:
    config = uvicorn.Config(
        app,
        http=BreakableProtocol,
        ws="none",
        lifespan="off" if lifespan == "off" else "auto",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=_GRACE,
        backlog=2048,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve([sock]))
    up = asyncio.create_task(server.up.wait())
    await asyncio.wait((serving, up), return_when=asyncio.FIRST_COMPLETED)
    try:
        if not server.started:
            up.cancel()
            await serving  # raises what kept it from starting
        yield
    finally:
        server.should_exit = True
        await serving


class _PhoneBuilder(Protocol):
    """`build_phone(emulator_url, server_url, miniprogram, known_appids)`; see phone/app.py."""

    def __call__(
        self,
        emulator_url: str,
        server_url: str | None,
        miniprogram: Path | None,
        known_appids: frozenset[str] | None,
        /,
    ) -> ASGIApp: ...


def _phone_builder() -> _PhoneBuilder | None:
    """How to build the phone, or None when this installation has none.

    Looked up at run time: tests start the emulator in milliseconds and have no use for a phone.
    """
    try:
        phone = import_module(_PHONE)
    except ModuleNotFoundError as error:
        if error.name is None or not _PHONE.startswith(error.name):
            raise  # the phone is there, but something it needs is not
        return None
    return cast(_PhoneBuilder, phone.build_phone)


def _bind(stack: AsyncExitStack, host: str, port: int) -> tuple[socket.socket, str]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP: asyncio turns Nagle's delay off only for a socket that says what it is.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    stack.callback(sock.close)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        raise MistakeError(f"{host}:{port} cannot be used: {error.strerror}.") from error
    shown = f"[{host}]" if ":" in host else host
    return sock, f"http://{shown}:{sock.getsockname()[1]}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
