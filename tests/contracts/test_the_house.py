"""The rules of the house hold, and would be noticed if they did not."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [ROOT / "src" / "lingpai", ROOT / "emulator" / "src" / "lingpai_emulator"]

OFFENCES = {
    "a lower room uses a higher one": ("lingpai/model/user.py", "import lingpai.web.call"),
    "wechat/ knows of us": ("lingpai/wechat/errcodes.py", "import lingpai.errors"),
    "the emulator borrows from the server": ("lingpai_emulator/clock.py", "import lingpai.clock"),
    "the server leans on the emulator": ("lingpai/keeper/calls.py", "import lingpai_emulator.clock"),
    "a backend is reached around its port": ("lingpai/logins/finish.py", "import lingpai.storage.sql.tables"),
    "the web framework leaves the web floor": ("lingpai/logins/finish.py", "import starlette"),
    "a database driver leaves storage": ("lingpai/sessions/ending.py", "import sqlite3"),
    "somebody else speaks to Redis": ("lingpai/limits/gate.py", "import redis"),
    "the store gets to know the relay": ("lingpai/storage/open.py", "import lingpai.relay.port"),
    "somebody else calls out over HTTP": ("lingpai/keeper/vault.py", "import pyreqwest"),
    "one tutorial leans on another": (
        "lingpai/web/compat/tutorials/get_openid.py",
        "import lingpai.web.compat.tutorials.code_to_openid",
    ),
    "the server gets to know the tutorials": (
        "lingpai/web/routes/login.py",
        "import lingpai.web.compat.asked",
    ),
    "a tutorial reaches below the web": (
        "lingpai/web/compat/tutorials/get_openid.py",
        "import lingpai.storage.port",
    ),
    "a picture is decoded outside its room": ("lingpai/web/call.py", "import PIL"),
    "a store of blobs is reached around its port": (
        "lingpai/accounts/avatars.py",
        "import lingpai.storage.blobs.folder",
    ),
    "a scan asks the store": ("lingpai/scan/scanning.py", "import lingpai.storage.port"),
    "one check leans on another": ("lingpai/scan/checks/openid.py", "import lingpai.scan.checks.appsecret"),
    "one route group leans on another": ("lingpai/web/routes/login.py", "import lingpai.web.routes.health"),
}


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from importlinter.cli import lint_imports_command as c; c()",
            "--no-cache",
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"},
    )


@pytest.fixture
def copied_house(tmp_path: Path) -> Path:
    for source in SOURCES:
        shutil.copytree(
            source, tmp_path / source.name, ignore=shutil.ignore_patterns("__pycache__", "static")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_import_contracts_hold(copied_house):
    found = lint_imports(copied_house)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(("file", "line"), OFFENCES.values(), ids=OFFENCES)
def test_an_offence_against_the_import_contracts_is_noticed(copied_house, file, line):
    planted = copied_house / file
    planted.write_text(planted.read_text() + f"\n{line}\n")
    found = lint_imports(copied_house)
    assert found.returncode == 1, found.stdout
    assert "BROKEN" in found.stdout


def python_files() -> list[Path]:
    return [file for source in SOURCES for file in source.rglob("*.py")]


def test_every_module_opens_with_a_line_that_says_what_it_answers():
    silent = [
        str(f.relative_to(ROOT)) for f in python_files() if not ast.get_docstring(ast.parse(f.read_text()))
    ]
    assert silent == []


def functions(file: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(file.read_text())
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_files_stay_small():
    assert [file.name for file in python_files() if file.read_text().count("\n") > 400] == []


def test_functions_stay_short():
    long = [
        f"{file.name}:{function.name}"
        for file in python_files()
        for function in functions(file)
        if (function.end_lineno or 0) - function.lineno > 60
    ]
    assert long == []


def test_no_module_has_a_vague_name():
    vague = {"utils", "util", "helpers", "common", "misc", "manager", "service"}
    assert [str(f) for f in python_files() if f.stem in vague] == []


def test_the_requirement_locks_have_hashes_and_no_addresses():
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--index-url" not in text
