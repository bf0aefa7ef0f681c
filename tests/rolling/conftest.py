"""What the rolling tests share: three nodes of `lingpai serve` behind the nginx that `deploy/` ships."""

import asyncio
import json
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

import httpx
import pytest

from lingpai.config import new_master_key
from lingpai.storage.sql.tables import SCHEMA
from tests.crash.conftest import APPS, SECRETS, EmulatorProcess, ServerProcess, emulator, free_port
from tests.rolling.load import Load, Sent

__all__ = ["emulator"]

ROOT = Path(__file__).parents[2]
NEXT_VERSION = "99.0.0"
NEXT_SCHEMA = f"{int(SCHEMA) + 1:04}"
EXPAND = f'''"""A column that the next release fills."""

import sqlalchemy as sa

from lingpai.storage.sql.migrations.steps import add_column

revision = "{NEXT_SCHEMA}"
down_revision = "{SCHEMA}"
branch_labels = None
depends_on = None
compatible_with = "{SCHEMA}"


def upgrade() -> None:
    add_column("users", sa.Column("remark", sa.String(64)))
'''
AROUND = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
{user}
events {{ worker_connections 1024; }}
http {{
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {folder}/lingpai.conf;
}}
"""


def rendered(listen: str, ports: list[int], trusted: str = "") -> str:
    """The template of deploy/ with its three names put in, as the image of nginx does."""
    template = Template((ROOT / "deploy" / "nginx" / "lingpai.conf.template").read_text("utf-8"))
    servers = "\n    ".join(f"server 127.0.0.1:{port} max_fails=1 fail_timeout=1s;" for port in ports)
    return template.safe_substitute(LISTEN=listen, SERVERS=servers, TRUSTED=trusted)


def nginx_binary() -> str:
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert found, "nginx is missing: run tools/setup-system"
    return found


def nginx_folder(folder: Path, conf: str) -> list[str]:
    """The command that runs nginx with `conf` in `folder`."""
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "lingpai.conf").write_text(conf)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    return [
        nginx_binary(),
        "-p",
        str(folder),
        "-e",
        str(folder / "error.log"),
        "-c",
        str(folder / "nginx.conf"),
    ]


@dataclass
class Node(ServerProcess):
    """`lingpai serve` of one release or another."""

    release: Path | None = None

    def _environment(self) -> dict[str, str]:
        plain = super()._environment()
        return plain if self.release is None else {**plain, "PYTHONPATH": str(self.release)}

    async def ready(self) -> None:
        """Wait until a load balancer would send requests here."""
        async with asyncio.timeout(60), httpx.AsyncClient(base_url=self.url) as http:
            while (await http.get("/readyz")).status_code != httpx.codes.OK:  # noqa: ASYNC110 - not our process
                await asyncio.sleep(0.05)

    async def version(self) -> str:
        async with httpx.AsyncClient(base_url=self.url) as http:
            told: str = (await http.get("/openapi.json")).json()["info"]["version"]
            return told


@dataclass
class Fleet:
    """The nodes, and the port of the nginx in front of them."""

    nodes: list[Node]
    port: int
    wechat: int
    service_key: str
    access_log: Path
    database_url: str
    loads: list[Load] = field(default_factory=list)

    def load(self, *, phones: int, rate: float) -> Load:
        made = Load(self.port, self.wechat, self.service_key, phones, rate)
        self.loads.append(made)
        return made

    async def roll(self, release: Path | None) -> None:
        """Each node in turn: asked to stop, started with `release`, waited for until it is ready."""
        for node in self.nodes:
            node.terminate()
            assert await node.exit_code() == 0, node.log[-2_000:]
            node.close()
            node.release = release
            await node.start()
            await node.ready()

    async def what_nginx_says(self, failed: list[Sent]) -> str:
        """Of the first failures, and in its log of errors."""
        lines = await self.lines_of(*(sent.request_id for sent in failed[:8]))
        errors = [
            line
            for line in (self.access_log.parent / "error.log").read_text().splitlines()
            if "[error]" in line or "[alert]" in line or "[crit]" in line
        ]
        return "\n".join([*(str(line) for line in lines.values()), *errors[:8], *errors[-8:]])

    async def lines_of(self, *request_ids: str) -> dict[str, dict[str, str]]:
        """What nginx wrote of these requests; it writes when it has answered."""
        async with asyncio.timeout(10):
            while True:
                lines = [json.loads(line) for line in self.access_log.read_text().splitlines()]
                found = {line["request_id"]: line for line in lines if line["request_id"] in request_ids}
                if len(found) == len(set(request_ids)):
                    return found
                await asyncio.sleep(0.05)


@pytest.fixture(scope="session")
def next_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This package with a higher version and one more migration, which only adds."""
    folder = tmp_path_factory.mktemp("next-release")
    shutil.copytree(
        ROOT / "src" / "lingpai", folder / "lingpai", ignore=shutil.ignore_patterns("__pycache__")
    )
    tables = folder / "lingpai" / "storage" / "sql" / "tables" / "__init__.py"
    text, changes = re.subn(rf'"{SCHEMA}"', f'"{NEXT_SCHEMA}"', tables.read_text("utf-8"))
    assert changes == 1
    tables.write_text(text, "utf-8")
    versions = folder / "lingpai" / "storage" / "sql" / "migrations" / "versions"
    (versions / f"v{NEXT_SCHEMA}_remark.py").write_text(EXPAND)
    described = folder / f"lingpai-{NEXT_VERSION}.dist-info"
    described.mkdir()
    (described / "METADATA").write_text(f"Metadata-Version: 2.1\nName: lingpai\nVersion: {NEXT_VERSION}\n")
    return folder


