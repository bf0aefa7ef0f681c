"""PostgreSQL from the distribution's package."""

import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

from lingpai.testing.databases.process import (
    PASSWORD,
    USER,
    DatabaseMissingError,
    PrivateServer,
    account_of,
)


class PostgresServer(PrivateServer):
    kind = "postgresql"
    admin_database = "postgres"
    ending = signal.SIGINT

    def initialize(self) -> None:
        initdb = program("initdb")
        self.own(self.directory)
        password = self.directory / "password"
        password.write_text(PASSWORD)
        self.own(password)
        self.run(
            initdb,
            *("--pgdata", self.directory / "data", "--username", USER, "--pwfile", password),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8"),
        )

    def command(self) -> Sequence[str | Path]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.directory,
            "max_connections": 200,
            "shared_buffers": "64MB",
            "log_min_messages": "fatal",
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [program("postgres"), "-D", self.directory / "data", *words]

    def account(self) -> str:
        return account_of("postgres")


def program(name: str) -> Path:
    """Where a program of PostgreSQL is. Raises DatabaseMissingError."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: int(path.parts[-3].partition(".")[0]),
    )
    found = shutil.which(name)
    if installed:
        return installed[-1]
    if found is None:
        raise DatabaseMissingError(
            "PostgreSQL is missing: run tools/setup-system, install the package postgresql, start Docker, "
            "or name a server in LINGPAI_TEST_POSTGRES."
        )
    return Path(found)
