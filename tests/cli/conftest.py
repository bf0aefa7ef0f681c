"""Commands run as an operator runs them: as processes, in a folder of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run("apps", "list", input=…, env={…})` → the finished process."""

    def running(*words: str, input: str = "", env: dict[str, str] | None = None):  # noqa: A002
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("LINGPAI_")}
        return subprocess.run(
            [sys.executable, "-m", "lingpai", *words],
            cwd=tmp_path,
            input=input,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**inherited, "NO_COLOR": "1", "LC_ALL": "C.UTF-8", **(env or {})},
        )

    return running


@pytest.fixture
def ready(run: Run) -> Run:
    """The same, in a folder where `init` and `migrate` have run."""
    assert run("init").returncode == 0
    assert run("migrate").returncode == 0
    return run


def data(process: subprocess.CompletedProcess[str]) -> object:
    """What a command said with --json."""
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)
