"""The two servers a login is measured on: lingpai as an operator runs it, and the usual kind."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from bench.processes import NotUpError, Serving, free_port, serving

APPID: Final = "wx00000000000000be"
SECRET: Final = "0badc0de" * 4
SLUG: Final = "bench"
LOGIN: Final = f"/v1/{SLUG}/login"
NAIVE_LOGIN: Final = "/login"

_ROOT: Final = Path(__file__).parents[1]
SERVE: Final = [sys.executable, "-m", "lingpai", "serve"]
WITH_A_SWITCH: Final = [sys.executable, str(_ROOT / "bench" / "watched_server.py"), "serve"]


@contextmanager
def lingpai(
    directory: Path,
    wechat_port: int,
    *,
    in_flight: int = 64,
    command: Sequence[str] = SERVE,
    settings: dict[str, str] | None = None,
) -> Iterator[Serving]:
    """`lingpai serve` on a fresh SQLite file, logging at level info to a file, with one app.

    `settings` are more of them, by the names they have in the environment.
    """
    port = free_port()
    settings = {**_settings(directory, port, wechat_port, in_flight), **(settings or {})}
    _made(settings, directory)
    with serving("lingpai", list(command), port, directory=directory, env=settings) as running:
        yield running


@contextmanager
def fleet(directory: Path, wechat_port: int, nodes: int) -> Iterator[tuple[list[Serving], str]]:
    """So many `lingpai serve` on one fresh SQLite file, and a service key that reads access_tokens."""
    ports = [free_port() for _ in range(nodes)]
    first = _settings(directory, ports[0], wechat_port, 64)
    _made(first, directory)
    key = _lingpai(first, "clients", "add", "bench", "--scope", "access_token").strip()
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                serving(
                    f"lingpai-{number}",
                    SERVE,
                    port,
                    directory=directory,
                    env=_settings(directory, port, wechat_port, 64),
                )
            )
            for number, port in enumerate(ports)
        ]
        yield running, key


@contextmanager
def naive(directory: Path, wechat_port: int) -> Iterator[Serving]:
    """The server of the usual kind, on a fresh SQLite file, with uvicorn's own log in a file."""
    port = free_port()
    env = {
        "BENCH_DATABASE_URL": f"sqlite+aiosqlite:///{directory / 'naive.db'}",
        "BENCH_WECHAT_URL": f"http://127.0.0.1:{wechat_port}",
        "BENCH_APPID": APPID,
        "BENCH_SECRET": SECRET,
        "PYTHONPATH": str(_ROOT),
    }
    command = [sys.executable, "-m", "uvicorn", "bench.naive_server:app", "--port", str(port)]
    with serving("naive", command, port, directory=directory, env=env) as running:
        yield running


@contextmanager
def slow_upstream(directory: Path, seconds: float) -> Iterator[Serving]:
    """A pretend WeChat that answers after so many seconds."""
    port = free_port()
    command = [sys.executable, str(_ROOT / "bench" / "slow_upstream.py"), str(port), str(seconds)]
    with serving("slow-upstream", command, port, directory=directory) as running:
        yield running


def _settings(directory: Path, port: int, wechat_port: int, in_flight: int) -> dict[str, str]:
    return {
        "LINGPAI_CONFIG": str(directory / "lingpai" / "lingpai.toml"),
        "LINGPAI_PORT": str(port),
        "LINGPAI_WECHAT_BASE_URL": f"http://127.0.0.1:{wechat_port}",
        "LINGPAI_WECHAT_IN_FLIGHT_PER_APP": str(in_flight),
        "LINGPAI_LOG_LEVEL": "info",
        "LINGPAI_SHUTDOWN_GRACE": "0",
        "LINGPAI_RATE_LIMITS": os.environ.get("BENCH_RATE_LIMITS", "false"),
    }


def _made(settings: dict[str, str], directory: Path) -> None:
    """A fresh database with one app."""
    _lingpai(settings, "init", str(directory / "lingpai"))
    _lingpai(settings, "migrate")
    _lingpai(settings, "apps", "add", APPID, "--slug", SLUG, given=SECRET)


def _lingpai(settings: dict[str, str], *arguments: str, given: str | None = None) -> str:
    """Run a command; its standard output."""
    done = subprocess.run(
        [sys.executable, "-m", "lingpai", *arguments],
        env={**os.environ, **settings},
        input=given,
        text=True,
        check=False,
        capture_output=True,
    )
    if done.returncode:
        raise NotUpError(f"lingpai {arguments[0]}: {done.stderr}")
    return done.stdout
