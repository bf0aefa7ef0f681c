"""What is packed is what runs: both wheels carry their data and nothing of the tests."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

NEEDED = {
    ".": [
        "lingpai/py.typed",
        "lingpai/storage/sql/migrations/env.py",
        "lingpai/web/pages/templates/",
        "lingpai/web/pages/static/style.css",
    ],
    "emulator": [
        "lingpai_emulator/py.typed",
        "lingpai_emulator/pytest_plugin.py",
        "lingpai_emulator/pages/templates/sheet.html",
        "lingpai_emulator/pages/static/pages.css",
        "lingpai_emulator/phone/static/phone.html",
    ],
}


@pytest.mark.parametrize("project", NEEDED)
def test_the_wheel_has_everything_it_needs(project, tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT / project,
        check=True,
        capture_output=True,
    )
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    for needed in NEEDED[project]:
        assert any(name.startswith(needed) for name in names), needed
    assert any("/migrations/versions/" in name for name in names) or project == "emulator"
    assert not any(Path(name).name.startswith("test_") for name in names)
