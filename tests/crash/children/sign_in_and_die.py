"""A server that kills itself at the N-th step of the first login it is asked for; prints where it listens, then each step.

A step is the beginning or the end of the login, a piece of the talk with WeChat about to be passed on (`held`) or just
passed on (`passed`), a statement about to be run by the database (`held`) or just run (`done`; SQLite tells of the
beginning only). The arguments are a folder with the master key, WeChat's address, the database and N.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg

from lingpai.logins import SignIn
from lingpai.observe import configure_logs
from lingpai.storage.sql.dialects.mysql import driver as mysql
from lingpai.storage.sql.dialects.sqlite.connections import Connections
from lingpai.testing.server import running_server, server_config

sys.path.insert(0, str(Path(__file__).parents[3]))
from tests.stepping import relay_to

folder, wechat_url, database_url, last = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
Asynchronous = Callable[..., Awaitable[Any]]
armed = False
steps = 0


def step(name: str) -> None:
    global steps  # noqa: PLW0603 - this process has no other purpose
    if armed:
        steps += 1
        print(name, flush=True)
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)


def stepping(plain: Asynchronous) -> Asynchronous:
    """A function of the driver that takes a connection and a statement."""

    async def run(to: object, statement: str, *more: Any, **named: Any) -> Any:
        name = " ".join(statement.split()[:3])
        step(f"{name} held")
        answer = await plain(to, statement, *more, **named)
        step(f"{name} done")
        return answer

    return run


def watch_the_databases() -> None:
    plain = Connections.__init__

    def watched(self: Connections, *args: Any, **kwargs: Any) -> None:
        plain(self, *args, **kwargs)
        self.db.set_trace_callback(lambda statement: step(f"{' '.join(statement.split()[:3])} held"))

    changed: list[tuple[object, str, object]] = [
        (Connections, "__init__", watched),
        (asyncpg.Connection, "fetch", stepping(asyncpg.Connection.fetch)),
        (asyncpg.Connection, "execute", stepping(asyncpg.Connection.execute)),
        (mysql, "_run", stepping(mysql._run)),
        (mysql, "_rows", stepping(mysql._rows)),
    ]
    for owner, name, value in changed:
        setattr(owner, name, value)


def watch_the_login() -> None:
    plain = SignIn.sign_in

    async def watched(self: SignIn, *args: Any, **kwargs: Any) -> Any:
        global armed  # noqa: PLW0603 - this process has no other purpose
        armed = True
        step("login held")
        tokens = await plain(self, *args, **kwargs)
        step("login done")
        armed = False
        return tokens

    setattr(SignIn, "sign_in", watched)  # noqa: B010 - as above


async def main() -> None:
    watch_the_databases()
    watch_the_login()
    config = server_config(
        folder,
        await relay_to(wechat_url, step),
        database_url=database_url,
        log_level="error",
        record_logins=False,
    )
    configure_logs(config.log_level, config.log_format)
    async with running_server(config) as running:
        print(running.url, flush=True)
        await asyncio.Event().wait()


asyncio.run(main())
