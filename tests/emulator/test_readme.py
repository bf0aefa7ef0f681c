"""Does the README name every control, command-line option and kind of fault?"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lingpai_emulator.__main__ import main
from lingpai_emulator.apis import APIS
from lingpai_emulator.client import Wechat
from lingpai_emulator.faults import Fault

# These are called as the control they stand for, and shown in its table.
NAMED_BY_THE_CONTROL = {
    *("apps", "people", "app", "add_app", "add_person", "now", "unfreeze", "reset", "url"),
    *("clear_faults", "clear_calls"),
}
README = (Path(__file__).parents[2] / "emulator" / "README.md").read_text(encoding="utf-8")


def test_every_control_is_named(control):
    for listed in control("GET", "/").json["controls"]:
        path = listed.partition("/__emulator__/")[2]
        assert re.search(rf"[ `]{re.escape(path)}[`?]", README), path


def test_every_path_of_wechats_that_is_answered_is_named():
    for path in APIS:
        assert f"`{path}`" in README, path


def test_every_method_of_the_client_is_named():
    for name in vars(Wechat):
        if not name.startswith("_") and name not in NAMED_BY_THE_CONTROL:
            assert f"`{name}" in README, name


def test_every_option_is_named(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    for option in set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}:
        assert re.search(rf"`{option}[ `]| {option}[ `]", README), option


def test_every_part_of_a_fault_is_named():
    for field in Fault.__struct_fields__:
        assert f"`{field}" in README or f" {field}?" in README, field


def test_the_demo_secret_in_the_example_is_the_real_one(wechat):
    assert wechat.app("demo-mp").secret.startswith("fa4efa4efa4efa4e")
    assert wechat.app("demo-mp").appid in README


def test_the_pytest_example_passes_in_a_project_of_its_own(tmp_path):
    (example,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    (tmp_path / "test_example.py").write_text(example, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert "3 passed" in done.stdout, done.stdout + done.stderr


def test_the_plugin_imports_nothing_of_the_emulator_before_a_test_asks_for_it():
    program = "import sys, lingpai_emulator.pytest_plugin; sys.exit('uvicorn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], timeout=30, check=False).returncode == 0
