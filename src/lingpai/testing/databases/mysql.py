"""MariaDB or MySQL from the distribution's package."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from lingpai.testing.databases.process import (
    PASSWORD,
    USER,
    DatabaseMissingError,
    PrivateServer,
    account_of,
)

_FOLDERS = ("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")


class MysqlServer(PrivateServer):
    kind = "mysql"
    admin_database = "mysql"

    def initialize(self) -> None:
        self.own(self.directory)
        data = self.directory / "data"
        data.mkdir()
        self.own(data)
        first = self.directory / "first.sql"
        first.write_text(
            f"CREATE USER IF NOT EXISTS '{USER}'@'%' IDENTIFIED BY '{PASSWORD}';\n"
            f"GRANT ALL PRIVILEGES ON *.* TO '{USER}'@'%' WITH GRANT OPTION;\n"
        )
        self.own(first)
        install = program("mariadb-install-db")
        if install is not None:
            self.run(
                install,
                "--no-defaults",
                f"--datadir={data}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--skip-name-resolve",
            )
        else:
            self.run(_server(), "--no-defaults", f"--datadir={data}", "--initialize-insecure")

    def command(self) -> Sequence[str | Path]:
        return [
            _server(),
            "--no-defaults",
            f"--datadir={self.directory / 'data'}",
            f"--port={self.port}",
            "--bind-address=127.0.0.1",
            f"--socket={self.directory / 'socket'}",
            f"--pid-file={self.directory / 'pid'}",
            f"--init-file={self.directory / 'first.sql'}",
            "--skip-name-resolve",
            "--innodb-buffer-pool-size=64M",
            "--innodb-flush-log-at-trx-commit=1",
            "--max-connections=200",
        ]

    def account(self) -> str:
        return account_of("mysql")


def program(name: str) -> Path | None:
    """Where a program is, also outside the PATH of people."""
    found = shutil.which(name) or shutil.which(name, path=":".join(_FOLDERS))
    return None if found is None else Path(found)


def _server() -> Path:
    found = program("mariadbd") or program("mysqld")
    if found is None:
        raise DatabaseMissingError(
            "MariaDB is missing: run tools/setup-system, install the package mariadb-server, start Docker, "
            "or name a server in LINGPAI_TEST_MYSQL."
        )
    return found
