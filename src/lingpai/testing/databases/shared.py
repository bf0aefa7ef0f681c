"""One server for all processes of a test run, gone when the last of them is.

The first process that asks starts it, and beside it a watcher that waits for a lock which every user of the
server holds: the kernel gives the lock back when a process ends, however it ends.
"""

import fcntl
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from lingpai.config.load import environment
from lingpai.testing.databases import sql
from lingpai.testing.databases.process import DatabaseMissingError

_GIVEN: Final = {
    "postgresql": "LINGPAI_TEST_POSTGRES",
    "mysql": "LINGPAI_TEST_MYSQL",
    "redis": "LINGPAI_TEST_REDIS",
}


class DatabaseServer:
    """A server on which databases may be made."""

    def __init__(self, url: str) -> None:
        """`url` leads to a database of whoever may create others."""
        self._url: Final = url

    def at(self, database: str) -> str:
        """The URL of another database of this server."""
        return urlunsplit(urlsplit(self._url)._replace(path=f"/{database}"))

    def fresh(self) -> str:
        """The URL of a new and empty database."""
        name = f"lingpai_{os.urandom(6).hex()}"
        sql.execute(self._url, f"CREATE DATABASE {name}")
        return self.at(name)

    def remove(self, url: str) -> None:
        name = urlsplit(url).path.removeprefix("/")
        force = " WITH (FORCE)" if url.startswith("postgresql:") else ""
        sql.execute(self._url, f"DROP DATABASE IF EXISTS {name}{force}")


@contextmanager
def server_for(kind: str, run: Path | None = None) -> Iterator[DatabaseServer]:
    """The server of this test run. `run` is a directory that belongs to all its processes.

    Raises DatabaseMissingError.
    """
    given = environment().get(_GIVEN[kind])
    if given:
        yield DatabaseServer(given)
        return
    with ExitStack() as stack:
        folder = run or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lingpai-run-")))
        told = folder / f"{kind}.json"
        users = stack.enter_context((folder / f"{kind}.users").open("a"))
        fcntl.flock(users, fcntl.LOCK_SH)
        with (folder / f"{kind}.start").open("a") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if not told.exists():
                _start(kind, folder, told)
        yield DatabaseServer(json.loads(told.read_text())["url"])


def _start(kind: str, folder: Path, told: Path) -> None:
    with subprocess.Popen(  # noqa: S603 - a module of ours
        [sys.executable, "-m", "lingpai.testing.databases.watch", kind, str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    ) as watcher:
        assert watcher.stdout is not None  # noqa: S101 - it was asked for
        line = watcher.stdout.readline()
        watcher.returncode = 0  # it outlives us; nobody waits for it
    answer = json.loads(line or '{"error": "the database server did not start"}')
    if "error" in answer:
        raise DatabaseMissingError(answer["error"])
    told.write_text(line)
