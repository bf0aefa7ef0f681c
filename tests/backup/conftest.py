"""What the tests of backups share: databases of three kinds, and the tools with which each is dumped."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from lingpai.testing.databases import DatabaseServer, rows
from tests.crash.conftest import (  # noqa: F401 - fixtures
    ServerProcess,
    emulator,
    make_clients,
    make_server,
)

PEOPLE = (
    "SELECT id, created_at, nickname, avatar_url FROM users ORDER BY id",
    "SELECT appid, openid, user_id, unionid, created_at FROM identities ORDER BY appid, openid",
    "SELECT user_id, details, source, updated_at FROM profiles ORDER BY user_id",
)


@dataclass
class Sqlite:
    """A file, dumped by `lingpai backup`."""

    folder: Path
    ledger = "lingpai.db.ledger"

    @property
    def settings(self) -> dict[str, str]:
        return {"database_url": f"sqlite:///{self.folder / 'lingpai.db'}"}

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "lingpai.db")) as database:
            return database.execute(query).fetchall()

    def dump(self, server: ServerProcess) -> None:
        server.command("backup", "drill.backup", "--json")

    def lose(self) -> None:
        for file in self.folder.glob("lingpai.db*"):
            if file.name != self.ledger:
                file.unlink()
        shutil.rmtree(self.folder / "avatars")

    def bring_back(self, server: ServerProcess) -> str:
        return server.command("restore", "drill.backup", "--json")

    def content(self) -> bytes:
        """Everything that lies in the folder but the backup and what the server and the test wrote down."""
        files = [f for f in self.folder.rglob("*") if f.is_file() and f.suffix not in (".backup", ".log")]
        return b"\0".join(file.read_bytes() for file in files)


@dataclass
class Served:
    """A database of a server, dumped by its own tools."""

    folder: Path
    server: DatabaseServer
    url: str
    ledger = "erasures.ledger"

    @property
    def settings(self) -> dict[str, str]:
        return {"database_url": self.url, "ledger_file": str(self.folder / self.ledger)}

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return rows(self.url, query)

    def dump(self, server: ServerProcess) -> None:
        if self.url.startswith("postgresql:"):
            self._run(["pg_dump", "--format=custom", f"--file={self.folder / 'drill.dump'}", self.url])
        else:
            with (self.folder / "drill.dump").open("wb") as out:
                self._run(["mariadb-dump", "--single-transaction", *self._where()], stdout=out)
        shutil.copytree(self.folder / "avatars", self.folder / "avatars.dump")

    def lose(self) -> None:
        self.server.remove(self.url)
        shutil.rmtree(self.folder / "avatars")

    def bring_back(self, server: ServerProcess) -> str:
        self.url = self.server.fresh()
        server.settings["database_url"] = self.url
        if self.url.startswith("postgresql:"):
            self._run(["pg_restore", f"--dbname={self.url}", str(self.folder / "drill.dump")])
        else:
            with (self.folder / "drill.dump").open("rb") as dumped:
                self._run(["mariadb", *self._where()], stdin=dumped)
        (self.folder / "avatars.dump").rename(self.folder / "avatars")
        return server.command("restore", "--after-dump", "--json")

    def content(self) -> bytes:
        """Every row that has any text, and the pictures."""
        tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = " + (
            "'public'" if self.url.startswith("postgresql:") else "database()"
        )
        told = [repr(row) for (table,) in self.rows(tables) for row in self.rows(f"SELECT * FROM {table}")]
        pictures = [file.read_bytes() for file in (self.folder / "avatars").rglob("*") if file.is_file()]
        return "\n".join(told).encode() + b"\0".join(pictures)

    def _where(self) -> list[str]:
        parts = urlsplit(self.url)
        return [
            f"--host={parts.hostname}",
            f"--port={parts.port}",
            f"--user={parts.username}",
            parts.path.removeprefix("/"),
        ]

    def _run(self, command: list[str], **streams: Any) -> None:
        environment = {**os.environ, "MYSQL_PWD": urlsplit(self.url).password or ""}
        done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, check=False, **streams)
        assert done.returncode == 0, done.stderr


@pytest.fixture(params=["sqlite", "postgresql", "mysql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sqlite | Served]:
    if request.param == "sqlite":
        yield Sqlite(tmp_path)
        return
    server = request.getfixturevalue(f"{request.param}_server")
    served = Served(tmp_path, server, server.fresh())
    yield served
    served.server.remove(served.url)


def people(database: Sqlite | Served, but: set[str]) -> list[tuple[Any, ...]]:
    """Every row of people, but of these users."""
    return [row for query in PEOPLE for row in database.rows(query) if not but & set(row)]
