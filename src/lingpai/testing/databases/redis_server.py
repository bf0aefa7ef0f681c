"""Redis from the distribution's package: kept in memory, gone with its process."""

import shutil
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from lingpai.testing.databases.process import PASSWORD, DatabaseMissingError, PrivateServer, account_of


class RedisServer(PrivateServer):
    kind = "redis"
    admin_database = "0"

    def initialize(self) -> None:
        if shutil.which("redis-server") is None:
            raise DatabaseMissingError(
                "Redis is missing: run tools/setup-system, install the package redis-server, or name a server in "
                "LINGPAI_TEST_REDIS."
            )
        self.own(self.directory)

    def url(self, database: str) -> str:
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def command(self) -> Sequence[str | Path]:
        settings = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "save": "",
            "appendonly": "no",
            "dir": str(self.directory),
            "requirepass": PASSWORD,
        }
        return ["redis-server", *(word for name, value in settings.items() for word in (f"--{name}", value))]

    def ready(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as sock:
            sock.sendall(f"AUTH {PASSWORD}\r\nPING\r\n".encode())
            with sock.makefile("rb") as answers:
                return (answers.readline(), answers.readline()) == (b"+OK\r\n", b"+PONG\r\n")
        return False

    def account(self) -> str:
        return account_of("redis")
