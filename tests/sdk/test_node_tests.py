"""The SDK's own tests, which need Node: each file is one test here."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SDK = Path(__file__).parents[2] / "sdk" / "miniprogram"
FILES = sorted((SDK / "test").glob("*.test.mjs"))
WHERE = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a program of Node, ours or the distribution's."""
    program = shutil.which(words[0], path=WHERE)
    assert program, f"{words[0]} is missing: run make sdk"
    env = {**os.environ, "PATH": WHERE, "LINGPAI_TEST_PYTHON": sys.executable}
    process = subprocess.Popen(
        [program, *words[1:]],
        cwd=SDK,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        told, _ = process.communicate(timeout=110)
    except subprocess.TimeoutExpired:
        # With all that it has started: a killed Node ends no server.
        os.killpg(process.pid, signal.SIGKILL)
        told, _ = process.communicate()
    return subprocess.CompletedProcess(words, process.returncode, told)


def test_node_is_new_enough_and_the_sdk_is_built():
    assert int(run("node", "--version").stdout.lstrip("v").partition(".")[0]) >= 20
    assert (SDK / "miniprogram_dist" / "index.js").is_file(), "run make sdk"


def test_every_part_is_tested():
    assert {file.name.partition(".")[0] for file in FILES} >= {
        "components",
        "docs",
        "example",
        "failing",
        "keeping",
        "leaving",
        "login",
        "package",
        "person",
        "races",
        "request",
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.partition(".")[0])
def test_the_sdk_does_what_it_says(file):
    done = run("node", "--test", "--test-reporter=tap", "--test-timeout=60000", str(file))
    assert done.returncode == 0, done.stdout
    assert "# fail 0" in done.stdout
    assert "# skipped 0" in done.stdout
