"""A database server as a process of ours: made in a temporary directory, started, killed, stopped."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from lingpai.testing.databases import sql

PASSWORD: Final = "not-a-secret"  # noqa: S105 - obviously
USER: Final = "lingpai"
_PATIENCE: Final = 60.0
_STEP: Final = 0.05


class DatabaseMissingError(Exception):
    """There is no database server to test with; the text says what to install."""


class PrivateServer(ABC):
    """One server in one directory. `kill` is without mercy; `start` begins again with what is on disk."""

    kind: str = ""
    admin_database: str = ""
    ending: int = signal.SIGTERM
    """The signal that ends it without waiting for its clients."""

    def __init__(self, *, port: int | None = None, directory: Path | None = None) -> None:
        self.directory = directory or Path(tempfile.mkdtemp(prefix=f"lingpai-{self.kind}-"))
        self.port = port or free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None  # noqa: S101 - asked of a server that runs
        return self._process.pid

    def url(self, database: str) -> str:
        return f"{self.kind}://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    @abstractmethod
    def initialize(self) -> None:
        """Make the files of a new server. Raises DatabaseMissingError."""

    @abstractmethod
    def command(self) -> Sequence[str | Path]:
        """The program and its arguments."""

    def ready(self) -> bool:
        """Whether it lets us in."""
        return sql.answers(self.url(self.admin_database))

    def start(self) -> None:
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - a server's own program
                [str(word) for word in self.command()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.directory,
                **unprivileged(self.account()),
            )
        deadline = time.monotonic() + _PATIENCE
        while not self.ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                end = (self.directory / "log").read_text(errors="replace")[-2000:]
                raise DatabaseMissingError(f"{self.kind} did not start: {end}")
            time.sleep(_STEP)

    @abstractmethod
    def account(self) -> str:
        """The user it runs as when we are root."""

    def kill(self) -> None:
        """SIGKILL to it and to every process it has made."""
        for pid in family(self.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._wait()

    def pause(self) -> None:
        """SIGSTOP: the kernel goes on taking connections, nobody answers."""
        for pid in family(self.pid):
            os.kill(pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        for pid in family(self.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def stop(self) -> None:
        """Ask it to end, and remove what it wrote."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(self.ending)
            try:
                self._process.wait(_PATIENCE / 2)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _wait(self) -> None:
        assert self._process is not None  # noqa: S101 - asked of a server that ran
        self._process.wait()

    def run(self, *command: str | Path) -> None:
        """One of the server's own tools, to its end. Raises DatabaseMissingError with its last words."""
        done = subprocess.run(  # noqa: S603 - a server's own program
            [str(word) for word in command],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.directory,
            **unprivileged(self.account()),
        )
        if done.returncode != 0:
            raise DatabaseMissingError(
                f"{Path(command[0]).name} failed: {(done.stderr or done.stdout)[-2000:]}"
            )

    def own(self, path: Path, mode: int = 0o700) -> None:
        """Give a path to the user that the server runs as."""
        path.chmod(mode)
        if os.getuid() == 0:
            entry = pwd.getpwnam(self.account())
            os.chown(path, entry.pw_uid, entry.pw_gid)


def unprivileged(account: str) -> dict[str, Any]:
    """Arguments of Popen: servers refuse to run as root."""
    if os.getuid() != 0:
        return {}
    entry = pwd.getpwnam(account)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def account_of(*names: str) -> str:
    """The first of these users that this machine has."""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in names if name in known), "nobody")


def free_port() -> int:
    """Outside the range of outgoing ports, so that a server that was killed can have it again."""
    while True:
        port = 20_000 + int.from_bytes(os.urandom(2), "big") % 10_000
        with socket.socket() as sock:
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(found for child in children for found in family(int(child)))]
