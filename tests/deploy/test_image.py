"""The server's image, as far as its Dockerfile shows without building it."""

import re
import subprocess
import sys
from pathlib import Path

from tests.deploy.conftest import DEPLOY, known_variables

ROOT = DEPLOY.parent
DOCKERFILE = DEPLOY / "Dockerfile"


def instructions():
    """(word, the rest) of each, continued lines joined."""
    lines = [line for line in DOCKERFILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    text = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [tuple(line.strip().split(" ", 1)) for line in text.splitlines() if line]


def said(word):
    return [rest for known, rest in instructions() if known == word]


def test_hadolint_has_nothing_against_it():
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run(
        [hadolint, "--no-color", DOCKERFILE], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_what_it_copies_is_there_and_not_ignored():
    allowed = {
        line.removeprefix("!")
        for line in (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    }
    sources = [source for line in said("COPY") for source in line.split()[:-1]]
    assert len(sources) > 3
    for source in sources:
        assert (ROOT / source).exists(), source
        assert source in allowed, source


def test_whatever_is_installed_was_locked_by_hash():
    commands = [part.strip() for line in said("RUN") for part in line.split("&&")]
    installs = [part for part in commands if re.search(r"\bpip (install|wheel)\b", part)]
    assert len(installs) == 4
    for part in installs:
        assert "--require-hashes" in part or "--no-deps" in part, part
    for name in ("server", "build"):
        assert "--hash=sha256:" in (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")


def test_our_wheel_is_built_by_what_is_locked_for_it():
    locked = (ROOT / "requirements" / "build.txt").read_text("utf-8")
    wanted = re.findall(
        r'^requires = \["(\w+)"\]', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE
    )
    assert wanted
    for name in wanted:
        assert re.search(rf"^{name}==", locked, re.MULTILINE)


def test_it_does_not_run_as_root_and_leaves_the_compilers_behind():
    words = [word for word, _ in instructions()]
    assert said("USER") == ["10001"]
    assert words.index("USER") > max(at for at, word in enumerate(words) if word in ("RUN", "COPY"))
    assert [rest.split()[0] for rest in said("FROM")] == ["python:3.13-slim", "python:3.13-slim"]
    last = words[len(words) - words[::-1].index("FROM") :]
    assert "COPY" not in last, "the second stage gets wheels only"


def test_it_asks_itself_whether_it_is_ready():
    (check,) = said("HEALTHCHECK")
    assert "/readyz" in check


def test_the_settings_it_names_exist():
    assert set(re.findall(r"\bLINGPAI_[A-Z_]+\b", " ".join(said("ENV")))) <= known_variables()
