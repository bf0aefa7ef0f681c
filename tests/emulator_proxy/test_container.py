"""Is the emulator's image what its Dockerfile says, as far as that shows without building it?"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "emulator" / "Dockerfile"


def _instructions():
    """(word, the rest) of each, continued lines joined."""
    lines = [line for line in DOCKERFILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    text = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [tuple(line.split(" ", 1)) for line in text.splitlines() if line]


def _said(word):
    return [rest for known, rest in _instructions() if known == word]


def test_hadolint_has_nothing_against_it():
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run(
        [hadolint, "--no-color", DOCKERFILE], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_hadolint_would_say_so():
    hadolint = Path(sys.executable).parent / "hadolint"
    told = subprocess.run(
        [hadolint, "-"], input="FROM python\n", capture_output=True, text=True, timeout=60, check=False
    )
    assert "DL3006" in told.stdout


def test_what_it_copies_is_there_and_not_ignored():
    ignored = (ROOT / "emulator" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    sources = [line.split()[0] for line in _said("COPY")]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignored, source


def test_it_does_not_run_as_root():
    words = [word for word, _ in _instructions()]
    assert _said("USER") == ["10001"]
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert words.index("USER") > max(at for at, word in enumerate(words) if word in ("RUN", "COPY"))


@pytest.fixture
def started(tmp_path):
    """The image's command on what the image holds, on free ports and with a folder of this test."""
    shutil.copytree(ROOT / "emulator" / "src" / "lingpai_emulator", tmp_path / "lingpai_emulator")
    (entry,) = map(json.loads, _said("ENTRYPOINT"))
    (given,) = map(json.loads, _said("CMD"))
    told = [str(tmp_path / "ca") if word == "/certificates" else word for word in (*entry, *given)]
    command = [sys.executable if word == "python" else word for word in told]
    command = ["0" if word == "8003" else word for word in command]
    command += ["--port", "0", "--phone-port", "0", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        yield json.loads(child.stdout.readline())
        child.terminate()


def test_its_command_starts_and_its_health_check_agrees(started, tmp_path):
    port = started["emulator"].rpartition(":")[2]
    (check,) = re.findall(r"CMD (\[.*\])", *_said("HEALTHCHECK"))
    words = [word.replace("8001", port) for word in json.loads(check)]
    subprocess.run([sys.executable, *words[1:]], check=True, timeout=30)
    assert (tmp_path / "ca" / "ca.pem").exists()
    wrong = [word.replace(port, "1") for word in words]
    done = subprocess.run([sys.executable, *wrong[1:]], capture_output=True, timeout=30, check=False)
    assert done.returncode != 0
