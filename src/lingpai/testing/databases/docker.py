"""A database server in a container, where a Docker engine answers and no package is installed."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lingpai.testing.databases.process import PASSWORD, USER, PrivateServer

_IMAGES: Final = {"postgresql": "postgres:16", "mysql": "mariadb:11.4"}
KINDS: Final = tuple(_IMAGES)
_INSIDE: Final = {"postgresql": 5432, "mysql": 3306}
_ADMIN: Final = {"postgresql": "postgres", "mysql": "mysql"}


def answers() -> bool:
    """Whether there is a Docker engine."""
    found = shutil.which("docker")
    if found is None:
        return False
    return subprocess.run([found, "info"], capture_output=True, check=False).returncode == 0  # noqa: S603


class DockerServer(PrivateServer):
    """Stopped with its container; what it wrote goes with it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.admin_database = _ADMIN[kind]
        super().__init__()
        self._name: Final = self.directory.name

    def url(self, database: str) -> str:
        user = USER if self.kind == "postgresql" else "root"
        return f"{self.kind}://{user}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def initialize(self) -> None:
        """The image does it."""

    def command(self) -> Sequence[str | Path]:
        return [
            *("docker", "run", "--rm", "--name", self._name),
            *("-p", f"127.0.0.1:{self.port}:{_INSIDE[self.kind]}"),
            *("-e", f"POSTGRES_USER={USER}", "-e", f"POSTGRES_PASSWORD={PASSWORD}"),
            *("-e", f"MARIADB_ROOT_PASSWORD={PASSWORD}"),
            _IMAGES[self.kind],
        ]

    def account(self) -> str:
        return "root"

    def kill(self) -> None:
        """Without mercy; the container and its files are gone afterwards."""
        subprocess.run(["docker", "kill", self._name], capture_output=True, check=False)  # noqa: S603, S607
        self._wait()
