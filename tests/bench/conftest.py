"""What the tests of the benchmarks share: running a program the way `make bench` does, only shorter."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from bench.figures import Result

ROOT = Path(__file__).parents[2]


@pytest.fixture
def measured(tmp_path) -> Callable[[str], tuple[Result, str]]:
    """`measured("login")`: one tiny round; its JSON copy and what it printed."""

    def measure(name: str) -> tuple[Result, str]:
        short = ["--quick", "--rounds", "2", "--requests", "120", "--connections", "4"]
        done = subprocess.run(
            [sys.executable, f"bench/{name}.py", *short, "--results", str(tmp_path)],
            check=False,  # with its own words below
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=100,
        )
        assert done.returncode == 0, done.stderr
        (file,) = tmp_path.glob(f"{name}-*.json")
        return msgspec.json.decode(file.read_bytes(), type=Result), done.stdout

    return measure
