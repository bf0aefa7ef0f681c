"""What the tests of the documentation share: the pages, `lingpai dev` as a reader starts it, a shell to run blocks in."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FAKE_SECRET = "0123456789abcdef" * 2
PORTS = ("8000", "8001", "8002")


@dataclass(frozen=True)
class Block:
    """A fenced block: its info string in words, and its text."""

    info: tuple[str, ...]
    text: str


def blocks_of(file: Path) -> list[Block]:
    return [Block(tuple(info.split()), text) for info, text in FENCE.findall(file.read_text("utf-8"))]


def written_pages() -> list[Path]:
    """Every Markdown page that readers of the repository find, apart from the emulator's own."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def pages_that_run() -> list[Path]:
    return [file for file in written_pages() if any("run" in block.info for block in blocks_of(file))]


def shown(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.fixture(scope="session")
def pages() -> list[Path]:
    return written_pages()


@pytest.fixture(scope="session")
def blocks() -> Callable[[Path], list[Block]]:
    return blocks_of


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`page` is each page in turn, `running_page` each page with blocks that run."""
    if "running_page" in metafunc.fixturenames:
        metafunc.parametrize("running_page", pages_that_run(), ids=shown)
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", written_pages(), ids=shown)


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """A reader's environment: this Python first on the path, none of our own settings, English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LINGPAI_", "LC_"))}
    return {**kept, "LANG": "C.UTF-8", "PATH": f"{Path(sys.executable).parent}:{kept['PATH']}"}


@pytest.fixture
def dev(tmp_path: Path, environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """`lingpai dev` on free ports: what stands for 8000, 8001 and 8002 in a page."""
    command = [sys.executable, "-m", "lingpai", "dev", "--json", "--no-open", "--data", str(tmp_path / "dev")]
    with (
        (tmp_path / "dev.log").open("w+") as log,
        subprocess.Popen(
            [*command, "--port", "0", "--emulator-port", "0", "--log-level", "error"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment,
        ) as process,
    ):
        try:
            line = process.stdout.readline() if process.stdout else ""
            assert line, (tmp_path / "dev.log").read_text()
            told = json.loads(line)
            urls = (told["server"], told["emulator"], told["phone"])
            yield {port: url.rpartition(":")[2] for port, url in zip(PORTS, urls, strict=True) if url}
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """A folder as a reader of an operator's page has it: settings, a database, an app named shop."""
    folder = tmp_path_factory.mktemp("prepared")
    for name in ("shop", "bakery"):
        (folder / f"{name}.secret").write_text(FAKE_SECRET)
    for words in ("init", "migrate", "apps add wx0123456789abcdef --slug shop --secret-file shop.secret"):
        subprocess.run(["lingpai", *words.split()], cwd=folder, env=environment, check=True, timeout=60)
    return folder


@dataclass(frozen=True)
class Reader:
    """Somebody who types what a page says."""

    folder: Path
    port: str
    """Free, for a server that a page starts."""
    environment: dict[str, str]

    def types(self, script: str) -> "subprocess.CompletedProcess[str]":
        """Run it in bash; asked for an AppSecret, the reader has a fake one."""
        bash = shutil.which("bash")
        assert bash, "The blocks of the pages are for bash."
        assert shutil.which("curl"), "The blocks of the pages use curl: install the package curl."
        return subprocess.run(
            [bash, "-c", script],
            cwd=self.folder,
            env={**self.environment, "LINGPAI_PORT": self.port},
            input=FAKE_SECRET + "\n",
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )


@pytest.fixture
def reader(tmp_path: Path, prepared: Path, environment: dict[str, str]) -> Reader:
    """A reader beside the data of `make dev`, with a virtual environment and what `prepared` has."""
    folder = tmp_path / "desk"
    shutil.copytree(prepared, folder)
    (folder / ".lingpai").symlink_to(tmp_path / "dev")
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "activate").touch()
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = str(sock.getsockname()[1])
    return Reader(folder, port, environment)
