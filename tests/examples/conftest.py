"""The backends of examples/, each a process of its own beside `lingpai dev`."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from lingpai_emulator.client import Wechat
from tests.journeys.conftest import Dev, start_dev

EXAMPLES = Path(__file__).parents[2] / "examples"
UVICORN = "import sys, uvicorn; uvicorn.run('app:app', fd=int(sys.argv[1]), log_level='warning')"
WERKZEUG = (
    "import sys; from werkzeug.serving import make_server; from app import app; "
    "make_server('127.0.0.1', 0, app, fd=int(sys.argv[1])).serve_forever()"
)
SERVE = {"fastapi": UVICORN, "flask": WERKZEUG, "django": WERKZEUG}
Backend = Callable[..., httpx.Client]


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    running = start_dev(tmp_path_factory.mktemp("dev") / "data")
    yield running
    running.stop()
    assert running.process.stdout is not None
    running.process.stdout.close()


@pytest.fixture
def wechat(dev: Dev) -> Wechat:
    return Wechat(dev.told["emulator"])


@pytest.fixture
def token(dev: Dev, wechat: Wechat) -> Callable[..., str]:
    """`token(person, app)`: an access token of somebody who has just signed in."""

    def signed_in(person: str = "xiaoming", app: str = "demo-mp") -> str:
        answer = httpx.post(f"{dev.told['server']}/v1/{app}/login", json={"code": wechat.login(person, app)})
        return str(answer.json()["access_token"])

    return signed_in


@pytest.fixture(scope="module")
def backend(dev: Dev, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """`backend(name, **environment)`: a client of the running example, started once for each environment."""
    running: dict[str, httpx.Client] = {}
    teas = tmp_path_factory.mktemp("teas") / "teas.db"
    usual = {
        "LINGPAI_URL": dev.told["server"],
        "LINGPAI_APPID": "wx00000000000000a1",
        "TEA_DATABASE": str(teas),
    }
    with ExitStack() as stack:

        def start(name: str, **environment: str) -> httpx.Client:
            key = f"{name} {environment}"
            if key not in running:
                port = _serve(stack, name, {**os.environ, **usual, **environment})
                client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
                running[key] = stack.enter_context(client)
            return running[key]

        yield start


def _serve(stack: ExitStack, name: str, env: dict[str, str]) -> int:
    """Start the example on a socket that listens already, so that the first request waits for it."""
    listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    process = subprocess.Popen(
        [sys.executable, "-B", "-c", SERVE[name], str(listening.fileno())],
        cwd=EXAMPLES / f"backend-{name}",
        env=env,
        pass_fds=[listening.fileno()],
        stderr=subprocess.DEVNULL,
    )
    stack.callback(process.wait, 10)
    stack.callback(process.terminate)
    port: int = listening.getsockname()[1]
    return port
