"""A whole server inside the test process, on a real socket."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from lingpai.app import Server, open_server
from lingpai.clock import Clock, SystemClock
from lingpai.config import Config, at_port, config_of, new_master_key
from lingpai.model import AppKind, AppSettings
from lingpai.secret import Secret
from lingpai.storage import migrate
from lingpai.testing.actors import TESTER
from lingpai.web.listen import Listener, bind


@dataclass(frozen=True, slots=True, kw_only=True)
class TestApp:
    """An app to register before the first request."""

    __test__ = False

    appid: str
    secret: str
    slug: str
    kind: AppKind = "miniprogram"
    open_platform: str | None = None
    settings: AppSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """A server that answers at `url`."""

    url: str
    config: Config
    server: Server


def server_config(directory: Path, wechat_url: str, **settings: object) -> Config:
    """Settings of a server with a fresh master key and an SQLite file in `directory`."""
    key_file = directory / "master.key"
    if not key_file.exists():
        key_file.touch(mode=0o600)
        key_file.write_text(new_master_key())
    given: dict[str, object] = {
        "port": 0,
        "database_url": f"sqlite:///{directory / 'lingpai.db'}",
        "master_key_file": str(key_file),
        "wechat_base_url": wechat_url,
        "avatar_dir": str(directory / "avatars"),
        "shutdown_grace": 0.0,
        # Tests ask from one address, and in a hurry; those about limits turn them on.
        "rate_limits": False,
    }
    return config_of(**{**given, **settings})


@asynccontextmanager
async def running_server(
    config: Config, apps: Sequence[TestApp] = (), *, clock: Clock | None = None, open_console: bool = False
) -> AsyncIterator[RunningServer]:
    """Bring the database up to date, register `apps`, answer until the block ends."""
    migrate(config.database_url)
    sock = bind(config.host, config.port)
    config = at_port(config, sock.getsockname()[1])
    async with open_server(config, clock=clock or SystemClock(), open_console=open_console) as server:
        for app in apps:
            await server.rooms.apps.add(
                appid=app.appid,
                secret=Secret(app.secret),
                slug=app.slug,
                kind=app.kind,
                open_platform=app.open_platform,
                settings=app.settings,
                by=TESTER,
            )
        await server.rooms.directory.reload()
        listener = Listener(server.front, sock, server.rooms.mood, grace=config.shutdown_grace, drain=5)
        await listener.start()
        try:
            yield RunningServer(url=config.public_url, config=config, server=server)
        finally:
            await listener.stop()