@contextmanager
def proxying(command: list[str], access_log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with access_log.open("w") as out, subprocess.Popen(command, stdout=out) as proxy:
        try:
            yield proxy
        finally:
            proxy.terminate()


@pytest.fixture
async def fleet(emulator: EmulatorProcess, postgresql_server, tmp_path: Path) -> AsyncIterator[Fleet]:
    """Three nodes on a PostgreSQL database of their own, nginx in front."""
    url = postgresql_server.fresh()
    settings = {
        "database_url": url,
        "master_key": new_master_key(),
        "wechat_base_url": emulator.wechat.url,
        "public_url": "https://login.example.com",
        "trusted_proxies": "127.0.0.1",
        "avatar_dir": str(tmp_path / "avatars"),
        # All phones are at one address here.
        "rate_limits": "false",
        "shutdown_grace": "3",
        # A login may be kept in hand until its node is killed, also on a busy machine.
        "wechat_read_timeout": "10",
        "wechat_total_timeout": "15",
    }
    nodes = []
    for number in range(3):
        (tmp_path / f"node-{number}").mkdir()
        nodes.append(Node(tmp_path / f"node-{number}", settings))
    nodes[0].command("migrate")
    nodes[0].command("apps", "add", APPS["demo-mp"], "--slug", "demo-mp", stdin=SECRETS["demo-mp"] + "\n")
    made = json.loads(nodes[0].command("clients", "add", "backend", "--scope", "access_token", "--json"))
    for number in range(200):
        emulator.wechat.add_person(id=f"person-{number}", nickname=f"person-{number}", unionid=True)
    folder = tmp_path / "nginx"
    folder.mkdir()
    port = free_port()
    command = nginx_folder(folder, rendered(f"127.0.0.1:{port}", [node.port for node in nodes]))
    access_log = folder / "access.log"
    try:
        await asyncio.gather(*(node.start() for node in nodes))
        with proxying(command, access_log) as proxy:
            await _answers(port, proxy)
            wechat = int(emulator.wechat.url.rpartition(":")[2])
            running = Fleet(nodes, port, wechat, made["service_key"], access_log, url)
            yield running
            for load in running.loads:
                await load.abandon()
    finally:
        for node in nodes:
            node.close()
        postgresql_server.remove(url)


async def _answers(port: int, proxy: subprocess.Popen[bytes]) -> None:
    async with asyncio.timeout(10), httpx.AsyncClient() as http:
        while True:
            try:
                await http.get(f"http://127.0.0.1:{port}/")
            except httpx.TransportError:
                assert proxy.poll() is None, "nginx ended; its error.log says why"
                await asyncio.sleep(0.02)
            else:
                return
